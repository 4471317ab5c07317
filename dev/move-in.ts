import type { LegacyReport } from "../src/services/claim-legacy.ts";
import { type FileRow, readLegacyFile } from "./legacy-file.ts";

const PAGE_ROWS_MAX = 500;
const TRIES_MAX = 10;
const TRY_PAUSE_MS = 2_000;

type Flags = Record<string, string | undefined>;
export type Call = <T>(method: string, path: string, body?: unknown) => Promise<T>;
type Page = { added: number; rows: LegacyReport[] };

/**
 * Brings the old system's transactions over, page by page. Stopped half way, the same file goes on where it was; a file
 * that was brought over is gone through again, and adds nothing.
 */
export async function claimLegacyFile(call: Call, flags: Flags, print: (line: string) => void): Promise<void> {
  const { job, rows } = readLegacyFile(flags.file ?? "");
  await claimLegacyRows(call, { job, rows, source: flags.source ?? "" }, flags["dry-run"] === "true", print);
}

/** A job's rows, which need not all be there at once: they are asked for a page at a time. */
export type LegacyRows = {
  job: string;
  source: string;
  rows: { length: number; slice(from: number, to: number): FileRow[] | Promise<FileRow[]> };
};

/** The same with rows of any origin. `onPage` hears how many are done. */
export async function claimLegacyRows(
  call: Call,
  { job, rows, source }: LegacyRows,
  isDry: boolean,
  print: (line: string) => void,
  onPage: (done: number) => void = () => undefined,
): Promise<void> {
  const before = await patiently(() => call<{ rows: number; done: boolean }>("GET", `/legacy/claim/${job}`));
  const first = isDry || before.done ? 0 : Math.min(before.rows, rows.length);
  if (first > 0) print(`goes on at row ${first + 1}`);
  const counts: Record<string, number> = {};
  const count = (name: string, by = 1) => {
    counts[name] = (counts[name] ?? 0) + by;
  };
  /** Amounts of receipts that a dry run has seen as new: a real run would have claimed them by now. */
  const seen = new Map<string, number | null>();
  for (let from = first; from < rows.length || from === first; from += PAGE_ROWS_MAX) {
    const page = { job, source, from, total: rows.length, write: !isDry };
    const sent = { ...page, rows: await rows.slice(from, from + PAGE_ROWS_MAX) };
    const done = await patiently(() => call<Page>("POST", "/legacy/claim", sent));
    count("added", done.added);
    for (const report of done.rows) {
      const said = isDry ? afterEarlierPages(seen, report) : report;
      count(said.outcome);
      if (isDry || said.outcome === "difference" || said.outcome === "bad_row") print(lineOf(from, said));
      else if (said.dateDoubted) print(`${lineOf(from, said)}, its date left out`);
    }
    onPage(from + sent.rows.length);
  }
  print(`${JSON.stringify(counts)}${isDry ? " (nothing written: leave --dry-run out)" : ""}`);
}

function afterEarlierPages(seen: Map<string, number | null>, report: LegacyReport): LegacyReport {
  const { receipt, amountMinor } = report;
  if (receipt === null || report.outcome !== "claimed") return report;
  if (!seen.has(receipt)) {
    seen.set(receipt, amountMinor);
    return report;
  }
  if (seen.get(receipt) === amountMinor) return { ...report, outcome: "known" };
  const { index, sourceId } = report;
  const because = ["amount_differs" as const];
  return { index, sourceId, receipt, amountMinor, outcome: "difference", because, holders: ["legacy"], accounts: [] };
}

function lineOf(from: number, report: LegacyReport): string {
  const row = `row ${from + report.index + 1}`;
  if (report.outcome === "bad_row") {
    const { field, value, expected } = report.fault;
    return `${row}: ${field} ${JSON.stringify(value)} does not read; expected ${expected}`;
  }
  const named = `${row} (${report.sourceId ?? "?"}) ${report.receipt ?? "no receipt"}`;
  if (report.outcome !== "difference") return `${named}: ${report.outcome}`;
  const holders = [...new Set([...report.accounts, ...report.holders.filter((kind) => kind !== "account")])];
  return `${named}: difference, ${report.because.join(" and ")}${holders.length > 0 ? `; held by ${holders.join(", ")}` : ""}`;
}

/** A page that was not wholly done is sent again: doing it twice is the same as once. */
export async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (thrown) {
      const isFinal = thrown instanceof Error && / answered 4\d\d/.test(thrown.message);
      if (isFinal || tries >= TRIES_MAX) throw thrown;
      await new Promise((resolve) => setTimeout(resolve, TRY_PAUSE_MS));
    }
  }
}

/** One line a site: who credits the vendor's platform, since when, and whether both are silent now. */
export function creditWriterLines(sites: CreditWriterView[]): string[] {
  const time = (at: number) => `${new Date(at).toISOString().slice(0, 16).replace("T", " ")} UTC`;
  return sites.map(({ site, writer, since, silentUntil, changedBy, reason }) =>
    [
      `${site}  ${writer}`,
      ...(since === null ? ["never switched"] : [`since ${time(since)} by ${changedBy ?? "?"}: ${reason ?? ""}`]),
      ...(silentUntil === null ? [] : [`neither sends before ${time(silentUntil)}`]),
    ].join("  "),
  );
}

export type CreditWriterView = {
  site: string;
  writer: "legacy" | "ours";
  now: "legacy" | "ours" | "neither";
  since: number | null;
  silentUntil: number | null;
  changedBy: string | null;
  reason: string | null;
};
