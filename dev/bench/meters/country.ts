/** A country with meters that were read once and accounts that have paid, before the clock of a run starts. */
import { setTimeout as wait } from "node:timers/promises";
import { ROAD_TILL } from "../../../src/services/receive-payment.ts";
import type { Bench } from "../bench.ts";
import { type BenchCountry, openCountry } from "../country.ts";
import { type Posted, postAll } from "./post.ts";
import { type BenchMeter, messageOf, metersOf, type Post } from "./readings.ts";

const PAY_AT_ONCE = 8;
const PAY_MS_MAX = 30_000;
const BASE_POST_MAX = 1_000;
const LOOK_MS = 200;
const STALLED_MS = 90_000;
const CAP_MINOR_MAX = 9_000_000_000_000;
/** 5.00 a kWh: two watt-hours a minor unit. */
const WH_PER_MINOR = 2;
/** More than any meter uses in the longest run. */
export const PAID_MINOR = 100_000;
export const PAID_WH = PAID_MINOR * WH_PER_MINOR;
/** What each register shows when it is read first: meters that have been there for a while. */
const BASE_WH = 1_000_000;

export type MeterCountry = {
  country: BenchCountry;
  meters: BenchMeter[];
  baseWh: number[];
  post(lanes: readonly (readonly Post[])[]): Promise<Posted>;
};

/** Pays, reads each meter once at `baseAt`, and waits until Postgres has it all. `cutoverAt` lies before it. */
export async function openMeterCountry(
  bench: Bench,
  {
    name,
    accounts,
    baseAt,
    paidMinor = PAID_MINOR,
  }: { name: string; accounts: readonly string[]; baseAt: number; paidMinor?: number },
): Promise<MeterCountry> {
  const country = await openCountry({ ...bench, name, accounts, port: bench.firstPort });
  try {
    const meters = metersOf(accounts);
    const baseWh = meters.map((_, n) => BASE_WH + (n % 100) * 10);
    const { iot, provider } = bench.surroundings.keys.LS;
    const post = (lanes: readonly (readonly Post[])[]) =>
      postAll(`${country.worker.url}/api/meters/readings`, iot, lanes);
    await payAll(country, provider, accounts, paidMinor);
    await country.settled();
    const texts = meters.map((meter, n) => messageOf(meter, baseAt, baseWh[n] ?? 0, 0));
    const posts: Post[] = [];
    for (let from = 0; from < texts.length; from += BASE_POST_MAX) {
      const some = texts.slice(from, from + BASE_POST_MAX);
      posts.push({ body: `[${some.join(",")}]`, messages: some.length });
    }
    await post([posts]);
    const sums = { balanceWh: accounts.length * paidMinor * WH_PER_MINOR, registerWh: sumOf(baseWh), usedWh: 0 };
    const { hours } = await watchSums(country, sums, performance.now());
    if (hours === null) throw new Error(`the country was not ready: ${JSON.stringify(await sumsIn(country))}`);
    return { country, meters, baseWh, post };
  } catch (thrown) {
    await country.close();
    throw thrown;
  }
}

async function payAll(country: BenchCountry, key: string, accounts: readonly string[], paidMinor: number) {
  const max = CAP_MINOR_MAX;
  const caps = { paymentMinorMax: max, accountDayMinorMax: max, tillDayMinorMax: max, chainBreakMinorMax: max };
  await country.post("/tills", { tillId: ROAD_TILL.webhook, name: "Payments by webhook", senders: ["webhook"], caps });
  const left = accounts.entries();
  const lane = async () => {
    for (const [n, account] of left) {
      const answer = await fetch(`${country.worker.url}/api/payments/webhook`, {
        method: "POST",
        headers: { "content-type": "application/json", "x-gateway-key": key },
        body: JSON.stringify({
          account_number: account,
          amount: paidMinor / 100,
          reference: `BENCH${String(n).padStart(6, "0")}`,
          provider: "mpesa",
        }),
        signal: AbortSignal.timeout(PAY_MS_MAX),
      });
      const text = await answer.text();
      if (!answer.ok || !text.includes('"ok"')) throw new Error(`a payment was answered ${answer.status}: ${text}`);
    }
  };
  await Promise.all(Array.from({ length: PAY_AT_ONCE }, lane));
}

/** Over all accounts and meters. `balanceWh`: paid, less what is metered, posted or not. */
export type Sums = { balanceWh: number; registerWh: number; usedWh: number };

const BALANCES = `SELECT
  (SELECT coalesce(sum(balance_wh), 0) FROM account_balances) -
  (SELECT coalesce(sum(greatest(register_wh, seen_wh) - posted_wh), 0) FROM meter_registers) AS balance,
  (SELECT coalesce(sum(greatest(register_wh, seen_wh)), 0) FROM meter_registers) AS register`;
const HOURS = "SELECT coalesce(sum(energy_wh), 0) AS used FROM consumption_hourly";

async function balancesIn(country: BenchCountry) {
  const { rows } = await country.database.query<{ balance: string; register: string }>(BALANCES);
  return { balanceWh: Number(rows[0]?.balance), registerWh: Number(rows[0]?.register) };
}

async function sumsIn(country: BenchCountry): Promise<Sums> {
  const { rows } = await country.database.query<{ used: string }>(HOURS);
  return { ...(await balancesIn(country)), usedWh: Number(rows[0]?.used) };
}

/** Milliseconds since `began`; null: not reached, and nothing had moved for a long time. */
export type Reached = { balances: number | null; hours: number | null };

/** Looks until Postgres has every balance, and every hour of use. */
export async function watchSums(country: BenchCountry, target: Sums, began: number): Promise<Reached> {
  const reached: Reached = { balances: null, hours: null };
  let last = "";
  let movedAt = performance.now();
  while (performance.now() - movedAt < STALLED_MS) {
    const { balanceWh, registerWh } = await balancesIn(country);
    if (balanceWh === target.balanceWh && registerWh === target.registerWh) {
      reached.balances ??= performance.now() - began;
      const { usedWh } = await sumsIn(country);
      if (usedWh === target.usedWh) return { ...reached, hours: performance.now() - began };
    }
    const seen = `${balanceWh} ${registerWh}`;
    if (seen !== last) movedAt = performance.now();
    last = seen;
    await wait(LOOK_MS);
  }
  return reached;
}

export const sumOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);
