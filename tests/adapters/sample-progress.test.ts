import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withClient } from "../../dev/database-server.ts";
import { connect, type Database } from "../../src/adapters/neon/database.ts";
import { neonSampleProgress } from "../../src/adapters/neon/sample-progress.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";
import { NOON, seed } from "./rows.ts";

let database: FreshDatabase;
let db: Database;
beforeAll(async () => {
  database = await freshDatabase();
  await seed(database.ownerUrl);
  await withClient(database.ownerUrl, async (client) => {
    await client.query("INSERT INTO meters (meter_number, thing) VALUES ('9001', 'A'), ('9002', NULL), ('9003', 'C')");
  });
  db = connect(database.appUrl, database.sqlUrl);
});
afterAll(() => database.drop());

const timesOf = async () =>
  (await neonSampleProgress(db).metersAfter(0, 100))
    .filter(({ meterNumber }) => meterNumber.startsWith("900"))
    .map(({ meterNumber, sampleTime }) => [meterNumber, sampleTime]);

describe("the progress of the samples", () => {
  it("knows our own meters by rising id, a page at a time, and nothing of them at first", async () => {
    const progress = neonSampleProgress(db);
    expect(await timesOf()).toEqual([
      ["9001", null],
      ["9003", null],
    ]);
    const every = await progress.metersAfter(0, 100);
    const [first] = await progress.metersAfter(0, 1);
    expect(first).toEqual(every[0]);
    expect(await progress.metersAfter(first?.id ?? 0, 100)).toEqual(every.slice(1));
    expect(every.every(({ seenAt }) => seenAt === null)).toBe(true);
  });

  it("only ever goes forward, also when an older page ends later", async () => {
    const progress = neonSampleProgress(db);
    const step = (sampleTime: string | null) => ({ sampleTime, ahead: [], forgetUpTo: "" });
    await progress.advance("9001", step("202611241200"), NOON);
    await progress.advance("9001", step("202611241100"), NOON);
    await progress.advance("9001", step(null), NOON);
    await progress.advance("9003", step(null), NOON);
    await progress.advance("9003", step("202611240900"), NOON);
    await progress.advance("9003", step("202611240915"), NOON);
    expect(await timesOf()).toEqual([
      ["9001", "202611241200"],
      ["9003", "202611240915"],
    ]);
  });

  it("remembers which samples lay ahead, each once, until they are behind", async () => {
    const progress = neonSampleProgress(db);
    const aheadOf = async () =>
      (await progress.metersAfter(0, 100)).find(({ meterNumber }) => meterNumber === "9003")?.ahead;
    expect(await aheadOf()).toEqual([]);
    const step = { sampleTime: null, ahead: ["202611241800", "202611241500"], forgetUpTo: "202611240700" };
    await progress.advance("9003", step, NOON);
    await progress.advance("9003", { ...step, ahead: ["202611241800", "202611242000"] }, NOON);
    expect(await aheadOf()).toEqual(["202611241500", "202611241800", "202611242000"]);
    await progress.advance("9003", { ...step, ahead: [], forgetUpTo: "202611241500" }, NOON);
    expect(await aheadOf()).toEqual(["202611241800", "202611242000"]);
  });

  it("says when a meter was last heard of by another road", async () => {
    await withClient(database.ownerUrl, (client) =>
      client.query(
        `INSERT INTO meter_registers (meter_id, account_id, register_wh, read_at, posted_wh, posted_at, seen_at, version)
         SELECT m.id, (SELECT min(id) FROM accounts), 10, cc_at($1), 10, cc_at($1), cc_at($1 + 60000), 1
         FROM meters m WHERE meter_number = '9001'`,
        [NOON],
      ),
    );
    const meters = await neonSampleProgress(db).metersAfter(0, 100);
    expect(meters.find(({ meterNumber }) => meterNumber === "9001")?.seenAt).toBe(NOON + 60_000);
  });
});
