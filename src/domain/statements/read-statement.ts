import type { Country } from "../country.ts";
import type { FieldFault } from "../customer.ts";
import { dayStart, localDay } from "../local-day.ts";
import { PAID_AFTER_RECEIPT_MS_MAX } from "../paid-at.ts";
import { fileFault, type Sheet, type SheetRow } from "../registration/cell.ts";
import { err, ok, type Result } from "../result.ts";
import { DAY_FIRST, readDate } from "./dates.ts";
import { ecocashCsv } from "./ecocash.ts";
import { headOffice } from "./head-office.ts";
import { HEADER_ROWS_MAX } from "./header.ts";
import { fault, type LayoutReader } from "./layout.ts";
import { isLine, type Period, type RowRead, type Statement, type StatementLine } from "./line.ts";
import { mpesaCsv, mpesaPortal } from "./mpesa.ts";

const LAYOUTS: readonly LayoutReader[] = [mpesaPortal, mpesaCsv, headOffice, ecocashCsv];
const DAY_MS = 86_400_000;

export type StatementRules = {
  country: Country;
  /** The days that the file is of, as whoever brings it says: for layouts that do not say it themselves. */
  days: { from: string; to: string } | null;
  now: number;
};

/**
 * A merchant statement, whichever of the layouts it has. Nothing is guessed: a file whose dates do not read, leave its
 * period, lie in the future or change direction is refused whole.
 */
export function readStatement(sheet: Sheet, rules: StatementRules): Result<Statement, FieldFault[]> {
  const { country } = rules;
  const opened = LAYOUTS.map((layout) => ({ layout, opened: layout.open(sheet.rows, country) })).find(
    (each) => each.opened !== null,
  );
  if (opened === undefined || opened.opened === null)
    return err(
      fileFault(
        `no header in the first ${HEADER_ROWS_MAX} rows`,
        "the columns of an M-Pesa, head-office or EcoCash list",
      ),
    );
  const { layout } = opened;
  if (!country.operators.includes(layout.provider))
    return err(fileFault(layout.format, `a list of ${country.operators.join(" or ")}: ${country.name} has no other`));
  const { headerIndex, read } = opened.opened;
  const period = periodOf(sheet.rows.slice(0, headerIndex), rules);
  if (!period.ok) return period;
  const width = sheet.rows[headerIndex]?.cells.length ?? 0;
  const rows: RowRead[] = [];
  for (const row of sheet.rows.slice(headerIndex + 1)) {
    if (row.cells.every((cell) => cell === null || cell.text.trim() === "")) continue;
    const outcome = longer(row, width) ?? read(row);
    if ("file" in outcome) return err([outcome.file]);
    rows.push("line" in outcome ? { row: row.row, line: outcome.line } : { row: row.row, fault: outcome.fault });
  }
  const lines = rows.filter(isLine).map(({ line }) => line);
  const [first] = rows;
  if (lines.length === 0 && first !== undefined && !isLine(first))
    return err(fileFault(`none of ${rows.length} rows reads`, first.fault.expected));
  const wrong = outside(lines, period.value, rules) ?? (layout.ordered ? turned(lines, rules) : null);
  if (wrong !== null) return err([wrong]);
  return ok({ format: layout.format, provider: layout.provider, period: period.value, rows: once(withLinked(rows)) });
}

/** Something behind the header's last cell: no cell of the row is sure to stand in its own column, its date neither. */
function longer({ cells }: SheetRow, width: number) {
  const index = cells.findIndex((cell, n) => n >= width && cell !== null && cell.text.trim() !== "");
  const expected = `nothing: the header has ${width} cells, and a comma in a text without quotes moves all that stands behind it`;
  return index < 0 ? null : fault(`cell ${index + 1}`, cells[index]?.text, expected);
}

const FROM_TO = /\bFrom\W*(\d{2}-\d{2}-\d{4} \d{2}:\d{2}:\d{2})\W+To\W*(\d{2}-\d{2}-\d{4} \d{2}:\d{2}:\d{2})/i;
const STAMP = /\d{2}-\d{2}-\d{4} \d{2}:\d{2}:\d{2}/g;

