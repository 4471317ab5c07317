/** Numbers of a database that was set back jump ahead of those that it gave before, which objects still have. */
import { beginRun } from "../../src/adapters/neon/refresh-runs.ts";
import { withClient } from "../database-server.ts";
import { Refusal } from "../deliver/which.ts";
import { type Asked, quoted, sequencesOf } from "./catalogue.ts";

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
/** So long a second jump has to be called one. */
const AGAIN_MS = DAY_MS;
/** As `next_facts_version` locks: no version is given meanwhile. */
const VERSIONS_LOCK = 7_301_001;

export type Ahead = {
  /** Names this jump: all accounts are told what Postgres knows of them under this version. Null: nothing was written. */
  version: number | null;
  idsLeftOut: number;
  /** Of each site the first number that is given from now on; null: it has none left. */
  sites: { site: string; next: string | null }[];
};

/** What is known of how the database was set back. */
export type Jump = {
  /** The instant that it was set back to, UTC ms. */
  since: number;
  /** Whose database it has to be; null: nobody said. */
  country: string | null;
  now?: number;
  /** Account numbers that each site may have given since; missing: 500, and 50 a day. */
  given?: number | undefined;
  /** Of some sites the first number that is given from now on: whoever has a list knows better than a guess. */
  firstNumbers?: ReadonlyMap<string, number>;
  /** It was set back once more, since it jumped last. */
  isAgain?: boolean;
  /** Writes nothing. */
  isDry?: boolean;
};

/**
 * What was given between `since` and now objects may have: ids and numbers of accounts, ids of tariffs, versions of facts. None
 * of it is given a second time, and all accounts are told anew by the Worker. Null: done before for this instant, nothing is
 * changed. Throws a Refusal for another country's database, for a second jump within a day that nobody called one, and for a
 * first number that was given already.
 */
export const jumpAhead = (ownerUrl: string, jump: Jump): Promise<Ahead | null> =>
  withClient(ownerUrl, (client) => jumpAheadOn(client, jump));

/** The same, of a database that is open: nobody else asks it anything meanwhile by the same connection. */
export async function jumpAheadOn(client: Asked, jump: Jump): Promise<Ahead | null> {
  await client.query("BEGIN");
  try {
    const ahead = await jumped(client, jump);
    await client.query(ahead === null || jump.isDry === true ? "ROLLBACK" : "COMMIT");
    return ahead;
  } catch (thrown) {
    await client.query("ROLLBACK");
    throw thrown;
  }
}

async function jumped(client: Asked, jump: Jump): Promise<Ahead | null> {
  const { since, now = Date.now(), isDry = false } = jump;
  await client.query("SELECT pg_advisory_xact_lock($1)", [VERSIONS_LOCK]);
  await refuseForeign(client, jump.country);
  if (jump.isAgain !== true && (await isDone(client, since, now))) return null;
  const ageMs = Math.max(now - since, 0);
  const idsLeftOut = IDS_LEFT_OUT + Math.ceil(ageMs / 1_000) * IDS_LEFT_OUT_A_SECOND;
  const days = Math.min(Math.ceil(ageMs / DAY_MS), DAYS_MAX);
  const given = jump.given ?? ACCOUNT_NUMBERS_LEFT_OUT + days * ACCOUNT_NUMBERS_LEFT_OUT_A_DAY;
  const lasts = await lastNumbers(client, given, jump.firstNumbers ?? new Map());
  const sites = lasts.map(({ site, last }) => ({
    site,
    next: last >= ACCOUNT_NUMBERS_MAX ? null : `${numbered(last + 1)}${site}`,
  }));
  if (isDry) return { version: null, idsLeftOut, sites };
  // A sequence is set whether or not this commits: one that is set twice has left out more.
  for (const { name, last } of await sequencesOf(client))
    await client.query("SELECT setval($1::regclass, $2::bigint)", [
      `public.${quoted(name)}`,
      String(BigInt(last ?? 0) + BigInt(idsLeftOut)),
    ]);
  await client.query(
    `INSERT INTO account_counters (site_code, last_number)
    SELECT site, last FROM json_to_recordset($1::json) AS o (site text, last int)
    ON CONFLICT (site_code) DO UPDATE SET last_number = excluded.last_number`,
    [JSON.stringify(lasts)],
  );
  return { version: await tellAll(client, since, now), idsLeftOut, sites };
}

