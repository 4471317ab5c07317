import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { StoredTillDay } from "../src/queries/till-days.ts";
import type { Upload, UploadRow } from "../src/queries/uploads.ts";
import type { VendorMonth } from "../src/queries/vendor-months.ts";
import type { PreviewRow } from "../src/services/preview-statement.ts";
import { type Command, type Flags, need } from "./command.ts";
import { call, type Door, send } from "./door.ts";
import { clearLine, progressLine } from "./progress-line.ts";

const POLL_MS = 500;
const POLLS_MAX = 2_400;
const PAGES_MAX = 20;
const DAY_MS = 86_400_000;
const DAYS_SHOWN = 31;

type Answer = { upload: Upload; problems: UploadRow[] };
type Line = {
  at: number;
  receipt: string;
  kind: string;
  statementMinor: number;
  oursMinor: number | null;
  differenceMinor: number;
  accounts: string[];
  because: string | null;
};

/** Commands about operators' statements and other files. */
export const STATEMENT_COMMANDS: Record<string, Command> = {
  "statement:upload": {
    help: "--file F --till ID [--from 2026-04-01 --to 2026-04-30] [--dry-run] --actor NAME   a merchant statement: every payment in it is claimed once; the same file again changes nothing. [--kind pay_file --till ID | portfolio_payments | monthly_payments --site KET --month 2026-04 | monthly_readings --site KET --month 2026-04 | daily_readings --site KET --day 2026-04-10]",
    run: uploadFile,
  },
  "statement:list": { help: "files that were brought, newest first", run: listUploads },
  "statement:rows": {
    help: "--id N [--all]   the rows of a file that were not taken or wait for a person, and why; with --all every row",
    run: (door, flags) => printRows(door, Number(need(flags, "id")), flags.all === "true" ? "all" : "problems"),
  },
  "statement:days": {
    help: "[--till ID] [--from 2026-04-01 --to 2026-04-30]   each till's days: statement, payments, suspense, treasury, difference; final or open",
    run: days,
  },
  "statement:months": {
    help: "[--site KET] --from 2026-01 --to 2026-06   months by the vendor's monthly files: total, how much of it is estimated by account, or replaced by real payments",
    run: months,
  },
  "statement:day": {
    help: "--till ID --provider mpesa --day 2026-04-10 [--all]   the lines that do not agree, and receipts of ours that the statement lacks; with --all every line",
    run: day,
  },
};

/** What says of which till, site, days or month a file is. */
const ABOUT = ["till", "site", "month", "day", "from", "to"];

async function uploadFile(door: Door, flags: Flags) {
  const file = need(flags, "file");
  const bytes = new Uint8Array(readFileSync(file));
  const isDry = flags["dry-run"] === "true";
  const actor = isDry ? (flags.actor ?? process.env.USER ?? "operator") : need(flags, "actor");
  const asked = new URLSearchParams({ kind: flags.kind ?? "statement", name: basename(file) });
  for (const name of ABOUT) if (flags[name] !== undefined) asked.set(name, flags[name] ?? "");
  if (isDry) {
    asked.set("dry", "1");
    const tried = await send<{ format: string; rows: PreviewRow[]; results: Record<string, number> }>(
      door,
      `/uploads?${asked}`,
      bytes,
      actor,
      {},
    );
    for (const row of tried.rows) console.log(rowLine(row));
    return console.log(`${tried.format}: ${counts(tried.results)}; nothing was kept (--dry-run)`);
  }
  const began = performance.now();
  const { upload } = await send<Answer>(door, `/uploads?${asked}`, bytes, actor, {});
  const done = await finished(door, upload.uploadId);
  await printRows(door, done.uploadId, "problems");
  console.log(`${uploadLine(done)} in ${((performance.now() - began) / 1000).toFixed(1)} s`);
}

/** Waits until every row is taken, and draws how far it is. */
export async function finished(door: Door, uploadId: number): Promise<Upload> {
  const draw = progressLine();
  for (let poll = 0; poll < POLLS_MAX; poll++) {
    const { upload } = await call<Answer>(door, "GET", `/uploads/${uploadId}`);
    if (upload.state !== "running") {
      clearLine();
      return upload;
    }
    draw(() => `${upload.taken + upload.refused} of ${upload.rows} rows`);
    await sleep(POLL_MS);
  }
  throw new Error(`upload ${uploadId} is still at work; ask again`);
}

async function listUploads(door: Door) {
  const { uploads } = await call<{ uploads: Upload[] }>(door, "GET", "/uploads");
  for (const upload of uploads) console.log(uploadLine(upload));
}

export async function printRows(door: Door, uploadId: number, show: "all" | "problems") {
  let cursor = 0;
  for (let page = 0; page < PAGES_MAX; page++) {
    const path = `/uploads/${uploadId}/rows?show=${show}&cursor=${cursor}`;
    const { rows, next } = await call<{ rows: UploadRow[]; next: number | null }>(door, "GET", path);
    for (const row of rows) console.log(rowLine(row));
    if (next === null) return;
    cursor = next;
  }
}

