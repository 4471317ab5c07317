import type { Country } from "../../src/domain/country.ts";
import { wholeUnits } from "../../src/domain/decimal.ts";
import { RATE_SCALE } from "../../src/domain/energy.ts";
import type { NotTaken } from "../../src/domain/moving-in/not-taken.ts";
import type { OldOpening } from "../../src/domain/moving-in/openings.ts";
import {
  type PostgresRow,
  postgresCustomers,
  postgresMeters,
  postgresRegister,
} from "../../src/domain/moving-in/postgres-records.ts";
import { type LeftForAPerson, type MovedRecords, recordsOf } from "../../src/domain/moving-in/records.ts";
import { readAccounts } from "../../src/domain/moving-in/registers.ts";
import { PaymentTally } from "../../src/domain/moving-in/sums.ts";
import type { Progress } from "../moving-in/progress.ts";
import type { OldRate } from "../moving-in/rate.ts";
import { meteredWh, prioritiesOf, toldWh } from "./balances.ts";
import { OldHistory } from "./history.ts";
import { OldReadings } from "./readings.ts";
import type { PostgresReport } from "./report.ts";
import type { OldPostgres } from "./source.ts";

/** A clock that runs ahead a little is no date of the future. */
const AHEAD_MS = 12 * 3_600_000;
const RATE_DECIMALS = Math.log10(RATE_SCALE);

export type PostgresPlan = {
  country: Country;
  now: number;
  /** When the old books end; null: they have not. */
  cutoverAt: number | null;
  /** Only what is new since then is sent; null: all. */
  sinceAt: number | null;
  /** The cut-over that the new system was told, if it was: its readings count from then on, and the old ones until then. */
  knownCutoverAt: number | null;
};
export type MovedPostgres = {
  records: MovedRecords;
  history: OldHistory;
  readings: OldReadings;
  /** Every meter that can be named, also those that hang nowhere. */
  meters: string[];
  /** Rows of it that are sent. */
  toSend: number;
  openings: OldOpening[];
  rate: OldRate | null;
  report: PostgresReport;
};

/** Reads the old database and says what moves in, and what not and why. Writes nothing anywhere. */
export async function readPostgres(old: OldPostgres, plan: PostgresPlan, progress: Progress): Promise<MovedPostgres> {
  const { country, now, cutoverAt, sinceAt, knownCutoverAt } = plan;
  const wallOf = (at: number | null) => (at === null ? null : at + country.utcOffsetMinutes * 60_000);
  const untilWall = (wallOf(now) ?? 0) + AHEAD_MS;
  const people = await readPeople(old, country);
  const known = new Set([...people.accounts.map(({ account }) => account), ...people.named]);
  const rules = { country, untilWall, known, cutoverWall: wallOf(cutoverAt), sinceWall: wallOf(sinceAt) };
  const history = await OldHistory.open(old, rules, progress);

  const payments = new PaymentTally();
  const kinds: Record<string, number> = {};
  const first = new Map<string, number>();
  const used = new Map<string, number | null>();
  const sum = { taken: 0, forReceiptAlone: 0, receipts: 0, toSend: 0, lastId: 0 };
  for await (const row of history.taken(progress)) {
    if (history.isNew(row)) sum.toSend++;
    if (row.receipt !== null && (row.amountMinor ?? 0) > 0) sum.receipts++;
    sum.lastId = Math.max(sum.lastId, row.id);
    if (row.doubt !== null || row.wallMs === null || row.account === null) {
      sum.forReceiptAlone++;
      continue;
    }
    sum.taken++;
    kinds[row.kind] = (kinds[row.kind] ?? 0) + 1;
    if (row.kind === "consumption") used.set(row.account, Math.min(row.wallMs, used.get(row.account) ?? row.wallMs));
    payments.add({ ...row, account: row.account, wallMs: row.wallMs });
    first.set(row.account, Math.min(row.wallMs, first.get(row.account) ?? Number.POSITIVE_INFINITY));
  }
  const { decided, unreadable } = history;
  const transactions = [...first].map(([account, wallMs]) => ({ account, wallMs }));
  const priorities = await prioritiesOf(old, country);
  const metered = await meteredWh(old, country, priorities, cutoverAt);
  for (const [account, wh] of metered.wh) if (wh > 0 && !used.has(account)) used.set(account, null);
  const records = recordsOf({ ...people, transactions, used, untilWall }, country);
  const told = await toldWh(old, history.spellings, cutoverAt);
  const meters = people.meters.map(({ meter }) => meter);
  const readings = await OldReadings.open(
    old,
    { country, untilWall, meters: new Set(meters), sinceAt, cutoverAt: knownCutoverAt ?? cutoverAt },
    progress,
  );
  const openings = openingsOf(records, decided.balanceWh, metered.wh, cutoverAt ?? now, sum.lastId);
  const notTaken = [
    ...people.notTaken,
    ...unreadable,
    ...decided.notTaken,
    ...metered.notTaken,
    ...readings.decided.notTaken,
  ];
  const ofHistory = [...unreadable, ...decided.notTaken];
  const report: PostgresReport = {
    country: country.code,
    database: old.name,
    readAt: new Date(now).toISOString(),
    cutoverAt: cutoverAt === null ? null : new Date(cutoverAt).toISOString(),
    since: sinceAt === null ? null : new Date(sinceAt).toISOString(),
    missing: { tables: old.missingTables, columns: old.missingColumns },
    figures: {
      customers: records.customers.length,
      accounts: records.accounts.length,
      accountsOfUnknownCustomers: people.ofUnknownCustomers.length,
      meters: people.meters.length,
      metersPlaced: new Set(records.accounts.flatMap(({ meters }) => meters.map(({ meterNumber }) => meterNumber)))
        .size,
      transactions: {
        rows: history.rows,
        taken: sum.taken,
        takenByKind: kinds,
        duplicates: ofHistory.filter(({ reason }) => reason === "duplicate").length,
        parkedRows: parkedOf(ofHistory),
        forReceiptAlone: sum.forReceiptAlone,
        receipts: sum.receipts,
        toSend: sum.toSend,
      },
      payments: { total: payments.total, bySiteAndYear: payments.bySiteAndYear },
      readings: {
        rows: readings.decided.rows,
        taken: readings.decided.taken,
        takenByYear: readings.decided.takenByYear,
        left: parkedOf(readings.decided.notTaken),
        duplicates: readings.decided.notTaken.filter(({ reason }) => reason === "duplicate").length,
      },
      hours: { rows: metered.hours, implausible: metered.notTaken.length },
      openings: { total: openings.length, balanceWh: openings.reduce((all, { balanceWh }) => all + balanceWh, 0) },
    },
    openings,
    left: [...people.left, ...records.left, ...decided.left, ...disagreeing(openings, told, metered.wh)],
    notTaken,
    written: null,
  };
  return { records, history, readings, meters, toSend: sum.toSend, openings, rate: people.rate, report };
}

