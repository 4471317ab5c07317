/**
 * `npm run backup:drill -- --env local`: takes a backup (or `--from FOLDER`), restores it into an empty database beside, compares every
 * row, prints how long each part took, and drops what it made. Of a deployment: `--env ls`, and DRILL_DATABASE_URL names the empty one.
 */
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type BackupManifest, readManifest } from "./backup/manifest.ts";
import { checkBackup, restoreBackup } from "./backup/restore.ts";
import { takeBackup } from "./backup/take.ts";
import { type Source, sourceOf } from "./backup/which.ts";
import { withClient } from "./database-server.ts";
import { orRefuse, Refusal } from "./deliver/which.ts";

await orRefuse(async () => {
  const { values } = parseArgs({
    options: { env: { type: "string" }, country: { type: "string" }, from: { type: "string" } },
  });
  const source = sourceOf(values);
  const aside = await mkdtemp(join(tmpdir(), "backup-drill-"));
  const place = await emptyPlace(source);
  const seconds: [string, number][] = [];
  const timed = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    const begun = performance.now();
    const value = await work();
    seconds.push([what, (performance.now() - begun) / 1000]);
    return value;
  };
  try {
    const folder =
      values.from ?? (await timed("taken", () => takeBackup({ ownerUrl: source.ownerUrl, into: aside, keep: 1 })));
    await timed("read to its end", () => checkBackup(folder));
    await timed("restored, every row compared", () => restoreBackup({ folder, ownerUrl: place.ownerUrl }));
    console.log(report(readManifest(folder), seconds));
    return 0;
  } catch (thrown) {
    console.error(`the drill failed: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
    return 1;
  } finally {
    await place.drop();
    await rm(aside, { recursive: true, force: true });
  }
});

/** An empty database of the same server; of a deployment the one that somebody made for it. */
async function emptyPlace({ ownerUrl, superUrl }: Source) {
  if (superUrl === null) {
    const named = process.env.DRILL_DATABASE_URL;
    if (named === undefined || named === "" || named === ownerUrl)
      throw new Refusal("DRILL_DATABASE_URL must name an empty database, another than DATABASE_URL");
    return { ownerUrl: named, drop: async () => undefined };
  }
  const name = `cc_drill_${randomBytes(4).toString("hex")}`;
  await withClient(superUrl, (client) => client.query(`CREATE DATABASE ${name} OWNER cc_owner TEMPLATE template0`));
  const url = new URL(ownerUrl);
  url.pathname = `/${name}`;
  return {
    ownerUrl: url.href,
    drop: () =>
      withClient(superUrl, async (client) => {
        await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      }),
  };
}

function report({ tables, takenAt }: BackupManifest, seconds: readonly [string, number][]): string {
  const total = (of: "rows" | "bytes") => tables.reduce((sum, table) => sum + table[of], 0);
  return [
    `taken ${takenAt}: ${tables.length} tables, ${total("rows")} rows, ${(total("bytes") / 1e6).toFixed(1)} MB; all rows equal`,
    "",
    "| part | seconds |",
    "|---|---|",
    ...seconds.map(([what, took]) => `| ${what} | ${took.toFixed(1)} |`),
  ].join("\n");
}
