/** A run that lost, doubled or moved a watt-hour is red, however fast it was. */
import type { BenchCountry } from "../country.ts";
import type { BenchMeter } from "./readings.ts";

const NAMED_MAX = 20;
const ACCOUNTS_ASKED = 25;

/** What one account must come to. `stored`: readings of its meter. */
export type Key = BenchMeter & { availableWh: number; registerWh: number; usedWh: number; stored: number };
export type Verified = { right: number; of: number; complaints: string[] };

type Row = { account: string; available: string; register: string; hours: string; days: string; stored: string };

/** Postgres row by row, and what some of the accounts' own objects say. */
export async function verify(country: BenchCountry, keys: readonly Key[]): Promise<Verified> {
  const { rows } = await country.database.query<Row>(
    `SELECT a.account_number AS account, g.register_wh AS register,
      b.balance_wh - (greatest(g.register_wh, g.seen_wh) - g.posted_wh) AS available,
      coalesce((SELECT sum(energy_wh) FROM consumption_hourly h WHERE h.account_id = a.id), 0) AS hours,
      coalesce((SELECT sum(energy_wh) FROM consumption_daily d WHERE d.account_id = a.id), 0) AS days,
      (SELECT count(*) FROM meter_readings r WHERE r.account_id = a.id) AS stored
    FROM accounts a JOIN account_balances b ON b.account_id = a.id JOIN meter_registers g ON g.account_id = a.id`,
  );
  const found = new Map(rows.map((row) => [row.account, row]));
  const complaints: string[] = [];
  const say = (line: string) => {
    if (complaints.length < NAMED_MAX) complaints.push(line);
  };
  let right = 0;
  for (const { account, availableWh, registerWh, usedWh, stored } of keys) {
    const row = found.get(account);
    const wanted = { available: availableWh, register: registerWh, hours: usedWh, days: usedWh, stored };
    const wrong = Object.entries(wanted).filter(
      ([name, value]) => Number(row?.[name as keyof Row] ?? Number.NaN) !== value,
    );
    if (wrong.length === 0) right += 1;
    for (const [name, value] of wrong)
      say(`${account}: ${name} ${row?.[name as keyof Row] ?? "missing"}, not ${value}`);
  }
  await booksAddUp(country, say);
  for (const { account, availableWh } of evenly(keys, ACCOUNTS_ASKED)) {
    const view = (await country.get(`/accounts/${account}`)) as { availableWh?: number };
    if (view.availableWh !== availableWh) say(`${account}: its object says ${view.availableWh} Wh, not ${availableWh}`);
  }
  return { right, of: keys.length, complaints };
}

async function booksAddUp(country: BenchCountry, say: (line: string) => void) {
  const { rows } = await country.database.query<Record<"energy" | "money" | "cases" | "dead", string>>(
    `SELECT coalesce(sum(energy_wh), 0) AS energy, coalesce(sum(amount_minor), 0) AS money,
      (SELECT count(*) FROM reconciliation_cases) AS cases, (SELECT count(*) FROM dead_letters) AS dead
    FROM ledger_entries`,
  );
  for (const [name, value] of Object.entries(rows[0] ?? {})) if (value !== "0") say(`${name}: ${value}, not 0`);
}

const evenly = <T>(all: readonly T[], count: number): T[] => {
  const step = Math.max(1, Math.floor(all.length / count));
  return all.filter((_, index) => index % step === 0).slice(0, count);
};
