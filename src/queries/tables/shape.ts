import type { Permission } from "../../domain/permission.ts";

/** int: whole, up to 2^53. num: exact decimals, as text on the wire. at: an instant. texts: a list of words. */
export type ColumnType = "text" | "int" | "num" | "bool" | "at" | "day" | "json" | "texts";

export type Column = {
  name: string;
  type: ColumnType;
  nullable: boolean;
  /** Null: a count, a name, an instant. */
  unit: string | null;
  /** Sorted and filtered by an index, however many rows there are. */
  isFast: boolean;
  /** An expression over the row `t`, of what is in no column of the database; null: the column itself. */
  computed: string | null;
};

export type BrowsedTable = {
  name: string;
  says: string;
  /** Who writes it; nobody else does. */
  writer: string;
  permission: Permission;
  /** Names a row; also the order of pages. */
  key: readonly string[];
  columns: readonly Column[];
  /** Where the rows are, when it is not a table of this name, and which of them; no key is one of all of them. */
  from: string;
  where: string | null;
  /** May have millions of rows: only what is fast is sorted and filtered by. */
  isLarge: boolean;
};

const UNITS: readonly [RegExp, string][] = [
  [/_wh$/, "Wh"],
  [/_minor(_max)?$/, "minor units of the currency"],
  [/(^|_)w$/, "W"],
  [/_mv$/, "mV"],
  [/_ma$/, "mA"],
  [/_mhz$/, "mHz"],
  [/^rate$/, "currency per kWh"],
  [/^rate_e4_per_kwh$/, "ten-thousandths of the currency per kWh"],
  [/^usd_per_unit$/, "USD"],
  [/^(latitude|longitude)$/, "degrees"],
  [/_seconds$/, "s"],
];

const COLUMN = /^([a-z][a-z0-9_]*):(text|int|num|bool|at|day|json|texts)(\?)?(!)?$/;

/** Columns as "name:type", with ? where it may be null and ! where an index sorts by it. */
export function columnsOf(words: string): Column[] {
  return words
    .trim()
    .split(/\s+/)
    .map((word) => {
      const [, name, type, nullable, fast] = COLUMN.exec(word) ?? [];
      if (name === undefined || type === undefined) throw new Error(`no column: ${word}`);
      return {
        name,
        type: type as ColumnType,
        nullable: nullable !== undefined,
        unit: UNITS.find(([ending]) => ending.test(name))?.[1] ?? null,
        isFast: fast !== undefined,
        computed: null,
      };
    });
}
