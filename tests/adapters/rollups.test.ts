import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { neonRollups } from "../../src/adapters/neon/rollups.ts";
import { refreshMonthHours, refreshRollups } from "../../src/services/refresh-rollups.ts";
import {
  account,
  begin,
  db,
  differing,
  end,
  HOUR_MS,
  LONG_AFTER,
  paid,
  refresh,
  run,
  sales,
  write,
} from "./rollups-world.ts";
import { allocation, credit, NOON, payment } from "./rows.ts";

beforeEach(begin);
afterEach(end);

describe("what is sold on a local day", () => {
  it("golden d: belongs to the next day in Maseru at half past eleven at night in UTC, and in Porto-Novo too", async () => {
    await write(...paid("QK7AAA", Date.UTC(2026, 10, 2, 23, 30)));
    expect(await refresh()).toBeGreaterThan(0);
    expect(await sales()).toEqual([
      {
        ...{ day: "2026-11-03", account: "0045MAK", channel: "mpesa", payments: 1, gross: 2_000, reversed: 0 },
        ...{ electricity: 2_000, suspense: 0, treasury: 0, vended: 4_000 },
      },
    ]);
  });

  it("golden d: differs by the hour that lies between the two countries", async () => {
    await write(...paid("QK7AAA", Date.UTC(2026, 10, 2, 22, 30)));
    await refresh("BJ");
    expect((await sales()).map(({ day }) => day)).toEqual(["2026-11-02"]);
    expect(await differing("LS")).not.toEqual([]);
  });

  it("is the same when it is added up twice, and nothing is written the second time", async () => {
    await write(...paid("QK7AAA", NOON));
    await refresh();
    await run(
      `INSERT INTO rollup_touched (what, at) VALUES ('money', cc_at(${NOON})), ('energy', '2026-11-03T00:00:00Z')`,
    );
    expect(await refresh()).toBe(0);
    expect(await differing()).toEqual([]);
  });

  it("moves with the money: from nobody to an account, on the day on which it was paid", async () => {
    const suspended = { accountNumber: null, holderKind: "suspense" as const, account: null };
    await write(
      payment({ receipt: "QK7BBB", account: null, holderKind: "suspense" }),
      allocation({ receipt: "QK7BBB", ...suspended, because: "no_account_token", entryKey: "receipt:QK7BBB#1.1" }),
    );
    await refresh();
    expect(await sales()).toMatchObject([{ account: null, gross: 2_000, electricity: 0, suspense: 2_000 }]);
    const { row } = credit(account, { receipt: "QK7BBB" });
    await write(
      payment({ receipt: "QK7BBB", generation: 2, version: 2 }),
      allocation({
        receipt: "QK7BBB",
        generation: 2,
        entryKey: "receipt:QK7BBB#1.1",
        actor: "staff",
        reason: "found",
        at: NOON + 9 * HOUR_MS,
      }),
      row,
    );
    await refresh();
    expect(await sales()).toMatchObject([
      {
        day: "2026-11-03",
        account: "0045MAK",
        payments: 1,
        gross: 2_000,
        electricity: 2_000,
        suspense: 0,
        vended: 4_000,
      },
    ]);
    expect(await differing()).toEqual([]);
  });

  it("golden b: is taken back by what is returned, and the parts still add up", async () => {
    const nobody = { receipt: "QK7CCC", account: null } as const;
    await write(
      payment({ ...nobody, holderKind: "split", generation: 2, version: 2 }),
      allocation({
        ...nobody,
        holderKind: "returned",
        amountMinor: 1_500,
        generation: 2,
        entryKey: "receipt:QK7CCC#2.1",
      }),
      allocation({
        ...nobody,
        ...{
          holderKind: "suspense",
          because: "moved",
          amountMinor: 500,
          generation: 2,
          share: 2,
          entryKey: "receipt:QK7CCC#2.2",
        },
      }),
    );
    await refresh();
    expect(await sales()).toMatchObject([{ payments: 1, gross: 2_000, reversed: 1_500, suspense: 500, treasury: 0 }]);
    expect(await differing()).toEqual([]);
  });

  it("golden c: a fee, a payment that was taken back and a correction change classes of money, and no energy that was sold", async () => {
    await write(...paid("QK7AAA", NOON));
    await refresh();
    const sums = async () => {
      const rows = await sales();
      const sum = (name: string) => rows.reduce((all, row) => all + Number(row[name]), 0);
      return { gross: sum("gross"), reversed: sum("reversed"), electricity: sum("electricity"), vended: sum("vended") };
    };
    expect(await sums()).toEqual({ gross: 2_000, reversed: 0, electricity: 2_000, vended: 4_000 });
    await run(`INSERT INTO legacy_transactions (source, source_id, kind, account_number, amount_minor, currency, energy_wh, paid_at)
      VALUES ('t', '1', 'fee', '0045MAK', 50100, 'LSL', NULL, cc_at(${NOON})),
        ('t', '2', 'payment', '0045MAK', 1500, 'LSL', 3000, cc_at(${NOON})),
        ('t', '3', 'payment', '0045MAK', -1500, 'LSL', -3000, cc_at(${NOON})),
        ('t', '4', 'correction', '0045MAK', 99900, 'LSL', 77, cc_at(${NOON}))`);
    await refresh();
    expect(await sums()).toEqual({ gross: 53_600, reversed: 1_500, electricity: 2_000, vended: 4_000 });
  });

  it("counts a payment once in the month of the cut-over, though the old history has it too", async () => {
    await write(...paid("QK7AAA", NOON));
    await run(`INSERT INTO legacy_transactions (source, source_id, kind, account_number, amount_minor, currency, energy_wh, paid_at, receipt)
      VALUES ('t', '1', 'payment', '0045MAK', 2000, 'LSL', 4000, cc_at(${NOON}), 'QK7AAA'),
        ('t', '2', 'payment', '0046MAK', 1500, 'LSL', 3000, cc_at(${NOON - 24 * HOUR_MS}), 'OLD1'),
        ('t', '3', 'payment', '0046MAK', -1500, 'LSL', -3000, cc_at(${NOON - 24 * HOUR_MS}), NULL),
        ('t', '4', 'fee', '0046MAK', 50100, 'LSL', NULL, cc_at(${NOON - 24 * HOUR_MS}), NULL),
        ('t', '5', 'correction', '0046MAK', 99900, 'LSL', 77, cc_at(${NOON}), NULL),
        ('t', '6', 'payment', 'PETER', 100, 'LSL', 0, cc_at(${NOON}), NULL)`);
    await refresh();
    expect(await sales()).toMatchObject([
      {
        day: "2026-11-02",
        account: "0046MAK",
        channel: "legacy",
        payments: 2,
        gross: 51_600,
        reversed: 1_500,
        electricity: 0,
        vended: 0,
      },
      { day: "2026-11-03", account: "0045MAK", channel: "mpesa", payments: 1, gross: 2_000 },
      { day: "2026-11-03", account: "PETER", channel: "legacy", payments: 1, gross: 100 },
    ]);
    expect(await db.read("SELECT account_number, site_code FROM sales_account_months WHERE site_code IS NULL")).toEqual(
      [{ account_number: "PETER", site_code: null }],
    );
    expect(await differing()).toEqual([]);
  });
});

