/**
 * `npm run bench:overload`: many times the SMS that can be served, from phones that do not wait. Red when what was acknowledged is lost
 * or credited twice, when a refusal is no 503 with Retry-After, when the Worker's memory grows beyond its bound, or when nobody is
 * served as before afterwards.
 */
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { type BenchCountry, openCountry } from "./country.ts";
import { grouped, ms, percentile, perSecond, seconds, table } from "./figures.ts";
import {
  moreMbMax,
  overloadFaults,
  overloadOf,
  type Phase,
  recoveredMs,
  TIMES_MIN,
  timesOffered,
} from "./overload/figures.ts";
import { watchMemory } from "./overload/memory.ts";
import { ProbePhone } from "./overload/probe.ts";
import type { Answered, OverloadOrder } from "./overload/thread.ts";
import { watch } from "./progress.ts";
import { MEMORY, note, runBench } from "./run.ts";
import { accountsOf, type BenchSms, makeTexts, type Texts, TILLS } from "./texts.ts";
import { complaints } from "./verify.ts";

const { values: flags } = parseArgs({
  options: {
    /** So many seconds' worth of what is served before it. */
    seconds: { type: "string", default: "60" },
    /** SMS before it, by which it is known what is served. */
    before: { type: "string", default: "1000" },
    /** All send at once. The door has room for 64, and a local workerd lets as many more wait before it. */
    phones: { type: "string", default: "800" },
    accounts: { type: "string", default: "300" },
    /** Milliseconds that a refused phone waits, about. Less makes more requests of what cannot be taken. */
    pause: { type: "string", default: "100" },
    objects: { type: "string", default: MEMORY },
    help: { type: "boolean", default: false },
  },
});
if (flags.help) {
  console.log(
    "npm run bench:overload -- [--seconds 60] [--before 1000] [--phones 800] [--accounts 300] [--pause 100] [--objects /dev/shm]   (PORT moves the first port)",
  );
  process.exit(0);
}

const PER_REQUEST = 2;
/** As many phones as a country has that are served well. */
const USUAL_AT_ONCE = 4;
/** Of each phone. Fewer are no crowd. */
const REQUESTS_MIN = 2;
const PROBES_BEFORE = 20;
const ADDED_AT_ONCE = 10;
const LOOK_MS = 250;
const END_MS_MAX = 30 * 60_000;
const firstPort = Number(process.env.PORT ?? 26_887);