async function refuseForeign(client: Asked, country: string | null) {
  const { rows } = await client.query<{ code: string }>("SELECT code FROM database_country");
  const [named] = rows;
  if (country !== null && named !== undefined && named.code !== country)
    throw new Refusal(`this database belongs to ${named.code}, not to ${country}: nothing was changed`);
}

/** True: it jumped for this very instant. Another instant, so soon, is more likely a mistake than a second loss. */
async function isDone(client: Asked, since: number, now: number): Promise<boolean> {
  const { rows } = await client.query<{ value: string; at: string }>(
    "SELECT value::text, floor(extract(epoch FROM updated_at) * 1000)::bigint::text AS at FROM country_settings WHERE key = $1",
    [RESTORED_TO],
  );
  const [before] = rows;
  if (before === undefined) return false;
  if (before.value === String(since)) return true;
  if (Number(before.at) <= now - AGAIN_MS) return false;
  throw new Refusal(
    `its numbers jumped ahead at ${new Date(Number(before.at)).toISOString()} already, for ${new Date(Number(before.value)).toISOString()}: nothing was changed. If it was set back once more since then, add --again`,
  );
}

/** The last number of each site that is left out: those that it gave, and then those that it may have given. */
async function lastNumbers(client: Asked, given: number, firstNumbers: ReadonlyMap<string, number>) {
  // Whoever registers meanwhile waits.
  await client.query("LOCK TABLE account_counters IN SHARE ROW EXCLUSIVE MODE");
  const { rows } = await client.query<{ site: string; highest: number }>(
    `SELECT s.code AS site, greatest(
      coalesce((SELECT k.last_number FROM account_counters k WHERE k.site_code = s.code), 0),
      coalesce((SELECT max(left(a.account_number, 4)::int) FROM accounts a WHERE a.site_code = s.code), 0)) AS highest
    FROM sites s ORDER BY s.code`,
  );
  for (const site of firstNumbers.keys())
    if (!rows.some((row) => row.site === site)) throw new Refusal(`--first-number ${site}: no site of this database`);
  return rows.map(({ site, highest }) => {
    const first = firstNumbers.get(site);
    if (first === undefined) return { site, last: Math.min(highest + given, ACCOUNT_NUMBERS_MAX) };
    if (first <= highest)
      throw new Refusal(
        `--first-number ${site}=${numbered(first)}: numbers up to ${numbered(highest)} were given there`,
      );
    return { site, last: first - 1 };
  });
}

const numbered = (number: number) => String(number).padStart(4, "0");

/** One row raises the version of every account's facts; the Worker's run of the same name hands them over. */
async function tellAll(client: Asked, since: number, now: number): Promise<number> {
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

/**
 * What a person is told of it. A database that is set back once more forgets that it jumped, and would jump to the same numbers:
 * the last line is how it is told then.
 */
export function toldOf({ version, idsLeftOut, sites }: Ahead): string {
  const left = sites.filter(({ next }) => next !== null);
  return [
    version === null
      ? `${idsLeftOut} ids and versions would be left out, and all accounts told anew; nothing was written`
      : `${idsLeftOut} ids and versions are left out; all accounts are told anew, under version ${version}, by the Worker`,
    `the next account numbers: ${sites.map(({ site, next }) => next ?? `none left of ${site}`).join(", ")}`,
    ...(left.length === 0
      ? []
      : [
          `keep this: set back once more to before now, add what each site gave from these on: --first-number ${left.map(({ site, next }) => `${site}=${next?.slice(0, 4)}`).join(",")}`,
        ]),
  ].join("\n");
}

/** `MAK=0716,SEH=0420`. Throws a Refusal that names what does not read. */
export function firstNumbersOf(said: string | undefined): Map<string, number> {
  const numbers = new Map<string, number>();
  for (const each of said === undefined ? [] : said.split(",")) {
    const [, site, number] = /^([A-Z]{3})=(\d{1,4})$/.exec(each.trim().toUpperCase()) ?? [];
    if (site === undefined || Number(number) === 0 || numbers.has(site))
      throw new Refusal(`--first-number ${each}: each site once with a number from 0001 to 9999, as MAK=0716,SEH=0420`);
    numbers.set(site, Number(number));
  }
  return numbers;
}

/** Throws a Refusal for what is no number of account numbers. */
export function givenOf(said: string | undefined): number | undefined {
  if (said === undefined) return undefined;
  if (!/^\d{1,4}$/.test(said))
    throw new Refusal(
      `--given ${said}: account numbers that a site may have given since, from 0 to ${ACCOUNT_NUMBERS_MAX}`,
    );
  return Number(said);
}
