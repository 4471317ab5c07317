/** The main load: four phones empty themselves as fast as they are answered, and everything is followed to its end. */

import type { Bench } from "./bench.ts";
import { openCountry } from "./country.ts";
import { type Counts, countsSince, countsWithBytes, tableBytes } from "./counts.ts";
import { type Cpu, cpuBetween, cpuNow } from "./cpu.ts";
import { grouped, ms, percentile, perSecond, seconds, table } from "./figures.ts";
import { type OldEndpointMode, oldEndpoint } from "./old-endpoint.ts";
import type { PollTiming } from "./phone-thread.ts";
import { type Reached, watch } from "./progress.ts";
import { accountsOf, makeTexts } from "./texts.ts";
import { complaints } from "./verify.ts";

export const LOAD_ACCOUNTS = 1_500;
/** Everything has ended by then, or the run is red. */
const END_MS_MAX = 15 * 60_000;

export type LoadResult = {
  mode: OldEndpointMode;
  sms: number;
  payments: number;
  acknowledgedMs: number;
  reached: Reached;
  posts: PollTiming[];
  cpu: Cpu;
  /** What was asked of the platform; null: not counted. */
  counts: Counts | null;
  complaints: string[];
};

export async function runLoad(
  bench: Bench,
  mode: OldEndpointMode,
  sms: number,
  warmSms: number,
  isCounted: boolean,
  accountCount = LOAD_ACCOUNTS,
): Promise<LoadResult> {
  const accounts = accountsOf(accountCount);
  const old = await oldEndpoint(bench.surroundings.legacy, mode, bench.firstPort + 23);
  const country = await openCountry({
    ...bench,
    name: `bench_load_${mode}`,
    accounts,
    port: bench.firstPort,
    vars: old.vars,
  });
  try {
    const now = Date.now();
    const warm = makeTexts({ sms: warmSms, seed: 7, accounts, now });
    const texts = makeTexts({ sms, seed: 1, accounts, now });
    const profile = await bench.profile?.(country.worker);
    const legacy = bench.surroundings.legacy;
    legacy.clearRequests();
    if (warmSms > 0) {
      await country.phones.store(warm.byPhone);
      await country.phones.drain();
      const target = { sms: warm.sms, payments: warm.payments.length };
      await watch(country, legacy, target, performance.now(), END_MS_MAX);
    }
    await country.phones.store(texts.byPhone);
    const target = { sms: warm.sms + texts.sms, payments: warm.payments.length + texts.payments.length };
    const bytesBefore = isCounted ? await tableBytes(country.database) : 0;
    if (isCounted) await countsSince(country.worker);
    const cpuBefore = cpuNow(country.worker.pid, bench.surroundings.database.port);
    await profile?.begin();
    const began = performance.now();
    const beganAt = Date.now();
    const sending = country.phones.drain();
    const reached = await watch(country, legacy, target, began, END_MS_MAX);
    const cpu = cpuBetween(cpuBefore, cpuNow(country.worker.pid, bench.surroundings.database.port));
    await profile?.end();
    const counts = isCounted ? await countsWithBytes(country.worker, country.database, bytesBefore) : null;
    const posts = await sending;
    const acked = posts.filter(({ ok, messages }) => ok && messages > 0);
    const acknowledgedMs = Math.max(...acked.map(({ at, ms: took }) => at + took)) - beganAt;
    const found = await complaints(country, [warm, texts], legacy.requests());
    if (reached.all === null) found.push(`not everything had ended after ${seconds(END_MS_MAX)}`);
    const refused = posts.filter(({ ok }) => !ok).length;
    if (refused > 0) found.push(`${refused} requests of phones were not answered with a 2xx`);
    return {
      mode,
      sms: texts.sms,
      payments: texts.payments.length,
      acknowledgedMs,
      reached,
      posts,
      cpu,
      counts,
      complaints: found,
    };
  } finally {
    await country.close();
    await old.close();
  }
}

const NAMES: Record<OldEndpointMode, string> = { fast: "fast", slow: "200 ms late", errors: "25 % answered 500" };

export function loadTable(results: readonly LoadResult[]): string {
  const post = (result: LoadResult, share: number) =>
    ms(
      percentile(
        result.posts.filter(({ messages }) => messages > 0).map(({ ms: took }) => took),
        share,
      ),
    );
  const used = ({ worker, postgres, simulators }: Cpu) =>
    [worker, postgres, simulators].map((cpu) => cpu.toFixed(1)).join(" / ");
  return table(
    [
      "old endpoint",
      "SMS",
      "acknowledged",
      "credited and copied",
      "forwarded",
      "end to end",
      "POST p50",
      "p95",
      "p99",
      "CPU s: Worker / PostgreSQL / simulators",
      "Worker CPU an SMS",
      "money",
    ],
    results.map((result) => [
      NAMES[result.mode],
      grouped(result.sms),
      perSecond(result.sms, result.acknowledgedMs),
      perSecond(result.sms, creditedMs(result.reached)),
      `${seconds(result.reached.forwarded)}`,
      `${perSecond(result.sms, result.reached.all)} (${seconds(result.reached.all)})`,
      post(result, 0.5),
      post(result, 0.95),
      post(result, 0.99),
      used(result.cpu),
      `${((result.cpu.worker * 1000) / result.sms).toFixed(2)} ms`,
      result.complaints.length === 0 ? "right" : `**${result.complaints.length} faults**`,
    ]),
  );
}

const creditedMs = ({ stored, processed, claimed, posted }: Reached) => {
  const all = [stored, processed, claimed, posted];
  return all.some((at) => at === null) ? null : Math.max(...all.map((at) => at ?? 0));
};
