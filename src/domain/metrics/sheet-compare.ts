import type { ColumnKind, Place, Value } from "../export/table.ts";
import type { SheetAnswer } from "./sheet-answer.ts";
import { cellText, codeText, columnText } from "./sheet-texts.ts";
import type { SheetWords } from "./sheet-words/keys.ts";
import { sheetOf } from "./sheets.ts";

/** A cell that is not what it was. `names`: the cells that name its line. */
export type CellDifference = { names: Value[]; column: string; as: ColumnKind; was: Value; is: Value };
export type SheetComparison = {
  /** Cells that were compared. */
  cells: number;
  differences: CellDifference[];
  /** Columns that are not computed any more. */
  notComputed: string[];
};

/** Line by line and cell by cell: a line is found by its names, wherever it stands. A line that is not there says of nothing what it is. */
export function compareSheets(then: SheetAnswer, now: SheetAnswer): SheetComparison {
  const told = then.columns.slice(then.names);
  const placeNow = new Map(now.columns.map(({ name }, n) => [name, n]));
  const compared = told.filter(({ name }) => placeNow.has(name));
  const [before, after] = [byNames(then), byNames(now)];
  const differences: CellDifference[] = [];
  const keys = new Set([...before.keys(), ...after.keys()]);
  for (const key of keys) {
    const [old, fresh] = [before.get(key), after.get(key)];
    for (const { name, as } of compared) {
      const was = old?.[then.columns.findIndex((column) => column.name === name)] ?? null;
      const is = fresh?.[placeNow.get(name) ?? -1] ?? null;
      if (was === is) continue;
      differences.push({ names: (old ?? fresh ?? []).slice(0, then.names), column: name, as, was, is });
    }
  }
  return {
    cells: keys.size * compared.length,
    differences,
    notComputed: told.filter(({ name }) => !placeNow.has(name)).map(({ name }) => name),
  };
}

const byNames = ({ rows, names }: SheetAnswer) =>
  new Map(rows.map((row) => [JSON.stringify(row.slice(0, names)), row]));

export type DifferenceTexts = { line: string; column: string; was: string; is: string; change: string | null };

/** A difference as people read it; how far apart two values are is said where both are numbers. */
export function differenceTexts(
  { names, column, as, was, is }: CellDifference,
  { report, columns, ...place }: Pick<SheetAnswer, "report" | "columns"> & Place,
  words: SheetWords,
): DifferenceTexts {
  const codes = sheetOf(report).codes ?? [];
  const said = (value: Value, name: string, kind: ColumnKind) =>
    codes.includes(name) && typeof value === "string"
      ? codeText(value, words)
      : cellText(value, { as: kind }, place, words);
  const change = typeof was === "number" && typeof is === "number" && as !== "instant" ? is - was : null;
  return {
    line: names.map((name, n) => said(name, columns[n]?.name ?? "", columns[n]?.as ?? "text")).join(" · "),
    column: columnText({ name: column, as }, place, words),
    was: said(was, column, as),
    is: said(is, column, as),
    change: change === null ? null : `${change > 0 ? "+" : ""}${cellText(change, { as }, place, words)}`,
  };
}
