/** Accounts that run out at the same moment: how long after the second look is due are they told to disconnect? */
import { setTimeout as wait } from "node:timers/promises";
import { COUNTRIES } from "../../../src/domain/country.ts";
import { SECOND_LOOK_MS } from "../../../src/domain/disconnect.ts";
import { asRecord } from "../../serve.ts";
import type { Bench } from "../bench.ts";
import type { BenchCountry } from "../country.ts";
import { ms, percentile, table } from "../figures.ts";
import { openMeterCountry } from "./country.ts";
import { messageOf, quarterBefore } from "./readings.ts";

/** Three of each site, as many as may go dark in an hour of a site so small. */
const ACCOUNTS = 50;
const SITES = COUNTRIES.LS.siteCodes;
/** 10.00, which is 2 kWh. */
const PAID_MINOR = 1_000;
const USED_WH = 2_500;
/** Between payment and reading: no payment is recent, no command is young, the reading is not too soon. */
const LATER_MS = 20 * 60_000;
const POLL_MS = 60_000;
const PUBLISH_MS_MAX = 60_000;
const LOOK_MS = 1_000;
const GATE_MS_MAX = 60_000;
const ASKED_MS_MAX = 3_000;

export type LookResult = { lateMs: number[]; complaints: string[] };

export async function runLook(bench: Bench): Promise<LookResult> {
  const accounts = Array.from(
    { length: ACCOUNTS },
    (_, n) => `${String(n + 1).padStart(4, "0")}${SITES[n % SITES.length]}`,
  );
  const baseAt = quarterBefore(Date.now());
  const opened = await openMeterCountry(bench, { name: "bench_look", accounts, baseAt, paidMinor: PAID_MINOR });
  const { country, meters, baseWh, post } = opened;
  let polling: NodeJS.Timeout | undefined;
  try {
    await country.worker.stop();
    await country.worker.start({ CLOCK_OFFSET_MS: String(LATER_MS) });
    const poll = () => country.phones.poll().catch(() => []);
    await poll();
    polling = setInterval(() => void poll(), POLL_MS);
    await country.post("/disconnects", { on: true, reason: "measured" });
    await gateKnowsAll(country);

    const readAt = Date.now() + LATER_MS;
    const texts = meters.map((meter, n) => messageOf(meter, readAt, (baseWh[n] ?? 0) + USED_WH, USED_WH / 10));
    await post([[{ body: `[${texts.join(",")}]`, messages: texts.length }]]);
    const due = new Map<string, number>();
    const complaints: string[] = [];
    for (const { account, thing } of meters) {
      const dark = darkOf(await country.get(`/accounts/${account}`));
      if (dark.because !== "first_look" || dark.firstLookAt === null)
        complaints.push(`${account} was not looked at: ${dark.because}`);
      else due.set(thing, dark.firstLookAt + SECOND_LOOK_MS - LATER_MS);
    }
    const lateMs = await published(bench, due);
    if (lateMs.length < ACCOUNTS) {
      complaints.push(`${ACCOUNTS - lateMs.length} disconnects were not published`);
      for (const { account } of meters) {
        const dark = darkOf(await country.get(`/accounts/${account}`));
        if (dark.because !== "zero_balance") complaints.push(`${account}: ${dark.because}`);
      }
    }
    return { lateMs, complaints };
  } finally {
    clearInterval(polling);
    await country.close();
  }
}

/** Whoever has something to tell the gate tells it with the job of the minute. */
async function gateKnowsAll(country: BenchCountry) {
  let lacks: unknown[] = [];
  for (const until = Date.now() + GATE_MS_MAX; Date.now() < until; await wait(LOOK_MS)) {
    await country.minute();
    const state = await country.get("/disconnects");
    lacks = Array.isArray(state.lacks) ? state.lacks : [];
    if (state.disconnectsOn === true && lacks.length === 0) return;
  }
  throw new Error(`the gate still lacks ${lacks.join(", ")}`);
}

/** How long after it was due each disconnect was published; waits until all are, or no more can come. */
async function published(bench: Bench, due: ReadonlyMap<string, number>): Promise<number[]> {
  const until = Math.max(Date.now(), ...due.values()) + PUBLISH_MS_MAX;
  const seen = new Map<string, number>();
  while (Date.now() < until && seen.size < due.size) {
    await wait(LOOK_MS);
    for (const { topic, payload, at } of bench.surroundings.iot.published()) {
      const thing = /^oneMeter\/([^/]+)\/cmd\/relay$/.exec(topic)?.[1];
      if (thing !== undefined && due.has(thing) && asRecord(payload).action === "open" && !seen.has(thing))
        seen.set(thing, at);
    }
  }
  return [...seen].map(([thing, at]) => at - (due.get(thing) ?? 0));
}

function darkOf(view: unknown): { because: string; firstLookAt: number | null } {
  const { meters } = asRecord(view);
  const { dark } = asRecord(Array.isArray(meters) ? meters[0] : null);
  const { because, firstLookAt } = asRecord(dark);
  return {
    because: String(because ?? "not at all"),
    firstLookAt: typeof firstLookAt === "number" ? firstLookAt : null,
  };
}

export const lookTable = ({ lateMs }: LookResult) => {
  const p95 = percentile(lateMs, 0.95);
  return table(
    [
      "out of credit at once",
      "second look due to published disconnect p50",
      "p95",
      "longest",
      `asked: p95 under ${ms(ASKED_MS_MAX)}`,
    ],
    [
      [
        `${ACCOUNTS} accounts of ${SITES.length} sites, ${lateMs.length} disconnects`,
        ms(percentile(lateMs, 0.5)),
        ms(p95),
        ms(percentile(lateMs, 1)),
        p95 !== null && p95 < ASKED_MS_MAX ? "kept" : "missed",
      ],
    ],
  );
};
