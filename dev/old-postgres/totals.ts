import type { Country } from "../../src/domain/country.ts";
import { wholeUnits } from "../../src/domain/decimal.ts";
import type { PostgresRow } from "../../src/domain/moving-in/postgres-records.ts";
import type { OldTableRows, SentTotal } from "../moving-in/tables.ts";
import { HOUR_KWH_MAX } from "./balances.ts";
import type { OldPostgres } from "./source.ts";

const WH_DECIMALS = 3;
const MONTH = /^(\d{4})-(\d{2})$/;

type Table = "monthly_consumption" | "monthly_transactions" | "hourly_consumption";
/** What each table of totals holds, and its rows in an order that is the same each time. */
const TABLES = {
  monthly_consumption: { kind: "consumption", period: "month", when: "year_month" },
  monthly_transactions: { kind: "sales", period: "month", when: "year_month" },
  hourly_consumption: { kind: "consumption", period: "hour", when: "reading_hour" },
} as const satisfies Record<Table, object>;

/**
 * The old system's own sums by month and hour, as they are sent. The running month is none yet, and an hour that no house can
 * use is none either; what else is wrong with one, the door says.
 */
export async function totalsOf(
  old: OldPostgres,
  {
    country,
    now,
    sinceAt,
    jobOf,
  }: { country: Country; now: number; sinceAt: number | null; jobOf: (table: string) => string },
): Promise<OldTableRows[]> {
  const tables: OldTableRows[] = [];
  for (const [name, { kind, period, when }] of Object.entries(TABLES) as [Table, (typeof TABLES)[Table]][]) {
    if (!old.has(name) || (period === "month" && sinceAt !== null)) continue;
    const month = new Date(now + country.utcOffsetMinutes * 60_000).toISOString().slice(0, 7);
    const [where, params] =
      period === "month"
        ? ["t.year_month < $1", [month]]
        : [
            `t.kwh BETWEEN 0 AND ${HOUR_KWH_MAX} AND ($1::timestamptz IS NULL OR t.reading_hour >= $1)`,
            [sinceAt === null ? null : new Date(sinceAt).toISOString()],
          ];
    const from = `FROM ${name} t WHERE ${where}`;
    const length = Number((await old.all(`SELECT count(*)::text AS n ${from}`, params))[0]?.n ?? 0);
    if (length === 0) continue;
    const at =
      period === "month"
        ? "t.year_month"
        : "(extract(epoch FROM t.reading_hour) * 1000)::bigint::text AS reading_hour_ms";
    // Of a total that is there under two spellings of its meter the larger one is taken: the other is of some hours alone.
    const kwh = name === "monthly_transactions" ? "kwh_vended" : "kwh";
    const sql = `SELECT ${old.select(name, "t")}${period === "month" ? "" : `, ${at}`} ${from}
      ORDER BY t.account_number COLLATE "C", t.${when}, ltrim(t.meter_id, '0') COLLATE "C", t.source, t.${kwh} DESC, t.meter_id`;
    tables.push({
      ...{ name, of: "totals", origin: `postgres:${name}`, kind, period, job: jobOf(`${name} ${length}`) },
      rows: {
        length,
        pages: (first, max) => pagesOf(old.pages(sql, params), (row) => totalOf(row, country), first, max),
      },
    });
  }
  return tables;
}

function totalOf(row: PostgresRow, country: Country): SentTotal {
  const { account_number: account = null, meter_id: meter = null, source = null, txn_count: count = null } = row;
  const month = MONTH.exec(row.year_month ?? "");
  const startsAt =
    month === null
      ? Number(row.reading_hour_ms)
      : Date.UTC(Number(month[1]), Number(month[2]) - 1, 1) - country.utcOffsetMinutes * 60_000;
  const kwh = row.kwh ?? row.kwh_vended ?? null;
  const amount = row.amount_lsl ?? null;
  return {
    id: [account, meter, row.year_month ?? row.reading_hour, source].join(" ").slice(0, 80),
    ...{ startsAt, account, meter, source },
    energyWh: kwh === null ? null : wholeUnits(kwh, WH_DECIMALS),
    amountMinor: amount === null ? null : wholeUnits(amount, country.minorDigits),
    transactions: count === null ? null : Number(count),
  };
}

/** Pages of rows that come one after the other; those before `from` are passed over. */
async function* pagesOf<Row>(
  rows: AsyncIterable<PostgresRow[]>,
  make: (row: PostgresRow) => Row,
  from: number,
  max: number,
): AsyncGenerator<Row[]> {
  let [page, at]: [Row[], number] = [[], 0];
  for await (const some of rows)
    for (const row of some) {
      if (at++ < from) continue;
      page.push(make(row));
      if (page.length < max) continue;
      yield page;
      page = [];
    }
  if (page.length > 0) yield page;
}
