import type { Country } from "../../src/domain/country.ts";
import { wholeUnits } from "../../src/domain/decimal.ts";
import type { NotTaken } from "../../src/domain/moving-in/not-taken.ts";
import { accountOfCountry } from "../../src/domain/moving-in/old-account.ts";
import type { OldPostgres } from "./source.ts";

/** More than a house with the largest connection can use in an hour. */
export const HOUR_KWH_MAX = 100;
const WH_DECIMALS = 3;
/** Implausible hours that are named one by one. */
const NAMED_MAX = 1_000;
const PRIORITIES = new Set(["sm", "1m", "steamaco"]);

/** What the old system counted as used in an hour: of two meters of one account one, by the account's priority. */
const PICKED = `CASE coalesce(p.priority, $6) WHEN '1m' THEN coalesce(h.om, h.sm)
  WHEN 'steamaco' THEN coalesce(h.st, h.sm, h.om) ELSE coalesce(h.sm, h.om) END`;
const LOCAL_DAY = "to_char(h.reading_hour + make_interval(mins => $8::int), 'YYYY-MM-DD')";
const SPELT = "JOIN unnest($1::text[], $2::text[]) AS s(written, account) ON s.written = c.account_number";
/** Before $3, and from $7 on where that is given, whole or by day of local time. */
const metered = (
  by: "day" | null,
) => `SELECT h.account${by === null ? "" : `, ${LOCAL_DAY} AS day`}, sum(${PICKED})::text AS kwh FROM (
    SELECT s.account, c.reading_hour,
      max(c.kwh::numeric) FILTER (WHERE c.source::text IN ('koios', 'thundercloud')) AS sm,
      max(c.kwh::numeric) FILTER (WHERE c.source::text = 'iot') AS om,
      max(c.kwh::numeric) FILTER (WHERE c.source::text = 'steamaco') AS st
    FROM hourly_consumption c ${SPELT}
    WHERE c.kwh BETWEEN 0 AND ${HOUR_KWH_MAX} AND ($3::timestamptz IS NULL OR c.reading_hour < $3)
      AND ($7::timestamptz IS NULL OR c.reading_hour >= $7)
    GROUP BY 1, 2) h
  LEFT JOIN unnest($4::text[], $5::text[]) AS p(account, priority) ON p.account = h.account GROUP BY 1${by === null ? "" : ", 2"}`;

export type Metered = { wh: Map<string, number>; hours: number; notTaken: NotTaken[] };

/** Energy that meters counted for each account, as the old system's balance has it: the larger of an hour that is there twice. */
export async function meteredWh(
  old: OldPostgres,
  country: Country,
  priorities: ReadonlyMap<string, string>,
  cutoverAt: number | null,
): Promise<Metered> {
  if (!old.has("hourly_consumption")) return { wh: new Map(), hours: 0, notTaken: [] };
  const params = await meteredParams(old, country, priorities, { before: cutoverAt, from: null });
  const rows = await old.all(metered(null), params);
  const wrong = await old.all(
    `SELECT c.account_number, c.reading_hour::text, c.kwh::text FROM hourly_consumption c
    WHERE c.kwh NOT BETWEEN 0 AND ${HOUR_KWH_MAX} ORDER BY c.reading_hour LIMIT ${NAMED_MAX}`,
  );
  const counted = await old.all("SELECT count(*)::text AS n FROM hourly_consumption");
  return {
    wh: new Map(rows.map(({ account, kwh }) => [account ?? "", wholeUnits(kwh ?? "0", WH_DECIMALS) ?? 0])),
    hours: Number(counted[0]?.n ?? 0),
    notTaken: wrong.map(({ account_number: account = null, reading_hour: hour = null, kwh = null }) => ({
      table: "hourly_consumption",
      row: `${account} ${hour}`,
      reason: "implausible",
      said: { account, hour, kwh },
    })),
  };
}

