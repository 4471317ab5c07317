import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { withClient } from "../../dev/database-server.ts";
import { connect } from "../../src/adapters/neon/database.ts";
import { neonRefreshRuns } from "../../src/adapters/neon/refresh-runs.ts";
import { neonRegistry } from "../../src/adapters/neon/registry.ts";
import type { RefreshRuns } from "../../src/ports/refresh-runs.ts";
import type { Registry, TariffRegistration } from "../../src/ports/registry.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";
import { NOON, value } from "./rows.ts";

const HOUR = 3_600_000;
const by = { actor: "Lineo", reason: "a test", at: NOON };

let database: FreshDatabase;
let registry: Registry;
let runs: RefreshRuns;
let hour = 0;
const owner = (query: string) => withClient(database.ownerUrl, (client) => value(client, query));
const put = (of: object, rateE4PerKwh = 50_000) => {
  hour += 1;
  return registry.putTariff({ ...of, rateE4PerKwh, validFrom: NOON + hour * HOUR } as TariffRegistration, by);
};
const newest = () => owner("SELECT unit FROM job_runs ORDER BY id DESC LIMIT 1").then(String);

beforeAll(async () => {
  database = await freshDatabase();
  const db = connect(database.appUrl, database.sqlUrl);
  registry = neonRegistry(db);
  runs = neonRefreshRuns(db);
  await registry.upsertSites(
    ["MAK", "SHG"].map((code) => ({ code, name: code, district: null })),
    by,
  );
  await registry.upsertAccounts(
    ["0001MAK", "0001SHG", "0002MAK", "0003MAK"].map((account) => ({
      account,
      site: account.slice(4),
      status: "live" as const,
      customer: { key: account, name: "Test", phones: [], language: null },
      meters: [],
      aliases: [],
      rates: [],
    })),
    by,
  );
});
beforeEach(() => owner("UPDATE job_runs SET state = 'done'"));
afterAll(() => database.drop());

describe("a change of rates", () => {
  it.each([
    [{ scope: "global" }, { site: null, account: null, accounts: 4 }, ["0001MAK", "0001SHG", "0002MAK", "0003MAK"]],
    [{ scope: "site", site: "MAK" }, { site: "MAK", account: null, accounts: 3 }, ["0001MAK", "0002MAK", "0003MAK"]],
    [{ scope: "account", account: "0002MAK" }, { site: null, account: "0002MAK", accounts: 1 }, ["0002MAK"]],
  ])("of %j has its run, with the accounts it reaches", async (of, extent, accounts) => {
    await put(of);
    const run = await runs.take(await newest(), NOON);
    expect(run).toMatchObject({ ...extent, after: "", walked: false, late: [], seen: 0, fence: 1 });
    expect(run === null ? null : await runs.accountsAfter(run, 10)).toEqual(accounts);
    expect(run === null ? null : await runs.accountsAfter({ ...run, after: "0001SHG" }, 1)).toEqual(
      accounts
        .slice(-2)
        .slice(0, 1)
        .filter((each) => each > "0001SHG"),
    );
  });

  it("leaves no run when it is refused, and none when it is there already", async () => {
    const twice = { scope: "site", site: "MAK", rateE4PerKwh: 1, validFrom: NOON + 900 * HOUR } as const;
    await registry.putTariff(twice, by);
    const count = await owner("SELECT count(*) FROM job_runs");
    await registry.putTariff(twice, by);
    await registry.putTariff({ ...twice, rateE4PerKwh: 2 }, by);
    expect(await owner("SELECT count(*) FROM job_runs")).toBe(count);
  });

  it("that is cancelled has another run, and so has the cut-over", async () => {
    await put({ scope: "site", site: "SHG" });
    const id = Number((await newest()).split(":")[1]);
    await registry.cancelTariff(id, { ...by, reason: "a slip" });
    expect(await newest()).toBe(`tariff:${id}:cancel`);
    await registry.putCutover(NOON, by);
    expect(await newest()).toMatch(/^cutover:\d+$/);
    const count = await owner("SELECT count(*) FROM job_runs");
    await registry.putCutover(NOON, by);
    expect(await owner("SELECT count(*) FROM job_runs")).toBe(count);
  });
});

describe("a run", () => {
  const advance = { after: "0001SHG", walked: false, late: ["0001MAK"], seen: 2 };

  it("keeps how far it came, for whoever takes it next", async () => {
    await put({ scope: "global" });
    const unit = await newest();
    const first = await runs.take(unit, NOON);
    expect(await runs.advance({ unit, fence: first?.fence ?? 0, ...advance }, NOON + 5, NOON)).toBe(true);
    expect(await runs.take(unit, NOON)).toMatchObject({ ...advance, fence: 2, accounts: 4 });
  });

  it("takes nothing from a worker that another has overtaken", async () => {
    await put({ scope: "global" });
    const unit = await newest();
    const slow = await runs.take(unit, NOON);
    await runs.take(unit, NOON);
    expect(await runs.advance({ unit, fence: slow?.fence ?? 0, ...advance }, NOON, NOON)).toBe(false);
  });

  it("is due when its lease is over, the widest first, and not when it is done", async () => {
    await put({ scope: "account", account: "0001MAK" });
    await put({ scope: "site", site: "SHG" });
    await put({ scope: "global" });
    const units = await runs.due(NOON, 10);
    expect(units).toHaveLength(3);
    const [wide] = units;
    expect(wide).toBe(await newest());
    await runs.take(String(units[2]), NOON);
    expect(await runs.due(NOON + 119_999, 10)).toEqual(units.slice(0, 2));
    expect(await runs.due(NOON + 120_000, 10)).toHaveLength(3);
    const taken = await runs.take(String(units[2]), NOON + 120_000);
    await runs.advance(
      { unit: String(units[2]), fence: taken?.fence ?? 0, after: "", walked: true, late: [], seen: 1 },
      NOON,
      NOON,
    );
    expect(await runs.due(NOON + HOUR, 10)).toEqual(units.slice(0, 2));
    expect(await runs.take(String(units[2]), NOON)).toBeNull();
  });

  it("takes earlier ones along that it covers whole and that have not begun", async () => {
    await put({ scope: "global" });
    const begun = await newest();
    const { fence = 0 } = (await runs.take(begun, NOON)) ?? {};
    await runs.advance({ unit: begun, fence, ...advance }, NOON, NOON);
    await put({ scope: "account", account: "0001SHG" });
    const foreign = await newest();
    for (const of of [
      { scope: "site", site: "MAK" },
      { scope: "account", account: "0002MAK" },
      { scope: "site", site: "MAK" },
    ])
      await put(of);
    const wide = await newest();
    await runs.take(wide, NOON);
    expect((await runs.due(NOON + HOUR, 10)).toSorted()).toEqual([begun, foreign, wide].toSorted());
    expect(
      await owner(
        `SELECT string_agg(DISTINCT counts ->> 'toldBy', ',') FROM job_runs WHERE state = 'done' AND counts ? 'toldBy'`,
      ),
    ).toBe(wide);
  });
});
