import type { Finding, MovedCounts, MovedSum } from "../../../src/queries/moved-figures.ts";
import type { Expected } from "./expected.ts";

/** What the books say of themselves. */
export type Found = {
  counts: MovedCounts;
  sums: readonly MovedSum[];
  readings: readonly { source: string; year: number; rows: number }[];
  findings: readonly Finding[];
};
/** One account by three mouths: its own object, the books' sum, and the old system. Null: nobody said. */
export type Asked = {
  account: string;
  objectWh: number | null;
  objectSeq: number | null;
  booksWh: number | null;
  booksSeq: number | null;
  openingWh: number | null;
  oldOpeningWh: number | null;
};
export type Difference = { what: string; old: string; here: string };

/** Of what comes into the books from objects, after they have accepted it. */
export const isCopied = ({ what }: Difference): boolean =>
  /^(openings|account |receipt_not_claimed|head_differs)/.test(what);

/** All that differs; nothing where all is as it must be. */
export function compareMove(expected: Expected | null, found: Found, asked: readonly Asked[]): Difference[] {
  return [
    ...(expected === null ? [] : compareWithOld(expected, found)),
    ...found.findings
      .filter(({ count }) => count > 0)
      .map(({ check, count, examples }) => ({ what: check, old: "none", here: `${count}: ${examples.join(", ")}` })),
    ...asked.flatMap(compareAccount),
  ];
}

function compareWithOld(expected: Expected, { counts, sums, readings }: Found): Difference[] {
  const ours = sums.filter(({ source }) => expected.sources.includes(source));
  const rows = (some: readonly MovedSum[]) => some.reduce((sum, each) => sum + each.rows, 0);
  const dated = ours.filter(({ year }) => year !== null);
  const kinds = new Set([...Object.keys(expected.transactionsByKind), ...dated.map(({ kind }) => kind)]);
  return [
    ...differ("customers of the Access years", expected.customersOfAccess, counts.customersOfAccess),
    ...differ("customers who came after them", expected.customersOfPostgres, counts.customersOfPostgres),
    ...differ("accounts", expected.accounts, counts.accounts),
    ...differ("meters placed", expected.metersPlaced, counts.metersPlaced),
    ...[...kinds].flatMap((kind) =>
      differ(
        `transactions, ${kind}`,
        expected.transactionsByKind[kind] ?? 0,
        rows(dated.filter((each) => each.kind === kind)),
      ),
    ),
    ...differ(
      "rows that came for their receipt alone",
      expected.undated,
      rows(ours.filter(({ year }) => year === null)),
    ),
    ...comparePayments(expected, dated),
    ...(expected.openings === null
      ? []
      : [
          ...differ("openings", expected.openings.length, counts.openings),
          ...differ(
            "openings, Wh",
            expected.openings.reduce((sum, { balanceWh }) => sum + balanceWh, 0),
            counts.openingsWh,
          ),
        ]),
    ...(expected.readings === null ? [] : compareReadings(expected.readings, readings)),
  ];
}

type Sums = { payments: number; amountMinor: number; energyWh: number };

function comparePayments({ payments }: Expected, dated: readonly MovedSum[]): Difference[] {
  const old = new Map<string, Sums>(
    Object.entries(payments).flatMap(([site, years]) =>
      Object.entries(years).map(([year, sums]) => [`${site} ${year}`, sums] as const),
    ),
  );
  const here = new Map<string, Sums>();
  for (const { kind, site, year, rows, amountMinor, energyWh } of dated) {
    if (kind !== "payment") continue;
    const key = `${site ?? ""} ${year}`;
    const before = here.get(key) ?? { payments: 0, amountMinor: 0, energyWh: 0 };
    here.set(key, {
      payments: before.payments + rows,
      amountMinor: before.amountMinor + amountMinor,
      energyWh: before.energyWh + energyWh,
    });
  }
  const none = { payments: 0, amountMinor: 0, energyWh: 0 };
  return [...new Set([...old.keys(), ...here.keys()])].sort().flatMap((key) => {
    const [a, b] = [old.get(key) ?? none, here.get(key) ?? none];
    return [
      ...differ(`payments ${key}, rows`, a.payments, b.payments),
      ...differ(`payments ${key}, minor units`, a.amountMinor, b.amountMinor),
      ...differ(`payments ${key}, Wh`, a.energyWh, b.energyWh),
    ];
  });
}

function compareReadings(expected: NonNullable<Expected["readings"]>, found: Found["readings"]): Difference[] {
  const here = new Map<string, number>(found.map(({ source, year, rows }) => [`${source} ${year}`, rows]));
  const old = new Map<string, number>(
    Object.entries(expected).flatMap(([source, years]) =>
      Object.entries(years).map(([year, rows]) => [`${source} ${year}`, rows] as const),
    ),
  );
  const keys = [
    ...new Set([...old.keys(), ...[...here.keys()].filter((key) => (key.split(" ")[0] ?? "") in expected)]),
  ];
  return keys.sort().flatMap((key) => differ(`readings ${key}`, old.get(key) ?? 0, here.get(key) ?? 0));
}

function compareAccount({
  account,
  objectWh,
  objectSeq,
  booksWh,
  booksSeq,
  openingWh,
  oldOpeningWh,
}: Asked): Difference[] {
  const named = (what: string) => `account ${account}, ${what}`;
  return [
    ...differ(named("its own balance and the books' sum"), booksWh, objectWh),
    ...differ(named("its own head and the books'"), booksSeq, objectSeq),
    ...(oldOpeningWh === null ? [] : differ(named("opening"), oldOpeningWh, openingWh)),
  ];
}

const differ = (what: string, old: number | null, here: number | null): Difference[] =>
  old === here ? [] : [{ what, old: old === null ? "-" : String(old), here: here === null ? "-" : String(here) }];