/** The same of some local days, each by itself: watt-hours by account and day. */
export async function meteredDays(
  old: OldPostgres,
  country: Country,
  priorities: ReadonlyMap<string, string>,
  window: { from: number; before: number },
): Promise<Map<string, Map<string, number>>> {
  const days = new Map<string, Map<string, number>>();
  if (!old.has("hourly_consumption")) return days;
  const params = await meteredParams(old, country, priorities, window);
  for (const { account, day, kwh } of await old.all(metered("day"), [...params, country.utcOffsetMinutes])) {
    const ofAccount = days.get(account ?? "") ?? new Map<string, number>();
    days.set(account ?? "", ofAccount.set(day ?? "", wholeUnits(kwh ?? "0", WH_DECIMALS) ?? 0));
  }
  return days;
}

async function meteredParams(
  old: OldPostgres,
  country: Country,
  priorities: ReadonlyMap<string, string>,
  { before, from }: { before: number | null; from: number | null },
): Promise<unknown[]> {
  const iso = (at: number | null) => (at === null ? null : new Date(at).toISOString());
  const usual = await settingOf(old, "billing_meter_priority");
  const own = [...priorities].filter(([, priority]) => PRIORITIES.has(priority));
  const names = own.map(([account]) => account);
  return [
    ...(await spellingsOf(old, "hourly_consumption", country)),
    iso(before),
    names,
    own.map(([, priority]) => priority),
    usual ?? "sm",
    iso(from),
  ];
}

/** Which meter counts where two do, of accounts that have their own rule. */
export async function prioritiesOf(old: OldPostgres, country: Country): Promise<Map<string, string>> {
  if (!old.hasColumn("accounts", "billing_meter_priority")) return new Map();
  const rows = await old.all(
    "SELECT account_number, billing_meter_priority::text FROM accounts WHERE billing_meter_priority::text <> ''",
  );
  return new Map(
    rows.flatMap(({ account_number: written, billing_meter_priority: priority }) => {
      const read = accountOfCountry(written ?? "", country);
      return "account" in read && priority ? [[read.account, priority] as const] : [];
    }),
  );
}

export async function settingOf(old: OldPostgres, key: string): Promise<string | null> {
  if (!old.has("system_config")) return null;
  return (await old.all("SELECT value FROM system_config WHERE key = $1", [key]))[0]?.value ?? null;
}

/** Every spelling of an account that a table has, and the one it stands for. */
export async function spellingsOf(
  old: OldPostgres,
  table: "transactions" | "hourly_consumption",
  country: Country,
): Promise<[written: string[], account: string[]]> {
  const all = await old.all(`SELECT DISTINCT account_number AS a FROM ${table}`);
  const written = all.flatMap(({ a }) => a ?? []);
  return [written, written.map((each) => oneSpelling(each, country))];
}

function oneSpelling(written: string, country: Country): string {
  const read = accountOfCountry(written, country);
  return "account" in read ? read.account : written.trim();
}

/** The balance that the old system itself tells of each account, by its own rows and with all that is wrong with them. */
const TOLD = `SELECT s.account, (coalesce(sum(t.kwh_value) FILTER (WHERE t.is_payment AND t.kwh_value <> 'NaN'), 0)
    - coalesce(sum(t.transaction_amount) FILTER (WHERE NOT t.is_payment AND t.transaction_amount <> 'NaN'), 0))::text AS kwh
  FROM transactions t JOIN unnest($1::text[], $2::text[]) AS s(written, account) ON s.written = t.account_number
  WHERE ($3::timestamptz IS NULL OR t.transaction_date < $3 OR t.transaction_date IS NULL) GROUP BY 1`;

export async function toldWh(
  old: OldPostgres,
  [written, accounts]: [string[], string[]],
  cutoverAt: number | null,
): Promise<Map<string, number>> {
  const before = cutoverAt === null ? null : new Date(cutoverAt).toISOString();
  const rows = await old.all(TOLD, [written, accounts, before]);
  return new Map(rows.map(({ account, kwh }) => [account ?? "", wholeUnits(kwh ?? "0", WH_DECIMALS) ?? 0]));
}