await runBench(
  { name: "bench-overload", firstPort, objects: flags.objects, profile: undefined },
  async (bench, faults) => {
    const accounts = accountsOf(Number(flags.accounts));
    const country = await openCountry({ ...bench, name: "bench_overload", accounts, port: bench.firstPort });
    try {
      note(`${flags.phones} phones are added`);
      const urls = new Map<string, string[]>(TILLS.map(({ tillId }) => [tillId, []]));
      for (let from = 0; from < Number(flags.phones); from += ADDED_AT_ONCE)
        await Promise.all(
          Array.from({ length: Math.min(ADDED_AT_ONCE, Number(flags.phones) - from) }, async (_, n) => {
            const { tillId } = TILLS[n % TILLS.length] ?? { tillId: "" };
            urls.get(tillId)?.push(await addPhone(country, tillId, `many-${from + n}`));
          }),
        );
      const probe = new ProbePhone(await addPhone(country, TILLS[0]?.tillId ?? "", "beside"));
      const handed: Texts[] = [];

      /** Hands over so many SMS, and waits until the last of them is where it belongs. */
      async function phase(sms: number, atOnce: number, seed: number, ended: () => Promise<void>): Promise<Phase> {
        const texts = makeTexts({ sms, seed, accounts, now: Date.now() });
        handed.push(texts);
        const memory = watchMemory(country.worker.pid);
        const began = performance.now();
        const answers = await inThread({
          phones: roundPhones(urls, texts.byPhone),
          perRequest: PER_REQUEST,
          atOnce,
          pauseMs: Number(flags.pause),
          msMax: END_MS_MAX,
        });
        await ended();
        const target = {
          sms: handed.reduce((sum, each) => sum + each.sms, probe.acknowledged),
          payments: handed.reduce((sum, each) => sum + each.payments.length, 0),
        };
        const { all } = await watch(country, null, target, began, END_MS_MAX);
        return { atOnceSms: atOnce * PER_REQUEST, seen: overloadOf(answers), restMs: all, memory: memory.stop() };
      }

      note(`${flags.before} SMS, ${USUAL_AT_ONCE} phones at once`);
      const usual = await phase(Number(flags.before), USUAL_AT_ONCE, 7, async () => undefined);
      for (let n = 0; n < PROBES_BEFORE; n++) await probe.ask();
      const usualMs = percentile(
        probe.all.map(({ ms: took }) => took),
        0.95,
      );
      if (usual.restMs === null || usualMs === null) throw new Error("not at rest before the overload");

      const served = (usual.seen.acknowledgedSms / usual.restMs) * 1_000;
      const least = Number(flags.phones) * PER_REQUEST * REQUESTS_MIN;
      const sms = Math.max(least, Math.round(served * Number(flags.seconds)));
      note(`${grouped(sms)} SMS, ${flags.phones} phones at once; a phone alone is answered within ${ms(usualMs)}`);
      probe.start();
      let endedAt = 0;
      let well: number | null = null;
      const over = await phase(sms, Number(flags.phones), 11, async () => {
        endedAt = Date.now();
        note("the phones are empty");
        for (const until = endedAt + END_MS_MAX; well === null && Date.now() < until; await wait(LOOK_MS))
          well = recoveredMs(probe.all, endedAt, usualMs);
        await probe.stop();
      });

      const beside = {
        byPhone: new Map(),
        payments: [],
        repeats: 0,
        noise: probe.acknowledged,
        sms: probe.acknowledged,
      };
      const found = await complaints(country, [...handed, beside], null);
      faults.push(...found, ...overloadFaults(usual, over, well, moreMbMax(Number(flags.phones))));
      const row = (name: string, each: Phase, recovered: string, money: string) => [
        name,
        `${grouped(each.seen.requests)}, ${perSecond(each.seen.requests, each.seen.tookMs)}`,
        `${timesOffered(usual, each).toFixed(1)} times`,
        `${grouped(each.seen.acknowledgedSms)}, ${perSecond(each.seen.acknowledgedSms, each.seen.tookMs)}`,
        ms(each.seen.acknowledgedP95Ms),
        grouped(each.seen.refused),
        ms(each.seen.refusedP95Ms),
        `${each.memory.firstMb} / ${each.memory.mostMb} MB`,
        recovered,
        seconds(each.restMs === null ? null : each.restMs - each.seen.tookMs),
        money,
      ];
      console.log(
        `\n${table(
          [
            "phones at once",
            "requests",
            "SMS at once, of those served in a second",
            "acknowledged",
            "its p95",
            "503 with Retry-After",
            "its p95",
            "Worker's memory first / most",
            "a phone beside is served as before after",
            "all at rest after",
            "money",
          ],
          [
            row(String(USUAL_AT_ONCE), usual, `(${ms(usualMs)})`, "right"),
            row(flags.phones, over, seconds(well), found.length === 0 ? "right" : `**${found.length} faults**`),
          ],
        )}\n\nAsked: ${TIMES_MIN} times what is served in a second, at every moment; at most ${moreMbMax(Number(flags.phones))} MB more.`,
      );
    } finally {
      await country.close();
    }
  },
);

/** The address that is typed into a new phone of a till. */
async function addPhone(country: BenchCountry, tillId: string, phoneId: string): Promise<string> {
  const added = await country.post("/phones", { phoneId, name: phoneId, tillId, channel: "electricity" });
  return String(added.medicUrl);
}

/** Each till's texts go round its phones. */
function roundPhones(urls: Map<string, string[]>, byPhone: Map<string, BenchSms[]>): OverloadOrder["phones"] {
  return TILLS.flatMap(({ tillId, phones }) => {
    const own = (urls.get(tillId) ?? []).map((url) => ({ url, texts: [] as BenchSms[] }));
    const all = phones.flatMap((phone) => byPhone.get(phone) ?? []);
    for (const [n, text] of all.entries()) own[n % own.length]?.texts.push(text);
    return own;
  });
}

function inThread(order: OverloadOrder): Promise<Answered[]> {
  const thread = new Worker(new URL("./overload/thread.ts", import.meta.url), { workerData: order });
  return new Promise((done, failed) => {
    thread.once("error", failed);
    thread.once("message", ({ answers, error }: { answers: Answered[]; error?: string }) => {
      void thread.terminate();
      if (error === undefined) done(answers);
      else failed(new Error(error));
    });
  });
}
