import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { withClient } from "../../dev/database-server.ts";
import { neonCopies } from "../../src/adapters/neon/copy-rows.ts";
import { connect, type Database } from "../../src/adapters/neon/database.ts";
import { keepMeterCounts } from "../../src/adapters/neon/meter-counts.ts";
import { neonRegistry } from "../../src/adapters/neon/registry.ts";
import type { MeterState } from "../../src/domain/meter-state.ts";
import type { OutboxRow, RegisterRow } from "../../src/domain/outbox.ts";
import { accountsWithoutMeter } from "../../src/queries/accounts-without-meter.ts";
import { KEPT_COUNTS_MS_MAX, meterCounts } from "../../src/queries/meter-counts.ts";
import { type MeterQuestion, meterNow, metersOf } from "../../src/queries/meter-list.ts";
import { metersOnMap } from "../../src/queries/meter-map.ts";
import { meterReadings, meterStory } from "../../src/queries/meter-story.ts";
import { ticketFindings } from "../../src/queries/ticket-findings.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS, reading, readings } from "./reading-rows.ts";
import { credit, items, NOON, payment, seed } from "./rows.ts";

let database: FreshDatabase;
let db: Database;
let first: number;
let second: number;
const ONE = "23099001";
const TWO = "23099002";
const SPARK = "SM16R-01-0000ABCD";

const run = (query: string) => withClient(database.ownerUrl, (client) => client.query(query));
const write = async (...rows: OutboxRow[]) =>
  expect(await neonCopies(db).write(items(rows))).toMatchObject({ refused: [], conflicts: [] });
const place = (meter: string, accountId: number, role = "primary", from = NOON - DAY_MS, to: number | null = null) =>
  run(`INSERT INTO meters (meter_number) VALUES ('${meter}') ON CONFLICT DO NOTHING;
    INSERT INTO meter_placements (meter_id, account_id, role, valid_from, valid_to, facts_version)
    SELECT id, ${accountId}, '${role}', cc_at(${from}), cc_at(${to}), 1 FROM meters WHERE meter_number = '${meter}'`);
const said = (meter: string, accountId: number, at: number, over: Partial<RegisterRow> = {}) =>
  write(readings(accountId, meter, [reading(at, over.registerWh ?? 5_000)], over));
const word = (meter: string, accountId: number, state: string, at: number, until: number | null) =>
  run(`INSERT INTO relay_overrides (id, account_id, meter_id, state, actor, reason, at, expires_at)
    SELECT 'o-${at}', ${accountId}, id, '${state}', 'Lineo', 'a wire is down', cc_at(${at}), cc_at(${until})
    FROM meters WHERE meter_number = '${meter}'`);
const asked = (over: Partial<MeterQuestion & { state: MeterState | null; after: string; limit: number }> = {}) =>
  metersOf(db, { now: NOON, site: null, platform: null, text: "", state: null, after: "", limit: 50, ...over });
const numbers = async (over: Parameters<typeof asked>[0] = {}) => (await asked(over)).map((row) => row.meterNumber);
const counted = (over: Partial<MeterQuestion> = {}) =>
  meterCounts(db, { now: NOON, site: null, platform: null, text: "", ...over });
const counts = async (over: Partial<MeterQuestion> = {}) => (await counted(over)).counts;
/** What the quarter-hourly look at all meters keeps. */
const walk = async (now: number) => keepMeterCounts(db, (await ticketFindings(db, now)).meters, now);
const by = { actor: "Lineo", reason: "it stands there", at: NOON, requestId: "r-1" };
const placing = { account: "0046MAK", meterNumber: "23099777", role: "primary" as const, from: NOON - HOUR_MS };
const unknown = { baseRegisterWh: null, thing: null, ratingW: null };

beforeEach(async () => {
  database = await freshDatabase();
  db = connect(database.appUrl, database.sqlUrl);
  [first, second] = await seed(database.ownerUrl);
});
afterEach(() => database.drop());

