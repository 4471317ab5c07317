import { withClient } from "../../dev/database-server.ts";
import { connect, type Database } from "../../src/adapters/neon/database.ts";
import { neonRollups } from "../../src/adapters/neon/rollups.ts";
import { curvesOf } from "../../src/domain/metrics/load.ts";
import { MONTH_ACCOUNTS_MAX } from "../../src/ports/rollups.ts";
import { curveSums } from "../../src/queries/reports/load.ts";
import type { ProfileOrder } from "../../src/queries/reports/profile-sql.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";

/** Ten accounts with hours, and what is asked of them. */

export const HOUR_MS = 3_600_000;
export const ZONE = "Africa/Maseru";
export const OFFSET_MS = 2 * HOUR_MS;
/** Ten accounts: households of three tiers, shops, and some of no type; each with a meter that bills and one that checks. */
export const PEOPLE = [
  ["0001MAK", "HH1"],
  ["0002MAK", "HH2"],
  ["0003MAK", "SME"],
  ["0004MAK", null],
  ["0001KET", "HH1"],
  ["0002KET", "SME"],
  ["0003KET", "SME"],
  ["0004KET", "HH3"],
  ["0005KET", null],
  ["0006KET", null],
] as const;
export const ACCOUNTS = PEOPLE.map(([account, tier], nth) => ({
  ...{ id: nth + 1, account, site: account.slice(-3), tier, type: tier?.startsWith("HH") ? "HH" : tier },
  ...{ primary: 2 * nth + 1, check: 2 * nth + 2 },
}));
export type Account = (typeof ACCOUNTS)[number];

export let database: FreshDatabase;
export let db: Database;
export const run = (query: string) => withClient(database.ownerUrl, (client) => client.query(query));

export const open = async () => {
  database = await freshDatabase();
  db = connect(database.appUrl, database.sqlUrl);
  await run("INSERT INTO sites (code, name, facts_version) VALUES ('KET', 'Ketane', 1), ('MAK', 'Makebe', 1)");
  await run(
    ACCOUNTS.map(
      ({ id, account, site, tier, primary, check }) => `INSERT INTO customers (id, customer_key, name, customer_type)
        OVERRIDING SYSTEM VALUE VALUES (${id}, '${account}', 'Test', ${tier === null ? "NULL" : `'${tier}'`});
      INSERT INTO accounts (id, account_number, site_code, customer_id, status, facts_version)
        OVERRIDING SYSTEM VALUE VALUES (${id}, '${account}', '${site}', ${id}, 'live', 1);
      INSERT INTO meters (id, meter_number) OVERRIDING SYSTEM VALUE
        VALUES (${primary}, 'T${primary}'), (${check}, 'T${check}');
      INSERT INTO meter_placements (meter_id, account_id, role, valid_from, facts_version)
        VALUES (${primary}, ${id}, 'primary', '2020-01-01Z', 1), (${check}, ${id}, 'check', '2020-01-01Z', 1)`,
    ).join(";"),
  );
};
export const close = () => database.drop();
export const clear = () =>
  run(
    "TRUNCATE consumption_hourly, metered_days, metered_months, metered_month_hours; UPDATE accounts SET terminated_at = NULL, status = 'live'",
  );

/** Energy of a meter in the UTC hour. */
export type Hour = { account: Account; meter: number; hour: number; wh: number };
export const at = (text: string) => Date.parse(`${text}:00Z`) - OFFSET_MS;
export const local = (hour: number) => new Date(hour + OFFSET_MS).toISOString();
/** Hours of a meter from a local hour on; null: nobody knows. */
export const hours = (account: Account, from: string, list: (number | null)[], meter = account.primary): Hour[] =>
  list.flatMap((wh, nth) => (wh === null ? [] : [{ account, meter, hour: at(from) + nth * HOUR_MS, wh }]));
export async function metered(list: Hour[]) {
  if (list.length > 0)
    await run(
      `INSERT INTO consumption_hourly (meter_id, account_id, hour, energy_wh, estimated, source) VALUES ${list
        .map(
          ({ account, meter, hour, wh }) =>
            `(${meter}, ${account.id}, '${new Date(hour).toISOString()}', ${wh}, false, 'iot')`,
        )
        .join(",")}`,
    );
  const billed = list.filter(({ account, meter }) => meter === account.primary);
  const days = Map.groupBy(billed, ({ account, hour }) => `${local(hour).slice(0, 10)} ${account.id}`);
  const sum = (own: Hour[]) => own.reduce((total, { wh }) => total + wh, 0);
  if (days.size > 0)
    await run(
      `INSERT INTO metered_days SELECT v.day::date, a.id, a.site_code, v.wh, v.hours, 0, v.peak FROM (VALUES ${[...days]
        .map(
          ([key, own]) =>
            `('${key.slice(0, 10)}', ${key.slice(11)}, ${sum(own)}, ${own.length}, ${Math.max(...own.map(({ wh }) => wh))})`,
        )
        .join(",")}) AS v (day, id, wh, hours, peak) JOIN accounts a ON a.id = v.id`,
    );
  // As the job does it: from the hours, by the meter that bills.
  for (const month of new Set(list.map(({ hour }) => `${local(hour).slice(0, 7)}-01`)))
    await neonRollups(db, ZONE).refreshMonth(month, 0, MONTH_ACCOUNTS_MAX);
}

export const ORDER: ProfileOrder = {
  from: "2026-06-01",
  to: "2026-06-30",
  by: "none",
  site: null,
  type: null,
  timeZone: ZONE,
};
export const curve = async (over: Partial<ProfileOrder> = {}) =>
  curvesOf(await curveSums(db, { ...ORDER, from: "2026-06-01", to: "2026-06-01", ...over }));
export const [A, B, C] = ACCOUNTS as [Account, Account, Account];
