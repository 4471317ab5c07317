/**
 * `DATABASE_URL=… npm run backup:restore -- --from FOLDER`: a backup into an empty database, as the role that owns it; every row is
 * compared. `--bucket NAME --from ls` fetches the newest from R2 first, or `--from ls/2026-…` that one. `--check` only reads the
 * backup to its end. `--given 5000` and `--first-number MAK=0716` say what is known of account numbers given since. What to do then: docs/operations.md, "When the database is lost".
 */
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { firstNumbersOf, givenOf, toldOf } from "./backup/ahead.ts";
import { checkBackup, restoreBackup } from "./backup/restore.ts";
import { downloadBackup } from "./backup/upload.ts";
import { realTools } from "./deliver/tools.ts";
import { orRefuse, Refusal } from "./deliver/which.ts";
import { clearLine, progressLine } from "./progress-line.ts";

const DOWNLOADS = fileURLToPath(new URL("../.data/backups/from-bucket", import.meta.url));

await orRefuse(async () => {
  const { values } = parseArgs({
    options: {
      from: { type: "string" },
      bucket: { type: "string" },
      check: { type: "boolean", default: false },
      given: { type: "string" },
      "first-number": { type: "string" },
    },
  });
  const numbers = { given: givenOf(values.given), firstNumbers: firstNumbersOf(values["first-number"]) };
  if (values.from === undefined)
    throw new Refusal(
      "--from must name the folder of a backup, or with --bucket a country (ls) or a backup there (ls/2026-…)",
    );
  const { from, bucket } = values;
  const draw = progressLine();
  try {
    const folder = bucket === undefined ? from : downloadBackup(realTools(), { bucket, from, into: DOWNLOADS });
    if (values.check) {
      const { tables, takenAt } = await checkBackup(folder);
      console.log(`whole: ${tables.length} tables, taken ${takenAt}`);
      return 0;
    }
    const ownerUrl = process.env.DATABASE_URL;
    if (ownerUrl === undefined || ownerUrl === "")
      throw new Refusal("DATABASE_URL must name an empty database, as the role that owns it");
    const { country, since, tables, ahead } = await restoreBackup({
      folder,
      ownerUrl,
      numbers,
      onTable: ({ name, rows }, done, of) => draw(() => `${done} of ${of} tables: ${name}, ${rows} rows`),
    });
    clearLine();
    console.log(`restored, and every row of ${tables.length} tables is as it was`);
    if (ahead !== null) console.log(toldOf(ahead));
    console.log(`next: npm run heads -- --env ${(country ?? "local").toLowerCase()} --since ${since}`);
    return 0;
  } catch (thrown) {
    clearLine();
    if (thrown instanceof Refusal) throw thrown;
    console.error(thrown instanceof Error ? thrown.message : String(thrown));
    return 1;
  }
});
