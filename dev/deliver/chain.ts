/** The numbered chain of migrations, on disk and in a database. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { withClient } from "../database-server.ts";
import { MIGRATIONS } from "../migrate.ts";

/** `at` and `hash` are what the database keeps of one that it has. */
export type Link = { tag: string; sql: string; at: number; hash: string };
/** A row of the database's own table, oldest first. */
export type Applied = { at: number; hash: string };

/** As the journal orders them. */
export function chainOnDisk(folder = MIGRATIONS): Link[] {
  const journal = JSON.parse(readFileSync(join(folder, "meta", "_journal.json"), "utf8")) as {
    entries: { tag: string; when: number }[];
  };
  return journal.entries.map(({ tag, when }) => {
    const sql = readFileSync(join(folder, `${tag}.sql`), "utf8");
    return { tag, sql, at: when, hash: createHash("sha256").update(sql).digest("hex") };
  });
}

/** What a database says it has; nothing where it has no table of migrations yet. */
export async function appliedIn(url: string): Promise<Applied[]> {
  return withClient(url, async (client) => {
    const { rows: known } = await client.query(
      "SELECT to_regclass('drizzle.__drizzle_migrations') IS NOT NULL AS is_there",
    );
    if (known[0]?.is_there !== true) return [];
    const { rows } = await client.query("SELECT hash, created_at FROM drizzle.__drizzle_migrations ORDER BY id");
    return rows.map(({ hash, created_at }) => ({ hash: String(hash), at: Number(created_at) }));
  });
}

export type ChainState = { pending: Link[]; faults: string[] };

/**
 * The database beside the chain: it has its beginning, and what is left is pending. A gap, another content or a migration that
 * this chain does not know is a fault: another branch was here, or one was edited.
 */
export function compareChain(chain: readonly Link[], applied: readonly Applied[]): ChainState {
  const faults = applied.flatMap((row, index) => {
    const link = chain[index];
    if (link === undefined) return [`the database has a migration that is not in the chain: ${row.hash.slice(0, 12)}`];
    if (link.hash === row.hash) return [];
    const known = chain.find(({ hash }) => hash === row.hash);
    if (known !== undefined) return [`the database has ${known.tag} where the chain has ${link.tag}`];
    return [
      `${link.tag} is another one in the database: ${row.hash.slice(0, 12)} there, ${link.hash.slice(0, 12)} here`,
    ];
  });
  return { pending: chain.slice(applied.length), faults };
}

/** The migrator goes by time alone: what is older than the newest that is in is passed over without a word. */
export function passedOver(chain: readonly Link[], applied: readonly Applied[]): string[] {
  const newest = Math.max(0, ...applied.map(({ at }) => at));
  const { pending } = compareChain(chain, applied);
  return pending
    .filter(({ at }) => at <= newest)
    .map(({ tag }) => `${tag} is older than what the database has: it would be passed over`);
}
