import { COUNTRIES } from "../src/domain/country.ts";
import { energyForMoney } from "../src/domain/energy.ts";
import { demoEvents } from "./demo-stages.ts";
import { drawFrom } from "./faults/seeded.ts";
import type { DemoWorld } from "./world.ts";

/** A row of the demo's old books, as `POST /api/ops/legacy/claim` takes it. */
export type HistoryRow = {
  id: string;
  account: string;
  kind: "payment" | "fee";
  amount: string;
  kwh: string;
  paid_at: string;
};

const DAY_MS = 86_400_000;
/** So long the demo's old books go back. */
const DAYS_BACK = 730;
const SEED = 2024;
/** No demo payment of today has such an amount, so that nothing of the old books looks like its twin. */
const ODD = { LS: 50, BJ: 25 };
const STEP = { LS: 1_000, BJ: 200 };
const FEES = { LS: ["501.00", "499.00"], BJ: [] as string[] };

/** What the old system took before the cut-over: two or three payments a month of who had light, and fees in Lesotho. */
export function demoHistory(world: DemoWorld, cutoverAt: number): HistoryRow[] {
  const { country } = world;
  const { utcOffsetMinutes, minorDigits, defaultRateE4PerKwh } = COUNTRIES[country];
  const { below } = drawFrom(SEED);
  const rows: HistoryRow[] = [];
  const put = (account: string, kind: HistoryRow["kind"], at: number, amountMinor: number, kwh: string) => {
    const digits = String(amountMinor).padStart(minorDigits + 1, "0");
    const amount = minorDigits === 0 ? digits : `${digits.slice(0, -2)}.${digits.slice(-2)}`;
    rows.push({ id: `${account}-${rows.length}`, account, kind, amount, kwh, paid_at: new Date(at).toISOString() });
  };
  const lit = demoEvents(world, cutoverAt, utcOffsetMinutes);
  for (const { account, step, on } of lit) {
    const at = Date.parse(`${on}T10:00:00Z`);
    const fee = FEES[country][step === "connection_fee_paid" ? 0 : 1];
    if (
      (step === "connection_fee_paid" || step === "readyboard_fee_paid") &&
      fee !== undefined &&
      at < cutoverAt &&
      at > cutoverAt - DAYS_BACK * DAY_MS
    )
      put(account, "fee", at, Number(fee.replace(".", "")), "");
    if (step !== "commissioned") continue;
    const from = Math.max(at + DAY_MS, cutoverAt - DAYS_BACK * DAY_MS);
    for (let paidAt = from + below(10) * DAY_MS; paidAt < cutoverAt - DAY_MS; paidAt += (8 + below(14)) * DAY_MS) {
      const amountMinor = STEP[country] * (1 + below(4)) + ODD[country];
      const wh = energyForMoney(amountMinor, minorDigits, defaultRateE4PerKwh ?? 1);
      put(account, "payment", paidAt + below(14 * 60) * 60_000, amountMinor, (wh / 1_000).toFixed(3));
    }
  }
  return rows;
}

/** What reports must say of a quarter that is over: what was paid in it, and how many accounts had ever paid by its end. */
export type QuarterKey = { paidMinor: number; everPaid: number };

/** Added up the slow way, row by row, by the country's local day. */
export function quarterKey(country: DemoWorld["country"], rows: readonly HistoryRow[]): Record<string, QuarterKey> {
  const { utcOffsetMinutes } = COUNTRIES[country];
  const key: Record<string, QuarterKey> = {};
  const ever = new Set<string>();
  for (const { account, amount, paid_at } of rows.toSorted((a, b) => (a.paid_at < b.paid_at ? -1 : 1))) {
    const local = new Date(Date.parse(paid_at) + utcOffsetMinutes * 60_000);
    const quarter = new Date(Date.UTC(local.getUTCFullYear(), Math.floor(local.getUTCMonth() / 3) * 3)).toISOString();
    ever.add(account);
    const before = key[quarter.slice(0, 10)]?.paidMinor ?? 0;
    key[quarter.slice(0, 10)] = { paidMinor: before + Number(amount.replace(".", "")), everPaid: ever.size };
  }
  return key;
}
