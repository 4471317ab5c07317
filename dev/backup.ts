/**
 * `npm run backup -- --env local` (`--country BJ`), or `--env ls` with DATABASE_URL: all rows of a country's database, of one moment.
 * `--into DIR` (.data/backups/ls), `--keep 14` whole ones there, `--bucket NAME` sends it to R2 as well: of a deployment only that counts as a backup.
 * What is newer than a backup the objects have, for ever: docs/operations.md, "When the database is lost".
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { readManifest } from "./backup/manifest.ts";
import { takeBackup } from "./backup/take.ts";
import { endBackup } from "./backup/told.ts";
import { sourceOf } from "./backup/which.ts";
import { realTools } from "./deliver/tools.ts";
import { orRefuse, Refusal } from "./deliver/which.ts";
import { clearLine, progressLine } from "./progress-line.ts";

const KEEP_MAX = 365;
const BACKUPS = fileURLToPath(new URL("../.data/backups", import.meta.url));

await orRefuse(async () => {
  const { values } = parseArgs({
    options: {
      env: { type: "string" },
      country: { type: "string" },
      into: { type: "string" },
      keep: { type: "string", default: "14" },
      bucket: { type: "string" },
    },
  });
  const source = sourceOf(values);
  const keep = Number(values.keep);
  if (!Number.isInteger(keep) || keep < 1 || keep > KEEP_MAX)
    throw new Refusal(`--keep ${values.keep}: a whole number from 1 to ${KEEP_MAX}`);
  const draw = progressLine();
  const begun = performance.now();
  const folder = await takeBackup({
    ownerUrl: source.ownerUrl,
    into: values.into ?? join(BACKUPS, source.country.toLowerCase()),
    keep,
    onTable: ({ name, rows }, done, of) => draw(() => `${done} of ${of} tables: ${name}, ${rows} rows`),
  });
  clearLine();
  const { tables, takenAt, country } = readManifest(folder);
  if (country !== null && country !== source.country)
    throw new Refusal(
      `this is the database of ${country}, not of ${source.country}: ${folder} stays here, and is sent nowhere`,
    );
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  console.log(
    `${country ?? "a database of no country"}, ${takenAt}: ${tables.length} tables, ${rows} rows, ${seconds} s`,
  );
  console.log(folder);
  const { prefix, isTold } = await endBackup(realTools(), source, { folder, bucket: values.bucket ?? null, takenAt });
  if (prefix !== null) console.log(`in ${values.bucket}: ${prefix}`);
  if (!isTold)
    console.log("not told to the alarm backup_age: it is on this machine alone; --bucket NAME sends it to R2 as well");
  return 0;
});
