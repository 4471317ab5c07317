import type pg from "pg";
import type { Person } from "./people.ts";

const CHUNK = 10_000;

/** Puts people, accounts and placed meters into an empty, migrated database, as its owner. */
export async function loadPeople(client: pg.Client, people: readonly Person[]): Promise<void> {
  const sites = [...new Set(people.flatMap(({ accounts }) => accounts.map((account) => account.slice(4))))];
  await client.query(
    "INSERT INTO sites (code, name, facts_version) SELECT code, code, 1 FROM unnest($1::text[]) AS code ON CONFLICT DO NOTHING",
    [[...sites, ...people.map(({ site }) => site)].filter((code, index, all) => all.indexOf(code) === index)],
  );
  for (let from = 0; from < people.length; from += CHUNK) {
    await client.query(LOAD, [JSON.stringify(people.slice(from, from + CHUNK))]);
  }
  await client.query("VACUUM (ANALYZE) customers, accounts, meters, meter_placements");
}

const LOAD = `WITH r AS MATERIALIZED (
    SELECT * FROM jsonb_to_recordset($1::jsonb) AS r(key text, given text, family text, phones jsonb, "nationalId" text,
      type text, site text, plot text, "legacyId" integer, accounts jsonb, meter text)
  ), made AS (
    INSERT INTO customers (customer_key, name, given_name, family_name, phones, national_id, customer_type, site_code,
      plot_number, legacy_id, source)
    SELECT key, given || ' ' || family, given, family, ARRAY(SELECT jsonb_array_elements_text(phones)), "nationalId", type,
      site, plot, "legacyId", 'file' FROM r
    RETURNING id, customer_key
  ), opened AS (
    INSERT INTO accounts (account_number, site_code, customer_id, status, opening_key, facts_version)
    SELECT account, right(account, 3), made.id, 'live', r.key || '/' || n, 1
    FROM r JOIN made ON made.customer_key = r.key
      CROSS JOIN LATERAL jsonb_array_elements_text(r.accounts) WITH ORDINALITY AS a(account, n)
    RETURNING id, opening_key
  ), hung AS (
    INSERT INTO meters (meter_number) SELECT meter FROM r RETURNING id, meter_number)
  INSERT INTO meter_placements (meter_id, account_id, role, valid_from, facts_version)
  SELECT hung.id, opened.id, 'primary', '2020-01-01', 1
  FROM r JOIN opened ON opened.opening_key = r.key || '/1' JOIN hung ON hung.meter_number = r.meter`;
