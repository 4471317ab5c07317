/** What `npm run migrate:access` sends to the door, and how it goes on after it was stopped. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readAccess } from "../dev/access/migrate.ts";
import { AccessSpools } from "../dev/access/spools.ts";
import { toWrite } from "../dev/access/to-write.ts";
import type { Call } from "../dev/move-in.ts";
import { writeMove } from "../dev/moving-in/write.ts";
import { COUNTRIES } from "../src/domain/country.ts";
import { DERIVED_PATH, key, MAIN_PATH } from "./access-files.ts";

const LS = COUNTRIES.LS;
const plan = { main: MAIN_PATH, derived: DERIVED_PATH, country: LS, asOf: "2025-10-16", now: Date.UTC(2026, 10, 28) };
const folder = mkdtempSync(join(tmpdir(), "cc-access-"));
const spools = new AccessSpools(join(folder, "report.json"));
const moved = readAccess(plan, () => undefined, spools);
afterAll(() => rmSync(folder, { recursive: true }));

type Body = {
  customers?: { legacyId: number }[];
  accounts?: { account: string }[];
  job?: string;
  from?: number;
  total?: number;
  rows?: { source: string; id: string }[];
  openings?: { account: string; energyWh: number }[];
  meters?: string[];
  source?: string;
  origin?: string;
  readings?: { id: string }[];
  totals?: { id: string }[];
  rates?: object[];
};

/** A door that keeps what it gets, and remembers how far the history came; from the `dies`th call on it refuses all. */
function door(dies = Number.POSITIVE_INFINITY) {
  let left = dies;
  const kept = {
    customers: new Set<number>(),
    accounts: [] as string[],
    history: new Set<string>(),
    openings: new Map<string, number>(),
    tables: new Set<string>(),
    meters: new Set<string>(),
    rates: [] as object[],
    paths: [] as string[],
  };
  const progress = new Map<string, { rows: number; done: boolean }>();
  const outcomes = (all: [string, boolean][]) => ({
    outcomes: all.map(([subject, isNew]) => ({ subject, outcome: isNew ? "moved" : "known" })),
  });
  const isNew = <T>(set: Set<T>, value: T) => !set.has(value) && set.add(value) !== undefined;
  const call: Call = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    if (--left < 0) throw new Error("here answered 403: no");
    const {
      customers = [],
      accounts = [],
      rows = [],
      openings = [],
      job = "",
      from = 0,
      total = 0,
    } = (body ?? {}) as Body;
    kept.paths.push(`${method} ${path.replace(/[0-9a-f]{32}/, "JOB")}`);
    if (method === "GET") return (progress.get(path.split("/").at(-1) ?? "") ?? { rows: 0, done: false }) as T;
    if (path === "/move-in/customers")
      return outcomes(customers.map(({ legacyId }) => [`customer ${legacyId}`, isNew(kept.customers, legacyId)])) as T;
    if (path === "/move-in/accounts")
      return outcomes(
        accounts.map(({ account }) => [account, !kept.accounts.includes(account) && kept.accounts.push(account) > 0]),
      ) as T;
    if (path === "/openings") {
      for (const { account, energyWh } of openings) kept.openings.set(account, energyWh);
      return {
        results: openings.map(({ account, energyWh: balanceWh }) => ({ account, status: "opened", balanceWh })),
      } as T;
    }
    if (path === "/rates") {
      kept.rates.push(...((body as Body).rates ?? []));
      return { version: 1 } as T;
    }
    if (path === "/move-in/meters") {
      const { meters = [] } = body as Body;
      const made = meters.filter((meter) => isNew(kept.meters, meter)).length;
      return { made, known: meters.length - made } as T;
    }
    if (path === "/move-in/readings" || path === "/move-in/totals") {
      const { source, origin, readings = [], totals = [] } = body as Body;
      const all = [...readings, ...totals];
      const taken = all.filter(({ id }) => isNew(kept.tables, `${source ?? origin} ${id}`)).length;
      progress.set(job, { rows: from + all.length, done: from + all.length >= total });
      return { taken, known: all.length - taken, refused: [] } as T;
    }
    const added = rows.filter(({ source, id }) => isNew(kept.history, `${source} ${id}`)).length;
    progress.set(job, { rows: from + rows.length, done: from + rows.length >= total });
    return { added, rows: rows.map(({ id }, index) => ({ index, sourceId: id, outcome: "no_receipt" })) } as T;
  };
  const lines: string[] = [];
  const run = (country = LS) =>
    writeMove(
      call,
      toWrite(moved, spools, country),
      { country, cutoverAt: null },
      (line) => lines.push(line),
      () => undefined,
    );
  const live = () => {
    left = Number.POSITIVE_INFINITY;
  };
  return { run, live, kept, lines };
}

