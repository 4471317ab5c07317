/** An hour without the database at ten SMS a second, made as fast as the phones can; then the database comes back. */
import type { Bench } from "./bench.ts";
import { openCountry } from "./country.ts";
import { grouped, perSecond, seconds, table } from "./figures.ts";
import { type Reached, watch } from "./progress.ts";
import { accountsOf, makeTexts } from "./texts.ts";
import { complaints } from "./verify.ts";

const ACCOUNTS = 1_500;
const END_MS_MAX = 20 * 60_000;

export type OutageResult = { sms: number; backlogMs: number; drained: Reached; complaints: string[] };

export async function runOutage(bench: Bench, sms: number): Promise<OutageResult> {
  const accounts = accountsOf(ACCOUNTS);
  const country = await openCountry({ ...bench, name: "bench_outage", accounts, port: bench.firstPort });
  try {
    const texts = makeTexts({ sms, seed: 3, accounts, now: Date.now() });
    await country.phones.store(texts.byPhone);
    bench.surroundings.proxy.down();
    const began = performance.now();
    await country.phones.drain();
    const backlogMs = performance.now() - began;
    bench.surroundings.proxy.up();
    const back = performance.now();
    // In production the job of the minute comes within a minute; here it comes at once, and then each minute.
    await country.minute();
    const target = { sms: texts.sms, payments: texts.payments.length };
    const drained = await watch(country, null, target, back, END_MS_MAX);
    const found = await complaints(country, [texts], null);
    if (drained.all === null) found.push(`the outage had not drained after ${seconds(END_MS_MAX)}`);
    return { sms: texts.sms, backlogMs, drained, complaints: found };
  } finally {
    bench.surroundings.proxy.up();
    await country.close();
  }
}

export const outageTable = ({ sms, backlogMs, drained, complaints: found }: OutageResult) =>
  table(
    ["database down", "acknowledged meanwhile", "all drained after its return", "rate of the drain", "money"],
    [
      [
        `${grouped(sms)} SMS`,
        perSecond(sms, backlogMs),
        seconds(drained.all),
        perSecond(sms, drained.all),
        found.length === 0 ? "right" : `**${found.length} faults**`,
      ],
    ],
  );
