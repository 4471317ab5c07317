/** Every bench, in its shortest honest size and as a whole, and what is read out of what it prints. */
import { cellOf, pagesOf, type Quantity, quantitiesOf, type Table } from "./read.ts";

/** A figure beside what this machine could do at best: a floor, or the same thing where it is small. */
export type Figure = { name: string; figure: Quantity; floorName: string; floor: Quantity | null };

type Told = {
  tables: readonly Table[];
  /** What began the run, the SMS path or its floors alone: they are those of the benches that have none. */
  floors: readonly Table[];
  isWhole: boolean;
};
export type BenchOfAll = {
  name: string;
  script: string;
  /** Arguments of the short form; the whole is what the bench does when nothing is said. */
  short: readonly string[];
  /** Beside floors of the SMS path. */
  needsFloors?: true;
  /** Null in it: not in what the bench printed. */
  figures: (told: Told) => (Figure | null)[];
};

const ECHO = /^bare workerd, a request echoed/;
const WRITE = /^bare object write, one object/;
const COPY = /^multi-row INSERT through the bridge/;
const SINGLE = /^single INSERTs, 1 connection/;
const ECHO_AT_ONCE = 4;
/** Customers in the file of registrations. */
const ROWS_SHORT = 500;
const ROWS_WHOLE = 5_000;
/** Columns of hours in the database: that of the short form, and the last of the whole. */
const HOURS_SHORT = "200,000 hours";
const HOURS_WHOLE = "20,000,000 hours";
/** Each size of a country has three columns: time, pages, rows. The largest of the short form, and of the whole, and where its pages stand. */
const GROWN_SHORT = ["10,000 accounts", 5] as const;
const GROWN_WHOLE = ["100,000 accounts", 8] as const;
const GROWN_FIRST_PAGES = 2;

const nth = (cell: string | null, n = 0): Quantity | null => quantitiesOf(cell)[n] ?? null;
const floorOf = (floors: readonly Table[], row: RegExp) => nth(cellOf(floors, row, "rate"));
const made = (name: string, figure: Quantity | null, floorName: string, floor: Quantity | null): Figure | null =>
  figure === null ? null : { name, figure, floorName, floor };
const rateOf = (count: number, took: Quantity | null): Quantity | null =>
  took === null || took.value === 0 ? null : { value: (count * 1_000) / took.value, unit: "/s" };

/** How long a request takes that is only echoed, with as many beside it. */
function echoMsOf(floors: readonly Table[]): Quantity | null {
  const echo = floorOf(floors, ECHO);
  return echo === null ? null : { value: (ECHO_AT_ONCE * 1_000) / echo.value, unit: "ms" };
}

/** The column of the table of `overload` that says how soon who is refused knows it. */
const REFUSED_P95 = 6;