describe("the list of meters", () => {
  it("has each meter once, with the account of now, and those that nobody has placed at the end", async () => {
    await place(ONE, first, "primary", NOON - 9 * DAY_MS, NOON - DAY_MS);
    await place(ONE, second);
    await place(TWO, first);
    await run("INSERT INTO meters (meter_number, thing) VALUES ('11', 'thing-11')");
    const rows = await asked();
    expect(rows.map((row) => [row.meterNumber, row.account, row.holder])).toEqual([
      [TWO, "0045MAK", "Test One"],
      [ONE, "0046MAK", "Test Two"],
      ["11", null, null],
    ]);
    expect(rows[2]).toMatchObject({ seenAt: null, heard: false, connected: null, leftWh: null, platform: "own" });
  });

  it("has one meter by its whole number as the list has it, also where more than a page of others hold its number in theirs", async () => {
    await place("23", first);
    await said("23", first, NOON - MINUTE_MS);
    await place(ONE, second);
    await run("INSERT INTO meters (meter_number) SELECT '23' || n FROM generate_series(100, 320) n");
    const listed = (await asked()).find((row) => row.meterNumber === "23");
    expect(listed).toMatchObject({ account: "0045MAK", heard: true });
    expect(await meterNow(db, { now: NOON, meterNumber: "23" })).toEqual(listed);
    expect(await meterNow(db, { now: NOON, meterNumber: "23100" })).toMatchObject({
      meterNumber: "23100",
      account: null,
    });
    expect(await meterNow(db, { now: NOON, meterNumber: "2" })).toBeNull();
  });

  it("goes on after a page without losing or repeating one", async () => {
    for (const n of [1, 2, 3, 4, 5]) await place(`2309900${n}`, first, "check");
    const [one, two] = await asked({ limit: 2 });
    const rest = await numbers({ after: two?.key ?? "" });
    expect([one?.meterNumber, two?.meterNumber, ...rest]).toEqual([1, 2, 3, 4, 5].map((n) => `2309900${n}`));
  });

  it("goes page by page over accounts, their several meters and those that nobody has placed, as the whole list does", async () => {
    for (const n of [3, 1, 2]) await place(`2309900${n}`, first, n === 1 ? "primary" : "check");
    await place("23099010", second);
    await place("23099011", second, "backup", NOON - 9 * DAY_MS, NOON - DAY_MS);
    await run("INSERT INTO meters (meter_number) VALUES ('9'), ('10'), ('SM16R-01-0000FFFF')");
    const whole = ["23099001", "23099002", "23099003", "23099010", "10", "23099011", "9", "SM16R-01-0000FFFF"];
    for (const limit of [1, 2, 3, 5, 50]) {
      const seen: string[] = [];
      for (let [after, pages] = ["", 0]; pages < 20; pages++) {
        const page = await asked({ after, limit });
        seen.push(...page.map(({ meterNumber }) => meterNumber));
        if (page.length < limit) break;
        after = page.at(-1)?.key ?? "";
      }
      expect(seen).toEqual(whole);
    }
    expect(await numbers({ site: "MAK" })).toEqual(whole.slice(0, 4));
    expect(await numbers({ platform: "koios" })).toEqual(["SM16R-01-0000FFFF"]);
    expect(await numbers({ platform: "own", after: "MAK0045MAK/23099002", limit: 3 })).toEqual([
      "23099003",
      "23099010",
      "10",
    ]);
  });

  it("says of a page what it says of a state: what is left, who is heard", async () => {
    await place(ONE, first);
    await said(ONE, first, NOON - MINUTE_MS, { connected: true });
    await write(payment(), credit(first).row);
    const [page] = await asked();
    expect(page).toMatchObject({ heard: true, connected: true, leftWh: expect.any(Number) });
    expect(await asked({ state: "heard" })).toEqual([page]);
    expect(await asked({ text: ONE })).toEqual([page]);
  });

  it("finds by a part of the number, the gateway, the account or the holder, in any letter case, and with leading zeros", async () => {
    await place(ONE, first);
    await place(TWO, second);
    expect(await numbers({ text: "00023099002" })).toEqual([TWO]);
    expect(await numbers({ text: "THING-1" })).toEqual([ONE]);
    expect(await numbers({ text: "0046mak" })).toEqual([TWO]);
    expect(await numbers({ text: "test two" })).toEqual([TWO]);
    expect(await numbers({ text: "%" })).toEqual([]);
  });

  it("says who is heard, who is silent, and who is dark with something left", async () => {
    await place(ONE, first);
    await place(TWO, second);
    await said(ONE, first, NOON - 29 * MINUTE_MS, { connected: false });
    await said(TWO, second, NOON - 31 * MINUTE_MS, { connected: true });
    await write(payment(), credit(first).row);
    expect(await numbers({ state: "heard" })).toEqual([ONE]);
    expect(await numbers({ state: "silent" })).toEqual([TWO]);
    expect(await numbers({ state: "dark" })).toEqual([ONE]);
    expect(await numbers({ state: "dark_with_credit" })).toEqual([ONE]);
    expect(await counts()).toEqual({
      ...{ all: 2, heard: 1, silent: 1, dark: 1, dark_with_credit: 1 },
      ...{ override: 0, check: 0, held: 0, unplaced: 0 },
    });
  });

  it("counts one site as the list of it is, state by state, and by a text too", async () => {
    await run("INSERT INTO meters (meter_number) VALUES ('11')");
    await place(ONE, first);
    await place(TWO, second, "check");
    await said(ONE, first, NOON - MINUTE_MS, { connected: false });
    await write(payment(), credit(first).row);
    const ofSite = { all: 2, heard: 1, silent: 1, dark: 1, dark_with_credit: 1, override: 0, check: 1, held: 0 };
    expect(await counts({ site: "MAK" })).toEqual({ ...ofSite, unplaced: 0 });
    expect(await counts()).toEqual({ ...ofSite, all: 3, unplaced: 1 });
    expect(await counts({ site: "MAK", text: TWO })).toMatchObject({ all: 1, check: 1, dark: 0 });
    expect(await counts({ site: "SEH" })).toMatchObject({ all: 0, unplaced: 0 });
    expect(await numbers({ site: "MAK", state: "dark_with_credit" })).toEqual([ONE]);
    expect(await numbers({ site: "MAK", state: "silent" })).toEqual([TWO]);
    expect(await numbers({ site: "MAK", state: "unplaced" })).toEqual([]);
    expect(await asked({ site: "MAK", text: "test one" })).toEqual(await asked({ site: "MAK", state: "heard" }));
  });

  it("knows a person's word while it is in force, and not when it has ended or was taken back", async () => {
    await place(ONE, first);
    await word(ONE, first, "keep_dark", NOON - HOUR_MS, NOON + 1);
    expect((await asked({ state: "override" }))[0]?.override).toEqual({
      state: "keep_dark",
      actor: "Lineo",
      reason: "a wire is down",
      until: NOON + 1,
    });
    expect(await numbers({ state: "override", now: NOON + 1 })).toEqual([]);
    await word(ONE, first, "auto", NOON - MINUTE_MS, null);
    expect(await numbers({ state: "override" })).toEqual([]);
  });

  it("takes a platform's meter for heard by its newest hour, a day and two hours long", async () => {
    await run(
      "INSERT INTO vendor_sites (site_code, vendor, vendor_site_id, facts_version) VALUES ('MAK', 'koios', 'u', 1)",
    );
    await place(SPARK, first);
    await run(`INSERT INTO vendor_days (meter_id, account_id, day, energy_wh, sources, billed, hours, sum_wh, version)
      SELECT id, ${first}, '2026-11-03', array_fill(100, ARRAY[10]) || array_fill(NULL::int, ARRAY[14]),
        array_fill('koios'::text, ARRAY[24]), 0, 10, 1000, 1 FROM meters WHERE meter_number = '${SPARK}'`);
    const ten = Date.UTC(2026, 10, 3, 10);
    expect(await asked({ platform: "koios" })).toMatchObject([{ meterNumber: SPARK, seenAt: ten, heard: true }]);
    expect(await asked({ platform: "koios", now: ten + 26 * HOUR_MS })).toMatchObject([{ heard: false }]);
    // The one that nobody has placed.
    expect(await numbers({ platform: "own" })).toEqual([ONE]);
  });
});