describe("what is used on a local day", () => {
  const place = (number: string, role: string, from = 0) =>
    run(`INSERT INTO meters (meter_number) VALUES ('${number}') ON CONFLICT DO NOTHING;
      INSERT INTO meter_placements (meter_id, account_id, role, valid_from, facts_version)
        SELECT id, ${account}, '${role}', cc_at(${from}), 1 FROM meters WHERE meter_number = '${number}'`);
  const used = (number: string, day: string, wh: number, hours: number) =>
    run(`INSERT INTO consumption_daily (meter_id, account_id, day, energy_wh, hours, estimated_hours)
      SELECT id, ${account}, '${day}', ${wh}, ${hours}, 0 FROM meters WHERE meter_number = '${number}'`);
  const metered = () => db.read(`SELECT day::text AS day, energy_wh AS wh, hours FROM metered_days ORDER BY day`);

  it("golden e, bug of old: two meters of an account were added up; a second one doubles nothing, an unknown day is no row, and one of 0 Wh is", async () => {
    await place("23099001", "primary");
    await place("23099002", "check");
    await used("23099001", "2026-11-01", 700, 24);
    await used("23099002", "2026-11-01", 710, 24);
    await used("23099001", "2026-11-03", 0, 24);
    await refresh();
    expect(await metered()).toEqual([
      { day: "2026-11-01", wh: 700, hours: 24 },
      { day: "2026-11-03", wh: 0, hours: 24 },
    ]);
    expect(await db.read("SELECT month::text AS month, energy_wh AS wh, days, hours FROM metered_months")).toEqual([
      { month: "2026-11-01", wh: 700, days: 2, hours: 48 },
    ]);
  });

  it("follows the meter when another one begins to bill, also for days that are over", async () => {
    await place("23099001", "primary");
    await place("23099002", "check");
    await used("23099001", "2026-11-01", 700, 24);
    await used("23099002", "2026-11-01", 710, 24);
    await refresh();
    await run(`UPDATE meter_placements SET role = CASE role WHEN 'primary' THEN 'check' ELSE 'primary' END`);
    await refresh();
    expect(await metered()).toEqual([{ day: "2026-11-01", wh: 710, hours: 24 }]);
    await run("DELETE FROM consumption_daily WHERE energy_wh = 710");
    await refresh();
    expect(await metered()).toEqual([]);
    expect(await differing()).toEqual([]);
  });

  it("has its highest hour from the day's own row, and from the hours of both where one meter replaced another", async () => {
    await run(`INSERT INTO meters (meter_number) VALUES ('23099001'), ('23099002') ON CONFLICT DO NOTHING;
      INSERT INTO meter_placements (meter_id, account_id, role, valid_from, valid_to, facts_version) SELECT id, ${account}, 'primary',
        CASE meter_number WHEN '23099001' THEN '2026-01-01Z'::timestamptz ELSE '2026-11-02T10:20:00Z' END,
        CASE meter_number WHEN '23099001' THEN '2026-11-02T10:20:00Z'::timestamptz END, 1 FROM meters WHERE meter_number LIKE '2309900%';
      INSERT INTO consumption_hourly (meter_id, account_id, hour, energy_wh, estimated, source)
        SELECT id, ${account}, h.hour, h.wh, false, 'iot' FROM meters m JOIN (VALUES ('23099001', '2026-11-02T09:00:00Z'::timestamptz, 50),
          ('23099001', '2026-11-02T10:00:00Z', 30), ('23099001', '2026-11-02T11:00:00Z', 999), ('23099002', '2026-11-02T10:00:00Z', 40),
          ('23099002', '2026-11-02T11:00:00Z', 60)) h(number, hour, wh) ON h.number = m.meter_number;
      INSERT INTO consumption_daily (meter_id, account_id, day, energy_wh, hours, estimated_hours, peak_wh)
        SELECT id, ${account}, d.day::date, 500, 24, 0, 120 FROM meters m JOIN (VALUES ('23099001', '2026-11-01'), ('23099001', '2026-11-02'),
          ('23099002', '2026-11-02')) d(number, day) ON d.number = m.meter_number`);
    await refresh();
    const peaks = () => db.read("SELECT day::text AS day, peak_wh AS peak FROM metered_days ORDER BY day");
    // From 10:00 to 11:00 the old one had 30 and the new one 40; what the old one told afterwards is not billed.
    expect(await peaks()).toEqual([
      { day: "2026-11-01", peak: 120 },
      { day: "2026-11-02", peak: 70 },
    ]);
    await run("UPDATE consumption_daily SET peak_wh = 130 WHERE day = '2026-11-01'");
    await refresh();
    expect([(await peaks())[0], await differing()]).toEqual([{ day: "2026-11-01", peak: 130 }, []]);
  });

  it("is in its month as its days gain and lose, come and go, and the other days of the month are not asked", async () => {
    const step = () => refreshRollups(neonRollups(db, "Africa/Maseru"), 120);
    const wrong = async () => (await differing()).filter(({ table }) => table === "metered_months");
    const months = async () => {
      await step();
      return db.read<{ wh: number }>(
        "SELECT month::text AS month, site_code AS site, energy_wh AS wh, days, hours FROM metered_months ORDER BY 1",
      );
    };
    await place("23099001", "primary");
    await used("23099001", "2026-10-31", 50, 24);
    await used("23099001", "2026-11-01", 700, 24);
    await used("23099001", "2026-11-03", 300, 10);
    const october = { month: "2026-10-01", site: "MAK", wh: 50, days: 1, hours: 24 };
    const november = { month: "2026-11-01", site: "MAK", wh: 1_000, days: 2, hours: 34 };
    expect(await months()).toEqual([october, november]);
    await run("UPDATE consumption_daily SET energy_wh = 350, hours = 11 WHERE day = '2026-11-03'");
    await run("UPDATE consumption_daily SET energy_wh = 600 WHERE day = '2026-11-01'");
    expect(await months()).toEqual([october, { ...november, wh: 950, hours: 35 }]);
    expect(await months()).toEqual([october, { ...november, wh: 950, hours: 35 }]);
    await run("DELETE FROM consumption_daily WHERE day = '2026-11-01'");
    expect(await months()).toEqual([october, { ...november, wh: 350, days: 1, hours: 11 }]);
    expect(await wrong()).toEqual([]);
    await run("DELETE FROM consumption_daily WHERE day > '2026-11-01'");
    expect(await months()).toEqual([october]);
    expect(await wrong()).toEqual([]);
  });

  it("is right again in a month that was wrong when its load curves are added up, and the comparison tells of it before", async () => {
    await place("23099001", "primary");
    await used("23099001", "2026-11-01", 700, 24);
    await refresh();
    await run("UPDATE metered_months SET energy_wh = energy_wh + 7, days = days + 1");
    await run("INSERT INTO rollup_touched (what, at) VALUES ('energy', '2026-11-01T00:00:00Z')");
    await refreshRollups(neonRollups(db, "Africa/Maseru"), 120);
    expect((await differing()).map(({ table }) => table)).toEqual(["metered_months"]);
    await refreshMonthHours(neonRollups(db, "Africa/Maseru"), { now: LONG_AFTER, utcOffsetMinutes: 120 });
    expect(await differing()).toEqual([]);
  });

  it("is known by the local hour, over all days of a month", async () => {
    await place("23099001", "primary");
    await run(`INSERT INTO consumption_hourly (meter_id, account_id, hour, energy_wh, estimated, source)
      SELECT m.id, ${account}, h.hour, h.wh, false, 'iot' FROM meters m, (VALUES
        ('2026-10-31T22:00:00Z'::timestamptz, 5), ('2026-11-01T22:00:00Z', 7), ('2026-11-01T17:00:00Z', 0), ('2026-10-31T21:00:00Z', 900)
      ) h(hour, wh) WHERE m.meter_number = '23099001'`);
    await used("23099001", "2026-11-01", 5, 2);
    await refresh();
    expect(
      await db.read(
        `SELECT month::text AS month, hour_of_day AS h, energy_wh AS wh, hours FROM metered_month_hours ORDER BY 2`,
      ),
    ).toEqual([
      { month: "2026-11-01", h: 0, wh: 12, hours: 2 },
      { month: "2026-11-01", h: 19, wh: 0, hours: 1 },
    ]);
  });
});
