import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { lightsNow } from "../../src/queries/status-energy.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "./reading-rows.ts";
import { credit, NOON, payment } from "./rows.ts";
import {
  begin,
  CHECK,
  command,
  db,
  end,
  first,
  low,
  ONE,
  place,
  readingCase,
  run,
  said,
  second,
  TWO,
  write,
} from "./status-energy-world.ts";

beforeEach(begin);
afterEach(end);

describe("the lights of a country", () => {
  it("are counted over the meters that are placed now: heard in the last half hour, lit, dark, or not known", async () => {
    await place(ONE, first);
    await place(CHECK, first, "check");
    await place(TWO, second);
    await place("23099003", second, "backup");
    await said(ONE, first, NOON - 29 * MINUTE_MS);
    await said(CHECK, first, NOON - 31 * MINUTE_MS, { connected: false });
    await said(TWO, second, NOON - 5 * HOUR_MS, { connected: false });
    // The check meter's open relay is nobody's darkness, and the backup was never heard of.
    expect(await lightsNow(db, NOON)).toEqual({
      placed: 4,
      heard: 1,
      lit: 1,
      dark: 1,
      unknown: 0,
      darkWithCredit: 0,
      readingCases: 0,
    });
  });

  it("do not count a meter that has gone, has not come yet, or said so on another account", async () => {
    await place(ONE, first, "primary", NOON - DAY_MS, NOON);
    await place(TWO, first, "primary", NOON + 1);
    await place("23099003", second);
    await said(ONE, first, NOON - MINUTE_MS);
    await said("23099003", first, NOON - MINUTE_MS, { connected: false });
    expect(await lightsNow(db, NOON)).toMatchObject({ placed: 1, heard: 0, lit: 0, dark: 0, unknown: 1 });
  });

  it("are not known where a meter never told of its relay", async () => {
    await place(ONE, first);
    await said(ONE, first, NOON, { connected: null });
    expect(await lightsNow(db, NOON)).toMatchObject({ heard: 1, lit: 0, dark: 0, unknown: 1 });
  });

  it("name who is dark with something left, and readings that wait for a person", async () => {
    await place(ONE, first);
    await place(TWO, second);
    await said(ONE, first, NOON, { connected: false });
    await said(TWO, second, NOON, { connected: false });
    await write(payment(), credit(first).row);
    await readingCase("0045MAK", "open");
    await readingCase("0046MAK", "closed");
    expect(await lightsNow(db, NOON)).toMatchObject({ dark: 2, darkWithCredit: 1, readingCases: 1 });
  });

  it("name nobody dark with something left whose connect was ordered since the meter said so", async () => {
    await place(ONE, first);
    await said(ONE, first, NOON, { connected: false });
    await write(payment(), credit(first).row);
    await command(ONE, first, 1, { action: "connect", requestedAt: NOON });
    await command(ONE, first, 2, { action: "disconnect", requestedAt: NOON + 1 });
    await place(TWO, first, "check");
    await command(TWO, first, 3, { action: "connect", requestedAt: NOON + 1 });
    expect(await lightsNow(db, NOON)).toMatchObject({ dark: 1, darkWithCredit: 1 });
    await command(ONE, first, 4, { action: "connect", requestedAt: NOON + 2 });
    expect(await lightsNow(db, NOON)).toMatchObject({ dark: 1, darkWithCredit: 0 });
  });

  it("do not count a meter that reports to its site's vendor: nobody waits to hear it", async () => {
    await place(ONE, first);
    await place("SM16R-01-0000AB77", second);
    expect(await lightsNow(db, NOON)).toMatchObject({ placed: 2 });
    await run(`INSERT INTO vendor_sites (site_code, vendor, vendor_site_id, facts_version)
      SELECT site_code, 'koios', 'v-1', 1 FROM accounts WHERE id = ${second}`);
    expect(await lightsNow(db, NOON)).toMatchObject({ placed: 1, unknown: 1 });
    await run("DELETE FROM vendor_sites");
  });

  it("of a country without meters are none", async () => {
    expect(await lightsNow(db, NOON)).toMatchObject({ placed: 0, heard: 0, lit: 0, dark: 0, unknown: 0 });
    expect(await low()).toEqual([]);
  });
});

