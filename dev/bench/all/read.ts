/** Figures out of the Markdown that a bench prints. */

export type Table = { head: string[]; rows: string[][] };

const cellsOf = (line: string) =>
  line
    .split("|")
    .slice(1, -1)
    .map((cell) => cell.trim());

/** Every table of a text, in order. */
export function tablesIn(text: string): Table[] {
  const tables: Table[] = [];
  let open: string[][] = [];
  for (const line of [...text.split("\n"), ""]) {
    if (line.startsWith("|")) {
      open.push(cellsOf(line));
      continue;
    }
    const [head, , ...rows] = open;
    if (head !== undefined && open.length > 2) tables.push({ head, rows });
    open = [];
  }
  return tables;
}

/** The cell of the first row that fits, in any table with this column. Null: there is none. */
export function cellOf(tables: readonly Table[], row: RegExp, column: string | number): string | null {
  for (const { head, rows } of tables) {
    const at = typeof column === "number" ? column : head.indexOf(column);
    const found = rows.find(([name = ""]) => row.test(name));
    if (at >= 0 && found?.[at] !== undefined) return found[at];
  }
  return null;
}

const MACHINE = /^(?:\*\*Machine:\*\* )?(.*\d+ cores · node .*commit [0-9a-f]+)/m;

/** What a bench says it ran on: processor, versions, day and commit. Null: it does not say. */
export const machineIn = (text: string): string | null => MACHINE.exec(text)?.[1] ?? null;

/** A line that a Worker of the bench logged, or workerd itself. */
export const isWorkerLog = (line: string): boolean => line.startsWith('{"at":"') || line.startsWith("NOSENTRY ");

const NUMBER = /(\d[\d,]*(?:\.\d+)?)\s*(\/s|ms|s)\b/g;

/** Rates a second and durations in milliseconds of a cell, in their order. */
export function quantitiesOf(cell: string | null): Quantity[] {
  return [...(cell ?? "").matchAll(NUMBER)].map(([, digits = "", unit = ""]) => {
    const value = Number(digits.replaceAll(",", ""));
    return unit === "s" ? { value: value * 1_000, unit: "ms" } : { value, unit: unit as "/s" | "ms" };
  });
}

/** A cell of the database's pages of 8 kB, which says no unit. Null: no number. */
export function pagesOf(cell: string | null): Quantity | null {
  const digits = cell?.replaceAll(",", "") ?? "";
  return /^\d+$/.test(digits) ? { value: Number(digits), unit: "pages" } : null;
}

export type Quantity = { value: number; unit: "/s" | "ms" | "pages" };

/** How many times its floor a figure costs: of a rate how often the floor is faster, of a duration or of pages how often it is more. Null: not comparable. */
export function timesFloor(figure: Quantity, floor: Quantity | null): number | null {
  if (floor === null || floor.unit !== figure.unit || figure.value === 0 || floor.value === 0) return null;
  return figure.unit === "/s" ? floor.value / figure.value : figure.value / floor.value;
}