async function readPeople(old: OldPostgres, country: Country) {
  const left: LeftForAPerson[] = [];
  const all = (table: "customers" | "accounts" | "meters" | "meter_assignments") =>
    old.has(table) ? old.all(`SELECT ${old.select(table)} FROM ${table} ORDER BY ${table}.id`) : Promise.resolve([]);
  const customers = postgresCustomers(await all("customers"), country);
  const [accountRows, meterRows] = [await all("accounts"), await all("meters")];
  const register = postgresRegister(accountRows, meterRows, customers, country);
  const { accounts, named, ofUnknownCustomers, notTaken } = readAccounts(register.rows, customers);
  const read = postgresMeters(meterRows, await all("meter_assignments"), country, left);
  return {
    customers,
    accounts,
    named,
    ofUnknownCustomers,
    meters: read.meters,
    left,
    rate: old.has("system_config")
      ? rateOf(await old.all(`SELECT ${old.select("system_config")} FROM system_config`))
      : null,
    notTaken: [...register.notTaken, ...notTaken, ...read.notTaken] satisfies NotTaken[],
  };
}

/** The one rate that the old system ever charged, from the day it was set; without that day nobody knows. */
function rateOf(rows: readonly PostgresRow[]): OldRate | null {
  const row = rows.find(({ key }) => key === "tariff_rate");
  const rate = row?.value ? wholeUnits(row.value, RATE_DECIMALS) : null;
  return rate === null || rate <= 0 || !row?.updated_at ? null : { rateE4PerKwh: rate, from: Number(row.updated_at) };
}

/** What each account has left: all that was credited, less all that was used, each once. */
function openingsOf(
  { accounts }: MovedRecords,
  historyWh: ReadonlyMap<string, number>,
  meteredWhOf: ReadonlyMap<string, number>,
  at: number,
  lastId: number,
): OldOpening[] {
  const document = { table: "transactions and hourly_consumption up to", row: String(lastId) };
  return accounts.map(({ account }) => ({
    account,
    balanceWh: (historyWh.get(account) ?? 0) - (meteredWhOf.get(account) ?? 0),
    at,
    document,
  }));
}

/** Where what the customer is told today is not what the rows come to: doubles, above all. */
function disagreeing(
  openings: readonly OldOpening[],
  told: ReadonlyMap<string, number>,
  meteredWhOf: ReadonlyMap<string, number>,
): LeftForAPerson[] {
  return openings.flatMap(({ account, balanceWh }): LeftForAPerson[] => {
    const saysWh = (told.get(account) ?? 0) - (meteredWhOf.get(account) ?? 0);
    const detail = `the old system tells ${saysWh} Wh, and its rows, each once, come to ${balanceWh} Wh`;
    return saysWh === balanceWh ? [] : [{ what: "balance_disagrees", subject: `account ${account}`, detail }];
  });
}

function parkedOf(rows: readonly NotTaken[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { reason } of rows) if (reason !== "duplicate") counts[reason] = (counts[reason] ?? 0) + 1;
  return counts;
}
