/** Numbers of a database that was set back jump ahead of those that it gave before, which objects still have. */
import type pg from "pg";
import { beginRun } from "../../src/adapters/neon/refresh-runs.ts";
import { withClient } from "../database-server.ts";
import { quoted, sequencesOf } from "./catalogue.ts";

/** Ids, versions and the like that are left out at least, and for each second since the instant that it was set back to. */
export const IDS_LEFT_OUT = 1_000_000;
export const IDS_LEFT_OUT_A_SECOND = 10;
/** Account numbers of each site that are left out at least, and for each day: a site has 9,999 in all. */
export const ACCOUNT_NUMBERS_LEFT_OUT = 500;
export const ACCOUNT_NUMBERS_LEFT_OUT_A_DAY = 50;
/** The setting's name in `country_settings`: the instant (UTC ms) that the database was set back to, under the version that all accounts are told. */
export const RESTORED_TO = "restored_to";

const ACTOR = "restored";
const REASON = "the database was set back";
const ACCOUNT_NUMBERS_MAX = 9_999;
const DAY_MS = 86_400_000;
/** Days that are counted at most: who restores what is older finds fewer numbers left out than were given, or none left to give. */
const DAYS_MAX = 60;
/** As `next_facts_version` locks: no version is given meanwhile. */
const VERSIONS_LOCK = 7_301_001;

export type Ahead = {
  /** Names this jump: all accounts are told what Postgres knows of them under this version. */
  version: number;
  idsLeftOut: number;
  /** Of each site the first number that is given from now on; null: it has none left. */
  sites: { site: string; next: string | null }[];
};

/**
 * `since` is the instant that the database was set back to. What was given between then and now objects may have: ids and
 * numbers of accounts, ids of tariffs, versions of facts. None of it is given a second time, and all accounts are told anew by
 * the Worker. Null: done before for this instant, nothing is changed. One restored a second time to the same instant jumps
 * further, for more time has passed.
 */
export const jumpAhead = (ownerUrl: string, since: number, now = Date.now()): Promise<Ahead | null> =>
  withClient(ownerUrl, async (client) => {
    await client.query("BEGIN");
    try {
      const ahead = await jump(client, since, now);
      await client.query(ahead === null ? "ROLLBACK" : "COMMIT");
      return ahead;
    } catch (thrown) {
      await client.query("ROLLBACK");
      throw thrown;
    }
  });

async function jump(client: pg.Client, since: number, now: number): Promise<Ahead | null> {
  await client.query("SELECT pg_advisory_xact_lock($1)", [VERSIONS_LOCK]);
  const before = await client.query<{ value: string }>("SELECT value::text FROM country_settings WHERE key = $1", [
    RESTORED_TO,
  ]);
  if (before.rows[0]?.value === String(since)) return null;
  const ageMs = Math.max(now - since, 0);
  const idsLeftOut = IDS_LEFT_OUT + Math.ceil(ageMs / 1_000) * IDS_LEFT_OUT_A_SECOND;
  // A sequence is set whether or not this commits: one that is set twice has left out more.
  for (const { name, last } of await sequencesOf(client))
    await client.query("SELECT setval($1::regclass, $2::bigint)", [
      `public.${quoted(name)}`,
      String(BigInt(last ?? 0) + BigInt(idsLeftOut)),
    ]);
  const sites = await jumpSites(client, Math.min(Math.ceil(ageMs / DAY_MS), DAYS_MAX));
  return { version: await tellAll(client, since, now), idsLeftOut, sites };
}

async function jumpSites(client: pg.Client, days: number): Promise<Ahead["sites"]> {
  const { rows } = await client.query<{ site: string; last: number }>(
    `INSERT INTO account_counters AS c (site_code, last_number)
    SELECT s.code, least($2::int, $1::int + greatest(
      coalesce((SELECT k.last_number FROM account_counters k WHERE k.site_code = s.code), 0),
      coalesce((SELECT max(left(a.account_number, 4)::int) FROM accounts a WHERE a.site_code = s.code), 0)))
    FROM sites s ORDER BY s.code
    ON CONFLICT (site_code) DO UPDATE SET last_number = excluded.last_number
    RETURNING site_code AS site, last_number AS last`,
    [String(ACCOUNT_NUMBERS_LEFT_OUT + days * ACCOUNT_NUMBERS_LEFT_OUT_A_DAY), String(ACCOUNT_NUMBERS_MAX)],
  );
  return rows.map(({ site, last }) => ({
    site,
    next: last >= ACCOUNT_NUMBERS_MAX ? null : `${String(last + 1).padStart(4, "0")}${site}`,
  }));
}

/** One row raises the version of every account's facts; the Worker's run of the same name hands them over. */
async function tellAll(client: pg.Client, since: number, now: number): Promise<number> {
  const { rows } = await client.query<{ version: string }>(
    `WITH made AS (
      INSERT INTO country_settings AS s (key, value, facts_version, updated_at)
      VALUES ($1, to_jsonb($2::bigint), next_facts_version(), cc_at($3::bigint))
      ON CONFLICT (key) DO UPDATE SET value = excluded.value, facts_version = excluded.facts_version,
        updated_at = excluded.updated_at
      RETURNING value, facts_version AS version
    ), audited AS (
      INSERT INTO mutations (actor, reason, at, action, subject, after)
      SELECT $4, $5, cc_at($3::bigint), 'setting.put', 'setting:' || $1::text, value FROM made
    )
    SELECT version::text FROM made`,
    [RESTORED_TO, String(since), String(now), ACTOR, REASON],
  );
  const version = Number(rows[0]?.version);
  await client.query(beginRun("SELECT $1::text AS unit, NULL::text AS site, NULL::text AS account"), [
    `restored:${version}`,
    ACTOR,
    REASON,
    String(now),
  ]);
  return version;
}

/** What a person is told of it. */
export const toldOf = ({ version, idsLeftOut, sites }: Ahead): string =>
  [
    `${idsLeftOut} ids and versions are left out; all accounts are told anew, under version ${version}, by the Worker`,
    `the next account numbers: ${sites.map(({ site, next }) => next ?? `none left of ${site}`).join(", ")}`,
  ].join("\n");
