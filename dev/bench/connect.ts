/** Ten SMS a second, as they arrive on a busy morning: how soon is the customer's light on its way? */
import type { Bench } from "./bench.ts";
import { openCountry, thingOf } from "./country.ts";
import { type Counts, countsSince, countsWithBytes, tableBytes } from "./counts.ts";
import { ms, percentile, table } from "./figures.ts";
import { watch } from "./progress.ts";
import { accountsOf, type BenchSms, makeTexts, TILLS } from "./texts.ts";

const PER_SECOND = 10;
const SECONDS = 30;
const END_MS_MAX = 120_000;
const PUBLISH_MS_MAX = 2_000;

export type ConnectResult = {
  sms: number;
  published: number;
  answers: number[];
  connects: number[];
  /** What was asked of the platform; null: not counted. */
  counts: Counts | null;
  faults: string[];
};

/** Each payment is the first of its account, so each orders a connect. */
export async function runConnect(bench: Bench): Promise<ConnectResult> {
  const count = PER_SECOND * SECONDS;
  const accounts = accountsOf(count);
  const country = await openCountry({ ...bench, name: "bench_connect", accounts, port: bench.firstPort });
  try {
    const texts: [string, BenchSms][] = [];
    const payments: string[] = [];
    const phones = TILLS.flatMap(({ phones: two }) => two);
    const now = Date.now();
    // One account a text; a till's balances do not matter at this pace.
    for (const [index, account] of accounts.entries()) {
      const made = makeTexts({ sms: 1, seed: 100 + index, accounts: [account], now, noiseShare: 0 });
      const [sms] = [...made.byPhone.values()].flat();
      const phone = phones[index % 2] ?? phones[0];
      if (sms === undefined || phone === undefined) continue;
      texts.push([phone, sms]);
      payments.push(account);
    }
    const bytesBefore = bench.isCounted ? await tableBytes(country.database) : 0;
    if (bench.isCounted) await countsSince(country.worker);
    const began = performance.now();
    const polls = await country.phones.paced(1_000 / PER_SECOND, texts);
    const target = { sms: texts.length, payments: texts.length };
    const reached = await watch(country, null, target, began, END_MS_MAX);
    const counts = bench.isCounted ? await countsWithBytes(country.worker, country.database, bytesBefore) : null;
    const published = new Map<string, number>();
    for (const { topic, at } of bench.surroundings.iot.published()) {
      const thing = /^oneMeter\/([^/]+)\/cmd\/relay$/.exec(topic)?.[1];
      if (thing !== undefined && at >= now && !published.has(thing)) published.set(thing, at);
    }
    // Requests with an SMS stand in the order in which the SMS came, phone by phone.
    const sent = polls.filter(({ messages }) => messages > 0).toSorted((a, b) => a.at - b.at);
    const connects = payments.flatMap((account, index) => {
      const at = published.get(thingOf(account));
      const post = sent[index];
      return at === undefined || post === undefined ? [] : [at - post.at];
    });
    const faults = reached.all === null ? ["not everything had ended"] : [];
    if (connects.length < payments.length)
      faults.push(`${payments.length - connects.length} connects were not published`);
    return {
      sms: texts.length,
      published: connects.length,
      answers: sent.map(({ ms: took }) => took),
      connects,
      counts,
      faults,
    };
  } finally {
    await country.close();
  }
}

export const connectTable = ({ sms, published, answers, connects }: ConnectResult) =>
  table(
    [
      "10 SMS a second",
      "POST p50",
      "p95",
      "POST to published connect p50",
      "p95",
      `asked: p95 under ${ms(PUBLISH_MS_MAX)}`,
    ],
    [
      [
        `${sms} payments, ${published} connects`,
        ms(percentile(answers, 0.5)),
        ms(percentile(answers, 0.95)),
        ms(percentile(connects, 0.5)),
        ms(percentile(connects, 0.95)),
        (percentile(connects, 0.95) ?? PUBLISH_MS_MAX) < PUBLISH_MS_MAX ? "kept" : "missed",
      ],
    ],
  );