describe("how many meters there are of each state", () => {
  it("is what the last look at all of them counted, and as of when; of a site or a text it is counted now", async () => {
    await place(ONE, first);
    await run("INSERT INTO meters (meter_number) VALUES ('11')");
    expect(await counted()).toMatchObject({ asOf: NOON, counts: { all: 2, silent: 1, unplaced: 1 } });
    await walk(NOON);
    await place(TWO, second);
    const later = NOON + 10 * MINUTE_MS;
    expect(await counted({ now: later })).toEqual({
      asOf: NOON,
      counts: {
        ...{ all: 2, heard: 0, silent: 1, dark: 0, dark_with_credit: 0, override: 0, check: 0, held: 0, unplaced: 1 },
      },
    });
    expect(await counted({ now: later, site: "MAK" })).toMatchObject({ asOf: later, counts: { all: 2, silent: 2 } });
    expect(await counted({ now: later, text: TWO })).toMatchObject({ asOf: later, counts: { all: 1 } });
    await walk(later);
    expect(await counted({ now: later })).toMatchObject({ asOf: later, counts: { all: 3, silent: 2, unplaced: 1 } });
  });

  it("is of one platform where one is asked for, and a platform without meters was counted too", async () => {
    await run("INSERT INTO meters (meter_number) VALUES ('SM16R-01-0000FFFF')");
    await walk(NOON - 1);
    expect(await counted({ platform: "koios" })).toMatchObject({ asOf: NOON - 1, counts: { all: 1, unplaced: 1 } });
    expect(await counted({ platform: "steama" })).toMatchObject({ asOf: NOON - 1, counts: { all: 0, unplaced: 0 } });
  });

  it("is counted anew where the look stands still, and a look that ends late hides no newer one", async () => {
    await walk(NOON);
    await place(TWO, second);
    expect(await counted({ now: NOON + KEPT_COUNTS_MS_MAX - 1 })).toMatchObject({ asOf: NOON });
    const late = NOON + KEPT_COUNTS_MS_MAX;
    expect(await counted({ now: late })).toMatchObject({ asOf: late, counts: { silent: 1 } });
    await walk(late);
    await keepMeterCounts(db, [], NOON + 1);
    expect(await counted({ now: late })).toMatchObject({ asOf: late, counts: { silent: 1 } });
  });

  it("is counted anew after a look by a clock that was ahead, and the next look takes its place", async () => {
    await walk(NOON + 86_400_000);
    expect(await counted({ now: NOON })).toMatchObject({ asOf: NOON });
    await walk(NOON);
    expect(await counted({ now: NOON + 1 })).toMatchObject({ asOf: NOON });
  });
});