export const BENCHES: readonly BenchOfAll[] = [
  {
    name: "sms",
    script: "dev/bench/sms.ts",
    needsFloors: true,
    short: ["--only", "load,connect,floors", "--old", "fast", "--sms", "1000", "--warm", "300"],
    figures: ({ tables, floors }) => {
      const echoMs = echoMsOf(floors);
      const connect = (column: number) => nth(cellOf(tables, /payments, .* connects/, column));
      return [
        made(
          "SMS acknowledged",
          nth(cellOf(tables, /^fast$/, "acknowledged")),
          "an object's writes",
          floorOf(floors, WRITE),
        ),
        made(
          "SMS end to end",
          nth(cellOf(tables, /^fast$/, "end to end")),
          "rows through the bridge",
          floorOf(floors, COPY),
        ),
        made("POST of 10 SMS a second, p95", connect(2), "a request echoed", echoMs),
        made("POST to published connect, p95", connect(4), "a request echoed", echoMs),
      ];
    },
  },
  {
    name: "meters",
    script: "dev/bench/meters.ts",
    short: ["--only", "day,live,floors", "--meters", "200"],
    figures: ({ tables }) => {
      const day = /batches of 50 meters/;
      const insert = nth(cellOf(tables, /^multi-row INSERT of the same rows/, "rate"));
      return [
        made(
          "readings of a day acknowledged",
          nth(cellOf(tables, day, "acknowledged")),
          "objects' writes of the same shape",
          nth(cellOf(tables, /^bare object write/, "rate")),
        ),
        made(
          "readings of a day end to end",
          nth(cellOf(tables, day, "end to end, with hours")),
          "multi-row INSERT of the same rows",
          insert,
        ),
        made(
          "live readings acknowledged",
          nth(cellOf(tables, /: live,/, "acknowledged")),
          "objects' writes of the same shape",
          nth(cellOf(tables, /\/s$/, 1)),
        ),
      ];
    },
  },
  {
    name: "imports",
    script: "dev/bench/imports.ts",
    needsFloors: true,
    short: ["--only", "report", "--meters", "100"],
    figures: ({ tables, floors }) => {
      const row = /^Koios, one report/;
      const intervals = Number((cellOf(tables, row, 1) ?? "0").replaceAll(",", ""));
      return [
        made(
          "intervals of a site-day, our own CPU with the copy",
          rateOf(intervals, nth(cellOf(tables, row, 6))),
          "rows through the bridge",
          floorOf(floors, COPY),
        ),
      ];
    },
  },
  {
    name: "analytics",
    script: "dev/bench/analytics.ts",
    short: ["--accounts", "200", "--hours", "200000", "--transactions", "20000", "--each", "5"],
    figures: ({ tables, isWhole }) =>
      ["operations", "money", "days"].map((report) => {
        const row = new RegExp(`^${report}$`);
        return made(
          `report ${report}, all its figures, p95`,
          nth(cellOf(tables, row, isWhole ? HOURS_WHOLE : HOURS_SHORT)),
          "CPU of the database",
          nth(cellOf(tables, row, "CPU of the database")),
        );
      }),
  },
  {
    name: "hours",
    script: "dev/bench/hours.ts",
    needsFloors: true,
    short: ["--accounts", "50"],
    figures: ({ tables, floors }) => [
      made("raw hours as a file", nth(cellOf(tables, /^\d+$/, 4)), "rows through the bridge", floorOf(floors, COPY)),
    ],
  },
  {
    name: "search",
    script: "dev/bench/search.ts",
    short: ["--customers", "10000", "--each", "20"],
    figures: ({ tables }) =>
      ["given and family name", "phone"].map((kind) => {
        const row = new RegExp(`^${kind}$`);
        const asked = nth(cellOf(tables, row, "as the Worker asks p50 / p95 / max"), 1);
        return made(
          `search by ${kind}, p95`,
          asked,
          "the statements alone",
          nth(cellOf(tables, row, "run p50 / p95 / max"), 1),
        );
      }),
  },
  {
    name: "registration",
    script: "dev/bench/registration.ts",
    needsFloors: true,
    short: ["--rows", String(ROWS_SHORT), "--there", "2000"],
    figures: ({ tables, floors, isWhole }) => [
      made(
        "customers of a file, uploaded and taken",
        rateOf(isWhole ? ROWS_WHOLE : ROWS_SHORT, nth(cellOf(tables, /^CSV/, "upload and taken"))),
        "single INSERTs",
        floorOf(floors, SINGLE),
      ),
    ],
  },
  {
    name: "overload",
    script: "dev/bench/overload.ts",
    needsFloors: true,
    short: ["--seconds", "10", "--before", "400"],
    figures: ({ tables, floors }) => {
      const [usual, many] = [/^4$/, /^\d{2,}$/];
      return [
        made(
          "SMS acknowledged in an overload",
          nth(cellOf(tables, many, "acknowledged")),
          "of four phones",
          nth(cellOf(tables, usual, "acknowledged")),
        ),
        made("a refusal in it, p95", nth(cellOf(tables, many, REFUSED_P95)), "a request echoed", echoMsOf(floors)),
      ];
    },
  },
  {
    name: "growth",
    script: "dev/bench/growth.ts",
    short: ["--accounts", "1000,10000", "--each", "5"],
    figures: ({ tables, isWhole }) =>
      ["account page", "search, a phone", "nightly heads"].map((question) => {
        const row = new RegExp(`^${question}`);
        const [largest, column] = isWhole ? GROWN_WHOLE : GROWN_SHORT;
        const at = (pages: number) => pagesOf(cellOf(tables, row, pages));
        return made(`${question}, of ${largest}`, at(column), "of 1,000 accounts", at(GROWN_FIRST_PAGES));
      }),
  },
];

/** The floors of the SMS path alone, for a run without it. */
export const FLOORS: BenchOfAll = {
  name: "floors",
  script: "dev/bench/sms.ts",
  short: ["--only", "floors"],
  figures: () => [],
};

/** What runs for these names, in its order: the floors come first where a bench is compared with them. */
export function planOf(
  wanted: readonly string[],
): { ok: true; benches: BenchOfAll[] } | { ok: false; unknown: string[] } {
  const unknown = wanted.filter((name) => BENCHES.every((bench) => bench.name !== name));
  if (unknown.length > 0) return { ok: false, unknown };
  const benches = BENCHES.filter(({ name }) => wanted.includes(name));
  const hasFloors = benches.some(({ name }) => name === "sms");
  const needsFloors = benches.some((bench) => bench.needsFloors);
  return { ok: true, benches: needsFloors && !hasFloors ? [FLOORS, ...benches] : benches };
}
