import type { Operator } from "../../src/domain/country.ts";
import { localDay } from "../../src/domain/local-day.ts";
import type { StatementLine } from "../../src/domain/statements/line.ts";
import type { TakenRow } from "../../src/ports/uploads.ts";
import type { SiteMonth } from "../../src/ports/vendor-files.ts";
import { knownReceipts, restingUploads, type Upload, unrecorded, upload } from "../../src/queries/uploads.ts";
import { daysIn, refreshTillDays } from "../../src/services/refresh-till-days.ts";
import { refreshVendorMonth } from "../../src/services/refresh-vendor-month.ts";
import { takeStatementLine } from "../../src/services/take-statement-line.ts";
import type { Env } from "../env.ts";
import { clockOf, countryOf, linePortsOf, readerOf, statementsOf, uploadsOf, vendorFilesOf } from "../ports.ts";
import type { Job } from "./job.ts";
import { settleGaps } from "./settle-gaps.ts";

/** Rows of one message: each costs a few calls, and a message has a thousand. */
const ROWS_MAX = 100;
const AT_ONCE_MAX = 25;
/** Work that lies still for so long has lost its message. */
const RESTING_MS = 5 * 60_000;

/** After so long the day is added up without what is still not recorded: its own case tells why that is. */
const RECORDED_MS_MAX = 10 * 60_000;

const LOOK_MS = 500;
const LOOKS_MAX = 20;

type Page = { uploadId: number };

/** One page of a file's waiting rows a message; when none waits, what the file settles. A second time changes nothing. */
export const uploadsJob: Job = async (env, page) => {
  if (!isPage(page)) {
    for (const uploadId of await restingUploads(readerOf(env), clockOf(env).now() - RESTING_MS))
      await startUpload(env, uploadId);
    return null;
  }
  const file = await upload(readerOf(env), page.uploadId);
  if (file?.state !== "running" || !file.isRead) return null;
  const rows = await uploadsOf(env).waiting<Line>(page.uploadId, ROWS_MAX);
  // Its intervals are in the file alone: whoever brought it brings it again.
  if (rows.length > 0 && file.kind === "daily_readings") return null;
  if (rows.length > 0) {
    await takeRows(env, file, rows);
    return { next: page };
  }
  // A day that is added up before its claims are recorded would lack them until the night.
  const isYoung = clockOf(env).now() - file.touchedAt < RECORDED_MS_MAX;
  if (isYoung && !(await allRecorded(env, page.uploadId)))
    throw new Error(`receipts of upload ${page.uploadId} are not recorded yet`);
  await settle(env, file);
  await uploadsOf(env).finish(page.uploadId, clockOf(env).now());
  return null;
};

export const startUpload = (env: Env, uploadId: number) =>
  env.JOBS.send({ job: "uploads", page: { uploadId } satisfies Page });

/** Of a file with lines of both operators each says its own. */
type Line = StatementLine & { provider?: Operator };
type Rows = { row: number; line: Line }[];

async function takeRows(env: Env, { uploadId, tillId, provider, uploadedBy, uploadedAt }: Upload, rows: Rows) {
  const receipts = rows.map(({ line }) => line.receipt);
  const known = new Set((await knownReceipts(readerOf(env), receipts)).map(({ receipt }) => receipt));
  const ports = linePortsOf(env, (receipt) => known.has(receipt));
  const taken: TakenRow[] = [];
  let unanswered = 0;
  for (let from = 0; from < rows.length; from += AT_ONCE_MAX)
    await Promise.all(
      rows.slice(from, from + AT_ONCE_MAX).map(async ({ row, line }) => {
        const whose = line.provider ?? provider;
        if (tillId === null || whose === null) throw new Error(`upload ${uploadId} is of no till`);
        // The instant of the file, also for what is done again later: a window that moved would judge a row anew.
        const of = { tillId, provider: whose, actor: uploadedBy, at: uploadedAt };
        const outcome = await takeStatementLine(ports, line, of);
        if (outcome === null) unanswered += 1;
        else taken.push({ row, ...outcome });
      }),
    );
  await uploadsOf(env).took(uploadId, taken, clockOf(env).now());
  if (unanswered > 0) throw new Error(`${unanswered} rows of upload ${uploadId} got no answer yet`);
}

/** Recorded within seconds as a rule: the message waits a moment rather than come back a minute later. */
async function allRecorded(env: Env, uploadId: number): Promise<boolean> {
  for (let look = 0; look < LOOKS_MAX; look++) {
    if ((await unrecorded(readerOf(env), uploadId)) === 0) return true;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  return false;
}

/** What a file settles once its rows are taken: gaps of the till's chain and its days, or months of sites. */
async function settle(env: Env, { uploadId, kind, tillId, provider, site, periodFrom, periodTo }: Upload) {
  const country = countryOf(env);
  const now = clockOf(env).now();
  if (kind === "statement" && tillId !== null && provider !== null && periodFrom !== null && periodTo !== null) {
    await settleGaps(env, uploadId, tillId, provider);
    await refreshPeriod(env, { tillId, provider }, { from: periodFrom, to: periodTo });
  }
  const months: SiteMonth[] =
    kind === "portfolio_payments"
      ? await vendorFilesOf(env).monthsOf(uploadId)
      : site !== null && periodFrom !== null
        ? [{ site, month: localDay(periodFrom, country.utcOffsetMinutes) }]
        : [];
  for (const month of months) await refreshVendorMonth(vendorFilesOf(env), country, month, now);
}

/** The local days of a period, added up again. */
export async function refreshPeriod(
  env: Env,
  till: { tillId: string; provider: Operator },
  period: { from: number; to: number },
) {
  const country = countryOf(env);
  const day = (at: number) => localDay(at, country.utcOffsetMinutes);
  const last = day(Math.max(period.from, period.to - 1));
  for (let from = day(period.from); from <= last; ) {
    const days = daysIn({ from, to: last });
    const to = days.at(-1) ?? last;
    await refreshTillDays(statementsOf(env), country, till, { from, to }, clockOf(env).now());
    from = nextDay(to);
  }
}

const nextDay = (day: string) => new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);

const isPage = (page: unknown): page is Page => typeof page === "object" && page !== null && "uploadId" in page;