async function days(door: Door, flags: Flags) {
  const to = flags.to ?? new Date().toISOString().slice(0, 10);
  const from = flags.from ?? new Date(Date.parse(to) - (DAYS_SHOWN - 1) * DAY_MS).toISOString().slice(0, 10);
  const asked = new URLSearchParams({ from, to, ...(flags.till === undefined ? {} : { till: flags.till }) });
  const { days, ...money } = await call<{ days: StoredTillDay[]; currency: string; minorDigits: 0 | 2 }>(
    door,
    "GET",
    `/statements/days?${asked}`,
  );
  if (days.length === 0) return console.log(`no statement of a day from ${from} to ${to}`);
  const amount = amountIn(money.minorDigits);
  const columns = ["statement", "payments", "suspense", "treasury", "withdrawn", "reversed", "difference"] as const;
  console.log(
    `${"day".padEnd(11)}${"till".padEnd(20)}${"operator".padEnd(9)}${columns.map((name) => name.padStart(12)).join("")}  ${money.currency}`,
  );
  for (const each of days) {
    const sums = columns.map((name) => amount(each[`${name}Minor`]).padStart(12)).join("");
    const open = [
      each.covered ? "" : "not all of the day is listed",
      each.unexplained === 0 ? "" : `${each.unexplained} lines do not agree`,
      each.missing === 0 ? "" : `${each.missing} of ours are not on it`,
    ].filter((part) => part !== "");
    const stand = each.state === "final" ? "final" : `open: ${open.join(", ")}`;
    console.log(`${each.day.padEnd(11)}${each.tillId.padEnd(20)}${each.provider.padEnd(9)}${sums}  ${stand}`);
  }
}

async function months(door: Door, flags: Flags) {
  const asked = new URLSearchParams({ from: need(flags, "from"), to: need(flags, "to") });
  if (flags.site !== undefined) asked.set("site", flags.site);
  const { months, currency, minorDigits } = await call<{ months: VendorMonth[]; currency: string; minorDigits: 0 | 2 }>(
    door,
    "GET",
    `/statements/months?${asked}`,
  );
  const amount = amountIn(minorDigits);
  for (const { site, month, state, totalMinor, accounts, estimatedMinor, listedMinor } of months)
    console.log(
      `${month.slice(0, 7)} ${site} ${state}: total ${totalMinor === null ? "not known" : amount(totalMinor)}, ${amount(estimatedMinor)} estimated over ${accounts}, listed by the vendor ${listedMinor === null ? "nothing" : amount(listedMinor)} ${currency}`,
    );
  if (months.length === 0) console.log("no monthly file of these months");
}

async function day(door: Door, flags: Flags) {
  const path = [need(flags, "till"), need(flags, "provider"), need(flags, "day")].map(encodeURIComponent).join("/");
  const { lines, minorDigits } = await call<{ lines: Line[]; minorDigits: 0 | 2 }>(
    door,
    "GET",
    `/statements/days/${path}`,
  );
  const amount = amountIn(minorDigits);
  const shown = flags.all === "true" ? lines : lines.filter((line) => line.differenceMinor !== 0);
  for (const { at, receipt, kind, statementMinor, oursMinor, differenceMinor, accounts, because } of shown)
    console.log(
      `${new Date(at).toISOString().slice(11, 19)}Z ${receipt.padEnd(24)} ${kind.padEnd(10)} statement ${amount(statementMinor)}, ours ${oursMinor === null ? "none" : amount(oursMinor)}${accounts.length === 0 ? "" : ` (${accounts.join(" ")})`}${because === null ? "" : ` [${because}]`}, difference ${amount(differenceMinor)}`,
    );
  console.log(`${lines.length} lines, ${lines.filter((line) => line.differenceMinor !== 0).length} do not agree`);
}

const uploadLine = ({ uploadId, kind, format, fileName, tillId, site, state, rows, results }: Upload) =>
  `upload ${uploadId} ${state}: ${kind} ${format} ${fileName ?? ""}${tillId === null ? "" : ` of ${tillId}`}${site === null ? "" : ` of ${site}`}: ${rows} rows, ${counts(results)}`;

const counts = (results: Record<string, number>) =>
  Object.entries(results)
    .toSorted(([, a], [, b]) => b - a)
    .map(([name, count]) => `${count} ${name}`)
    .join(", ") || "nothing";

const rowLine = ({ row, result, because, receipt, account, amountMinor, fault }: UploadRow | PreviewRow) =>
  `  row ${row} ${result ?? "waiting"}${receipt === null ? "" : ` ${receipt}`}${amountMinor === null ? "" : ` ${amountMinor}`}${account === null ? "" : ` ${account}`}${because === null ? "" : `: ${because}`}${fault === null ? "" : `: ${fault.field} ${JSON.stringify(fault.value)}, expected ${fault.expected}`}`;

function amountIn(minorDigits: 0 | 2) {
  return (minor: number) => {
    const digits = String(Math.abs(minor)).padStart(minorDigits + 1, "0");
    const whole = digits.slice(0, digits.length - minorDigits);
    return `${minor < 0 ? "-" : ""}${whole}${minorDigits === 0 ? "" : `.${digits.slice(-minorDigits)}`}`;
  };
}
