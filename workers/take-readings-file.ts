import { readReport } from "../src/adapters/koios/report.ts";
import { neonMeterDays } from "../src/adapters/neon/meter-days.ts";
import { neonVendorSites } from "../src/adapters/neon/vendor-sites.ts";
import type { VendorDoor } from "../src/adapters/vendors/http.ts";
import { FILE_SOURCE } from "../src/domain/imports/source.ts";
import type { UnitName } from "../src/domain/imports/unit.ts";
import { err, ok, type Result } from "../src/domain/result.ts";
import type { Change } from "../src/ports/registry.ts";
import type { FeedPage, VendorFeed } from "../src/ports/vendor-feeds.ts";
import { upload } from "../src/queries/uploads.ts";
import { importStep } from "../src/services/import-step.ts";
import { keepFile } from "../src/services/keep-file.ts";
import type { Env } from "./env.ts";
import { importPortsOf } from "./imports.ts";
import { sendUnits } from "./jobs/claim-imports.ts";
import { clockOf, databaseOf, keepPortsOf, readerOf } from "./ports.ts";
import type { FileRefusal } from "./take-file.ts";

const DAY_MS = 86_400_000;
/** An attempt that was under way may end first; then the file's own begins. */
const TRIES = 3;

const bad = (field: string, value: unknown, expected: string): Result<never, FileRefusal> =>
  err({ kind: "bad_file", faults: [{ field, value, expected }] });

/**
 * A site's day of interval readings, as the vendor's report has it: its intervals go where a fetched day's go, as a day of
 * a source of their own, and from there to the accounts by the importer's own queue. The same file again changes nothing.
 */
export async function takeReadingsFile(
  env: Env,
  file: { bytes: Uint8Array; sha256: string; name: string | null; site: string; day: string },
  by: Change,
): Promise<Result<{ uploadId: number }, FileRefusal>> {
  const { bytes, sha256, site, day } = file;
  const page = await readDay(env, bytes, site, day);
  if (!page.ok) return page;
  const { intervals, leftOut } = page.value;
  const from = Date.parse(`${day}T00:00:00Z`);
  const line = { intervals: intervals.length, leftOut };
  const kept = await keepFile(
    keepPortsOf(env),
    {
      kind: "daily_readings",
      format: "koios_report",
      tillId: null,
      provider: null,
      site,
      period: { from, to: from + DAY_MS },
      rows: [{ row: 1, receipt: null, line, fault: null, result: null }],
      statement: null,
      totalMinor: null,
    },
    { sha256, fileName: file.name, bytes: bytes.length },
    by,
  );
  if (!kept.ok) return kept;
  const known = await upload(readerOf(env), kept.value.uploadId);
  if (known?.state === "done") return kept;
  const unit: UnitName = { site, day, source: FILE_SOURCE };
  if (!(await stage(env, unit, page.value)))
    return err({
      kind: "busy",
      detail: `${site} ${day} is being taken at this moment: bring the file again in some minutes`,
    });
  await sendUnits(env, [{ ...unit, freshAt: null, sentAt: clockOf(env).now() }]);
  // Only now: a file that died before waits to be brought again, and says so.
  const taken = { row: 1, result: "taken", because: null, account: null };
  await keepPortsOf(env).uploads.took(kept.value.uploadId, [taken], clockOf(env).now());
  return kept;
}

/** Stores the file's intervals as the one page of an attempt at its day. */
async function stage(env: Env, unit: UnitName, page: FeedPage): Promise<boolean> {
  let isRead = false;
  const feed: Pick<VendorFeed, "page"> = {
    page: async () => {
      isRead = true;
      return page;
    },
  };
  const ports = { ...importPortsOf(env), feed: () => feed as VendorFeed };
  for (let tried = 0; tried < TRIES; tried++) {
    await neonMeterDays(databaseOf(env)).ask([unit], true, clockOf(env).now());
    const step = await importStep(ports, unit);
    if (isRead) return step.is === "more";
    if (step.is === "busy") return false;
  }
  return false;
}

async function readDay(env: Env, bytes: Uint8Array, site: string, day: string): Promise<Result<FeedPage, FileRefusal>> {
  const vendor = (await neonVendorSites(databaseOf(env)).list()).find((each) => each.site === site)?.vendor;
  if (vendor !== "koios") return bad("site", site, "a site whose meters are at Koios (npm run vendor:sites)");
  const text = new TextDecoder().decode(bytes);
  if (text.includes("\u0000")) return bad("file", "U+0000", "text without U+0000: save it again as CSV (UTF-8)");
  const read = readReport(fileDoor(env), day, text);
  if ("refused" in read) return bad("file", read.detail, "a day's readings as Koios writes them");
  if (read.intervals.length === 0)
    return bad("file", read.leftOut, `intervals of ${day} (UTC): none of its rows is one`);
  return ok(read);
}

/** A file asks nobody: it has no budget, and no secrets to keep. */
const fileDoor = (env: Env): VendorDoor => ({
  name: "this file",
  budget: {
    take: async () => ({ granted: false, because: "breaker_open", retryAt: Number.MAX_SAFE_INTEGER }),
    told: async () => undefined,
  },
  secrets: [],
  now: () => clockOf(env).now(),
});