describe("a meter's story", () => {
  it("has where it stood, whose word was over it and what waits, newest first", async () => {
    await place(ONE, first, "primary", NOON - 9 * DAY_MS, NOON - DAY_MS);
    await place(ONE, second, "check");
    await word(ONE, second, "keep_lit", NOON - HOUR_MS, NOON);
    await write({
      ...{ kind: "case", caseKey: "reading:1", caseKind: "reading_quarantined", subject: "0046MAK", version: 1 },
      detailsJson: JSON.stringify({ meter: ONE, because: "absurd", readAt: NOON, registerWh: 7, answer: null }),
      ...{ state: "open", openedAt: NOON, closedAt: null },
    } as OutboxRow);
    const story = await meterStory(db, ONE);
    expect(story?.placements.map(({ account, role }) => [account, role])).toEqual([
      ["0046MAK", "check"],
      ["0045MAK", "primary"],
    ]);
    expect(story?.overrides).toMatchObject([{ state: "keep_lit", account: "0046MAK", until: NOON }]);
    expect(story?.waiting).toEqual([
      { account: "0046MAK", readAt: NOON, registerWh: 7, because: "absurd", openedAt: NOON },
    ]);
    expect(await numbers({ state: "held" })).toEqual([ONE]);
    expect(await meterStory(db, "99")).toBeNull();
  });

  it("has its readings a page at a time, newest first", async () => {
    await place(ONE, first);
    await write(
      readings(
        first,
        ONE,
        [1, 2, 3].map((n) => reading(NOON - n * HOUR_MS, 1_000 - n)),
      ),
    );
    const page = await meterReadings(db, ONE, NOON, 2);
    expect(page.map(({ readAt }) => readAt)).toEqual([NOON - HOUR_MS, NOON - 2 * HOUR_MS]);
    expect(await meterReadings(db, ONE, page[1]?.readAt ?? 0, 2)).toMatchObject([
      { registerWh: 997, account: "0045MAK" },
    ]);
  });
});