/** What the file says above its header, else the days that were named. A list that was made before its last day ended ends when it was made. */
function periodOf(preamble: readonly SheetRow[], { country, days, now }: StatementRules): Result<Period, FieldFault[]> {
  const above = preamble.map(({ cells }) => cells.map((cell) => cell?.text ?? "").join(" ")).join("\n");
  const said = FROM_TO.exec(above.replace(/[ \t]+/g, " "));
  const { utcOffsetMinutes } = country;
  if (said !== null) {
    const [from, last] = said.slice(1).map((text) => readDate(text, DAY_FIRST, country));
    if (from === null || from === undefined || last === null || last === undefined || last < from)
      return err([{ field: "file", value: said[0], expected: "a period from one time to a later one, day first" }]);
    if (
      days !== null &&
      (localDay(from, utcOffsetMinutes) !== days.from || localDay(last, utcOffsetMinutes) !== days.to)
    )
      return err([
        { field: "from", value: `${days.from} to ${days.to}`, expected: `the file's own period: ${said[0]}` },
      ]);
    const made = (above.replace(said[0], "").match(STAMP) ?? [])
      .map((text) => readDate(text, DAY_FIRST, country))
      .filter((at) => at !== null && at >= from)
      .toSorted()
      .at(-1);
    return ok({ from, to: Math.min(last + 1_000, made ?? now, now) });
  }
  if (days === null)
    return err([
      {
        field: "from",
        value: null,
        expected: "the first and the last day (from, to) that the file lists: it does not say so itself",
      },
    ]);
  const [from, to] = [dayStart(days.from, utcOffsetMinutes), dayStart(days.to, utcOffsetMinutes) + DAY_MS];
  if (to <= from) return err([{ field: "to", value: days.to, expected: `a day from ${days.from} on` }]);
  return ok({ from, to: Math.min(to, now) });
}

/** The clocks of operators and of ours may differ, and a list may be made while its last payments arrive. */
const SLACK_MS = 60_000;

function outside(lines: readonly StatementLine[], { from, to }: Period, rules: StatementRules): FieldFault | null {
  const wrong = lines.find(({ at }) => at < from || at > to + SLACK_MS);
  if (wrong === undefined) return null;
  const isFuture = wrong.at > rules.now + PAID_AFTER_RECEIPT_MS_MAX;
  return {
    field: `row ${wrong.row}`,
    value: shown(wrong.at, rules),
    expected: isFuture
      ? "no time in the future: day and month may have changed places in this file"
      : `a time from ${shown(from, rules)} to ${shown(to, rules)}: the file's own period`,
  };
}

/** Where times that rose fall, or the other way round. */
function turned(lines: readonly StatementLine[], rules: StatementRules): FieldFault | null {
  let direction = 0;
  for (const [index, line] of lines.entries()) {
    const step = Math.sign(line.at - (lines[index - 1]?.at ?? line.at));
    if (step !== 0 && direction !== 0 && step !== direction)
      return {
        field: `row ${line.row}`,
        value: shown(line.at, rules),
        expected: `a time ${direction > 0 ? "not before" : "not after"} that of the row above it, as in all rows before`,
      };
    direction = direction || step;
  }
  return null;
}

const shown = (at: number, { country }: StatementRules) =>
  new Date(at + country.utcOffsetMinutes * 60_000).toISOString().slice(0, 19).replace("T", " ");

/**
 * A reversal under the receipt of a payment that this file has with its amount takes that back, whatever it names; so does one
 * that names no other. Of what it takes back this file may know the amount.
 */
function withLinked(rows: RowRead[]): RowRead[] {
  const paid = new Map<string, number>(
    rows.filter(isLine).flatMap(({ line }) => (line.kind === "payment" ? [[line.receipt, line.amountMinor]] : [])),
  );
  return rows.map((read) => {
    if (!isLine(read) || read.line.kind !== "reversal") return read;
    const { receipt, amountMinor } = read.line;
    const own = paid.get(receipt);
    const linked = own !== undefined && (own === amountMinor || read.line.linked === null) ? receipt : read.line.linked;
    return { ...read, line: { ...read.line, linked, linkedMinor: paid.get(linked ?? "") ?? null } };
  });
}

/** A receipt stands once for each kind of movement: another amount under it is nobody's to choose between. */
function once(rows: RowRead[]): RowRead[] {
  const seen = new Map<string, StatementLine>();
  return rows.map((read) => {
    if (!isLine(read)) return read;
    const { kind, receipt, amountMinor } = read.line;
    const first = seen.get(`${kind} ${receipt}`);
    if (first === undefined) {
      seen.set(`${kind} ${receipt}`, read.line);
      return read;
    }
    const expected =
      first.amountMinor === amountMinor
        ? `each movement once: it stands in row ${first.row} already`
        : `the amount that row ${first.row} has for this receipt`;
    return { row: read.row, fault: { field: "receipt", value: receipt, expected } };
  });
}