describe("accounts that run low or are dark", () => {
  /** 4,000 Wh each. */
  const paid = async () => {
    await write(payment(), credit(first).row);
    await write(
      payment({ receipt: "QK7BBB", account: "0046MAK" }),
      credit(second, { receipt: "QK7BBB", account: "0046MAK" }).row,
    );
  };

  it("are named by what is left: the balance less what their primary meter counted and was not posted", async () => {
    await paid();
    await place(ONE, first);
    await place(TWO, second);
    await place(CHECK, second, "check");
    await said(ONE, first, NOON - 10 * MINUTE_MS, { registerWh: 12_000, postedWh: 10_000, seenWh: 12_100 });
    await said(TWO, second, NOON - 5 * MINUTE_MS, { registerWh: 9_300, postedWh: 5_000, seenWh: 9_000 });
    await said(CHECK, second, NOON, { registerWh: 50_000, postedWh: 0 });
    expect(await low()).toEqual([
      {
        account: "0046MAK",
        site: "MAK",
        leftWh: -300,
        seenAt: NOON - 5 * MINUTE_MS,
        connected: true,
        command: null,
      },
      expect.objectContaining({ account: "0045MAK", leftWh: 1_900 }),
    ]);
    expect(await low(1_899)).toEqual([expect.objectContaining({ account: "0046MAK" })]);
  });

  it("also count what a meter that was replaced has not been posted for yet, as the account itself does", async () => {
    await paid();
    await place(ONE, first, "primary", NOON - DAY_MS, NOON - HOUR_MS);
    await place(TWO, first, "primary", NOON - HOUR_MS);
    await said(ONE, first, NOON - 2 * HOUR_MS, { registerWh: 3_000, postedWh: 0 });
    await said(TWO, first, NOON, { registerWh: 500, postedWh: 0 });
    expect(await low()).toEqual([expect.objectContaining({ account: "0045MAK", leftWh: 500, seenAt: NOON })]);
  });

  it("have nothing known, and never 0, where nothing is recorded; those come last", async () => {
    await write(payment(), credit(first).row);
    await place(ONE, first);
    await place(TWO, second);
    await said(TWO, second, NOON, { connected: false });
    expect(await low(4_000)).toEqual([
      { account: "0045MAK", site: "MAK", leftWh: 4_000, seenAt: null, connected: null, command: null },
      { account: "0046MAK", site: "MAK", leftWh: null, seenAt: NOON, connected: false, command: null },
    ]);
  });

  it("are dark with credit left too, and tell which command was the newest of this meter here", async () => {
    await paid();
    await place(ONE, first);
    await said(ONE, first, NOON, { connected: false });
    await command(ONE, first, 1, { requestedAt: NOON });
    // Within the same millisecond, and one of the account that had the meter before.
    await command(ONE, first, 2, { action: "connect", state: "queued", because: "credit_restored" });
    await command(ONE, second, 9, { requestedAt: NOON + 1 });
    expect(await low()).toEqual([
      expect.objectContaining({
        account: "0045MAK",
        leftWh: 4_000,
        connected: false,
        command: { action: "connect", state: "queued", because: "credit_restored", requestedAt: NOON },
      }),
    ]);
  });

  it.each(["postpaid", "terminated"])("are none of those that are %s", async (status) => {
    await place(ONE, first);
    await said(ONE, first, NOON, { connected: false });
    expect(await low()).toHaveLength(1);
    await run(`UPDATE accounts SET status = '${status}'`);
    expect(await low()).toEqual([]);
  });

  it("are none without a meter that bills them now", async () => {
    await write(payment(), credit(first).row);
    await place(CHECK, first, "check");
    await place(ONE, first, "primary", NOON - DAY_MS, NOON);
    expect(await low(100_000)).toEqual([]);
  });
});