describe("the map", () => {
  it("has the meters whose customer's place is known, and no other", async () => {
    await place(ONE, first);
    await place(TWO, second);
    await run("UPDATE customers SET latitude = -29.5, longitude = 28.25 WHERE customer_key = 'c2'");
    expect(await metersOnMap(db, { now: NOON, site: null, platform: null, text: "" })).toEqual([
      {
        ...{ meterNumber: TWO, account: "0046MAK", site: "MAK", latitude: -29.5, longitude: 28.25 },
        ...{ seenAt: null, heard: false, connected: null, isCheck: false },
      },
    ]);
  });
});

describe("accounts without a meter", () => {
  it("are those of the site that are served and have no primary meter now", async () => {
    const of = (text = "") => accountsWithoutMeter(db, { now: NOON, site: "MAK", text });
    await place(ONE, first);
    await place(TWO, second, "check");
    await place("23099003", second, "primary", NOON - 9 * DAY_MS, NOON - DAY_MS);
    expect(await of()).toEqual([{ account: "0046MAK", holder: "Test Two", plot: null }]);
    expect(await of("test ONE")).toEqual([]);
    await run("UPDATE accounts SET status = 'terminated'");
    expect(await of()).toEqual([]);
  });
});

describe("placing a meter that nobody has placed", () => {
  it("puts it on the account, once, and says so in the audit", async () => {
    const registry = neonRegistry(db);
    expect(await registry.placeMeter({ ...placing, ...unknown }, by)).toMatchObject({ ok: true });
    expect(await registry.placeMeter({ ...placing, ...unknown }, by)).toMatchObject({ ok: true });
    expect((await meterStory(db, "23099777"))?.placements).toMatchObject([
      { account: "0046MAK", role: "primary", from: NOON - HOUR_MS, to: null },
    ]);
    const acts = await db.read("SELECT action FROM mutations ORDER BY id");
    expect(acts).toEqual([{ action: "meter.create" }, { action: "meter.place" }]);
  });

  it.each([
    ["an account that is not there", { account: "0999MAK" }, "unknown", "account 0999MAK"],
    ["an account that has ended", { account: "0045MAK" }, "refused", "account 0045MAK has ended"],
    ["an account with a primary meter", {}, "exists", "has primary meter 23099001"],
  ])("is refused for %s, and nothing is written", async (_, over, kind, detail) => {
    await place(ONE, second);
    await run("UPDATE accounts SET status = 'terminated' WHERE account_number = '0045MAK'");
    const refused = await neonRegistry(db).placeMeter({ ...placing, ...unknown, ...over }, by);
    expect(refused).toMatchObject({ ok: false, error: { kind, detail: expect.stringContaining(detail) } });
    expect(await meterStory(db, "23099777")).toBeNull();
  });

  it("is refused for a meter that stands elsewhere then", async () => {
    await place("23099777", first);
    const refused = await neonRegistry(db).placeMeter({ ...placing, ...unknown }, by);
    expect(refused).toMatchObject({ ok: false, error: { kind: "exists", detail: expect.stringContaining("0045MAK") } });
  });
});
