/**
 * What the releases before would read wrongly of what is there. Rows only grow, and an earlier release mostly does well without
 * the newer ones; where it does not, a line of `UNREAD_BEFORE` says so, and going back looks before it goes.
 */
import type pg from "pg";
import { z } from "zod";
import { WAITS } from "../../src/queries/vendor-credits.ts";
import { withClient } from "../database-server.ts";
import { git, type Tools } from "./tools.ts";

/** `migration` comes with the first release that reads it rightly. `count`: SQL for how many there are, one row `n`. */
export type Unread = { migration: string; count: string; said(n: number, env: string): string };

export const UNREAD_BEFORE: readonly Unread[] = [
  {
    migration: "0058_credit_sent_as",
    count: `SELECT count(*)::int AS n FROM vendor_credits v WHERE v.sent_as IS NOT NULL AND ${WAITS}`,
    said: (n, env) =>
      `${n} ${n === 1 ? "credit" : "credits"} under a name that it does not know may be at the vendor already, and it would send them once more: wait until npm run vendor:credits -- --env ${env} shows none with "there as"`,
  },
  {
    migration: "0061_erasure_waits",
    count: "SELECT count(*)::int AS n FROM erasures WHERE state = 'approved'",
    said: (n, env) =>
      `${n} ${n === 1 ? "person is" : "people are"} being taken out, and it would call that done though money of theirs still waits for an owner: wait until npm run personal:list -- --env ${env} shows none that is approved`,
  },
];

/** SQLSTATE of a column and of a table that is not there. */
const NOT_THERE: ReadonlySet<string> = new Set(["42703", "42P01"]);
const LOOK_MS_MAX = 10_000;
const JOURNAL = "drizzle/migrations/meta/_journal.json";

export type WayBack = {
  env: string;
  tools: Tools;
  /** The database, as the role that owns it. Null: not said. */
  ownerUrl: string | null;
  unread?: readonly Unread[];
};

/**
 * Why nobody should go back, as sentences; none: nothing is there that the release gone back to would read wrongly. `commitOf` is
 * asked only where something is, or where nobody can look.
 */
export async function wayBackFaults(
  { env, tools, ownerUrl, unread = UNREAD_BEFORE }: WayBack,
  commitOf: () => string | null,
): Promise<string[]> {
  const looked = await lookFor(unread, env, ownerUrl).catch(
    (thrown: unknown) => `its database does not answer (${thrown instanceof Error ? thrown.message : String(thrown)})`,
  );
  if (typeof looked !== "string" && looked.length === 0) return [];
  const commit = commitOf();
  const known = commit === null ? null : migrationsOf(tools, commit);
  const isRead = ({ migration }: Unread) => known?.has(migration) === true;
  const which = commit === null ? "nobody says which release that is" : `it is ${commit.slice(0, 12)}`;
  if (typeof looked !== "string")
    return looked
      .filter(({ what }) => !isRead(what))
      .map(({ what, n }) => `${what.said(n, env)} (${which}, and what it must have is ${what.migration})`);
  const unseen = unread.filter((what) => !isRead(what)).map(({ migration }) => migration);
  return unseen.length === 0
    ? []
    : [
        `nobody can look for what it would read wrongly: ${looked} (${which}, and what it must have is ${unseen.join(", ")})`,
      ];
}

/** What is there, or why nobody can look. */
async function lookFor(
  unread: readonly Unread[],
  env: string,
  ownerUrl: string | null,
): Promise<{ what: Unread; n: number }[] | string> {
  const country = env.toUpperCase();
  if (ownerUrl === null) return `DATABASE_OWNER_URL_${country} is not set`;
  return withClient(ownerUrl, async (client) => {
    await client.query(`SET statement_timeout TO ${LOOK_MS_MAX}`);
    const { rows } = await client.query<{ code: string }>("SELECT code FROM database_country");
    const [named] = rows;
    if (named?.code !== country) return `DATABASE_OWNER_URL_${country} is the database of ${named?.code ?? "nobody"}`;
    const found: { what: Unread; n: number }[] = [];
    for (const what of unread) {
      const n = await countOf(client, what);
      if (n > 0) found.push({ what, n });
    }
    return found;
  });
}

/** A database that has not come so far has none. */
async function countOf(client: pg.Client, { count }: Unread): Promise<number> {
  try {
    return (await client.query<{ n: number }>(count)).rows[0]?.n ?? 0;
  } catch (thrown) {
    if (thrown instanceof Error && "code" in thrown && NOT_THERE.has(String(thrown.code))) return 0;
    throw thrown;
  }
}

/** The migrations that a commit of this clone brings; null: the clone does not know it. */
function migrationsOf(tools: Tools, commit: string): ReadonlySet<string> | null {
  try {
    const journal = JSON.parse(git(tools, "show", `${commit}:${JOURNAL}`)) as { entries: { tag: string }[] };
    return new Set(journal.entries.map(({ tag }) => tag));
  } catch {
    return null;
  }
}

const Deployments = z.array(
  z.looseObject({
    created_on: z.string(),
    versions: z.array(z.looseObject({ version_id: z.string(), percentage: z.number() })),
  }),
);
const Version = z.looseObject({
  resources: z.looseObject({
    bindings: z.array(z.looseObject({ name: z.string(), text: z.string().optional() })),
  }),
});

/**
 * The commit of a version, as its var RELEASE says (npm run deploy); `to` null: of the one that wrangler would go back to, the newest
 * before the present that had all the traffic. Null: nobody says.
 */
export function commitOfVersion(tools: Tools, env: string, to: string | null): string | null {
  try {
    const version = to ?? versionBefore(asked(tools, ["deployments", "list", "--env", env, "--json"]));
    if (version === null) return null;
    const { resources } = Version.parse(asked(tools, ["versions", "view", version, "--env", env, "--json"]));
    const release = resources.bindings.find(({ name }) => name === "RELEASE")?.text ?? "";
    // What came over the network goes to git as nothing else.
    return /^[0-9a-f]{40}$/.test(release) ? release : null;
  } catch {
    return null;
  }
}

function versionBefore(listed: unknown): string | null {
  const [, ...before] = Deployments.parse(listed).sort((one, other) => other.created_on.localeCompare(one.created_on));
  for (const { versions } of before) {
    const whole = versions.find(({ percentage }) => percentage === 100);
    if (whole !== undefined) return whole.version_id;
  }
  return null;
}

function asked(tools: Tools, args: readonly string[]): unknown {
  const { status, stdout } = tools.run("wrangler", args);
  return status === 0 ? JSON.parse(stdout) : null;
}