describe("npm run migrate:access", () => {
  it("sends customers, then accounts in the order of their numbers, the history, the openings, the rate, meters, readings and totals", async () => {
    const { run, kept, lines } = door();
    const written = await run();
    expect(kept.customers.size).toBe(key.expected.customers);
    expect(kept.accounts).toHaveLength(key.expected.accounts);
    const ordered = [...kept.accounts].sort((a, b) => (a.slice(-3) + a < b.slice(-3) + b ? -1 : 1));
    expect(kept.accounts).toEqual(ordered);
    expect(kept.history.size).toBe(key.expected.transactions.taken);
    const firsts = [...new Set(kept.paths)];
    expect(firsts).toEqual([
      "POST /move-in/customers",
      "POST /move-in/accounts",
      "GET /legacy/claim/JOB",
      "POST /legacy/claim",
      "POST /openings",
      "POST /rates",
      "POST /move-in/meters",
      "POST /move-in/readings",
      "POST /move-in/totals",
    ]);
    expect(kept.meters.size).toBe(key.expected.meters);
    expect(kept.rates).toEqual([
      { scope: "global", subject: null, rateE4PerKwh: 50_000, validFrom: "2023-03-31T22:00:00.000Z" },
    ]);
    const { derived, readings } = key.expected;
    const totals = Object.values<{ distinct: number }>(derived).reduce((sum, { distinct }) => sum + distinct, 0);
    expect(kept.tables.size).toBe(readings.taken + totals);
    expect(Object.values(written.tables).reduce((sum, { taken }) => sum + taken, 0)).toBe(kept.tables.size);
    expect(written.refusedRows).toEqual([]);
    expect(lines.filter((line) => line.includes("of no site of Lesotho"))).toEqual([]);
    expect(lines).toContain(`customers {"moved":${key.expected.customers}}`);
    expect(lines).toContain(
      `history   {"added":${key.expected.transactions.taken},"no_receipt":${key.expected.transactions.taken}}`,
    );
    expect(written).toMatchObject({
      customers: { moved: key.expected.customers },
      accounts: { moved: key.expected.accounts },
    });
  });

  it("opens the accounts it wrote, and no others, with the balances of the report", async () => {
    const { run, kept, lines } = door();
    // A country that does not know these sites at all: their accounts are listed, and so are their openings.
    const { openings } = await run({ ...LS, closedSiteCodes: [] });
    const ours = key.expected.accounts - 12;
    expect(lines.filter((line) => line.includes("of no site of Lesotho"))).toHaveLength(12);
    expect(kept.accounts).toHaveLength(ours);
    const theirs = moved.report.openings.filter(({ account }) => kept.accounts.includes(account));
    expect(theirs.length).toBeGreaterThan(0);
    expect(theirs.length).toBeLessThan(moved.report.openings.length);
    expect(kept.openings).toEqual(new Map(theirs.map(({ account, balanceWh }) => [account, balanceWh])));
    expect(openings).toMatchObject({
      opened: theirs.length,
      energyWh: theirs.reduce((sum, { balanceWh }) => sum + balanceWh, 0),
      withoutBalance: ours - theirs.length,
    });
    expect(openings.notOpened).toHaveLength(moved.report.openings.length - theirs.length);
  });

  it("goes on where it was when a table was half brought, and brings nothing twice", async () => {
    const whole = door();
    const all = await whole.run();
    const first = whole.kept.paths.indexOf("POST /move-in/totals");
    const { run, live, kept, lines } = door(first);
    await expect(run()).rejects.toThrow("answered 403");
    expect(kept.tables.size).toBe(key.expected.readings.taken);
    live();
    const again = await run();
    expect(again.tables.tblmeterdata1).toMatchObject({ taken: 0, known: all.tables.tblmeterdata1?.taken, from: 0 });
    expect(kept.tables).toEqual(whole.kept.tables);
    expect(lines.filter((line) => line.includes("went on at row"))).toEqual([]);
  });

  it("goes on where it was when the history was half brought, and brings nothing twice", async () => {
    const { run, live, kept, lines } = door(4 + 4 + 1 + 5);
    await expect(run()).rejects.toThrow("answered 403");
    expect(kept.history.size).toBe(2_500);
    live();
    await run();
    expect(lines).toContain("history   goes on at row 2501");
    expect(lines).toContain(`customers {"known":${key.expected.customers}}`);
    expect(kept.history.size).toBe(key.expected.transactions.taken);
    await run();
    expect(lines).toContain(`history   {"added":0,"no_receipt":${key.expected.transactions.taken}}`);
    expect(kept.history.size).toBe(key.expected.transactions.taken);
  });
});
