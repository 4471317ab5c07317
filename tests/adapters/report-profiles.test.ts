import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { CurveHour } from "../../src/domain/metrics/load.ts";
import { monthIndex, tenureOf } from "../../src/domain/metrics/tenure.ts";
import { dailyEnergy, distribution, hourSums, peaks, scatterPoints } from "../../src/queries/reports/load.ts";
import type { ProfileOrder } from "../../src/queries/reports/profile-sql.ts";
import { meteredHistories } from "../../src/queries/reports/tenure.ts";
import { random as randomBySeed } from "../random.ts";
import {
  slowCdf,
  slowCurves,
  slowDaily,
  slowPeaks,
  slowScatter,
  slowSums,
  slowTenure,
} from "./report-profiles-slow.ts";
import {
  A,
  ACCOUNTS,
  type Account,
  B,
  C,
  clear,
  close,
  curve,
  db,
  type Hour,
  hours,
  local,
  metered,
  ORDER,
  open,
  run,
  ZONE,
} from "./report-profiles-world.ts";

beforeAll(open);
afterAll(close);
afterEach(clear);

describe("bug of old, load curve", () => {
  const of = (found: { hours: CurveHour[] }[], hour: number) => found[0]?.hours[hour];

  it("a: hours of 0 Wh are left out of the mean: they are in", async () => {
    await metered([...hours(A, "2026-06-03T10:00", [200]), ...hours(A, "2026-06-04T10:00", [0])]);
    expect(of(await curve(), 10)).toEqual({ hour: 10, meanMilliwatt: 100_000, n: 1 });
  });

  it("b: two meters of an account are mixed: only the one that bills counts, in every figure", async () => {
    await metered([
      ...hours(A, "2026-06-03T00:00", Array(24).fill(100)),
      ...hours(A, "2026-06-03T00:00", Array(24).fill(900), A.check),
    ]);
    expect(of(await curve(), 10)).toEqual({ hour: 10, meanMilliwatt: 100_000, n: 1 });
    expect((await hourSums(db, ORDER)).map(({ energyWh, n }) => [energyWh, n])).toEqual(Array(24).fill([100, 1]));
    expect(await scatterPoints(db, ORDER, 1)).toEqual({ of: 1, points: [{ energyWh: 2_400, peakWh: 100 }] });
  });

  it("c: whoever has more rows weighs more: each account's own mean comes first", async () => {
    const days = ["01", "02", "03", "04"].flatMap((day) => hours(A, `2026-06-${day}T10:00`, [100]));
    await metered([...days, ...hours(B, "2026-06-01T10:00", [500])]);
    expect(of(await curve(), 10)).toEqual({ hour: 10, meanMilliwatt: 300_000, n: 2 });
  });

  it("d: an hour without data is 0 kW: it is null, and n is 0", async () => {
    await metered(hours(A, "2026-06-01T10:00", [0, null]));
    expect([of(await curve(), 10), of(await curve(), 11)]).toEqual([
      { hour: 10, meanMilliwatt: 0, n: 1 },
      { hour: 11, meanMilliwatt: null, n: 0 },
    ]);
  });

  it("e: there is no window: the months that are asked for, and no others", async () => {
    await metered([...hours(A, "2026-05-31T23:00", [7, 100]), ...hours(A, "2026-07-01T00:00", [9])]);
    expect((await curve())[0]?.hours.filter(({ n }) => n > 0)).toEqual([{ hour: 0, meanMilliwatt: 100_000, n: 1 }]);
  });
});

describe("a group", () => {
  it("of households has all their tiers, and each tier can be asked for", async () => {
    await metered([
      ...hours(A, "2026-06-01T10:00", [100]),
      ...hours(B, "2026-06-01T10:00", [300]),
      ...hours(C, "2026-06-01T10:00", [900]),
    ]);
    const peaksOf = async (over: Partial<ProfileOrder>) =>
      (await curve(over)).map(({ group, peakMilliwatt }) => [group, peakMilliwatt]);
    expect(await peaksOf({ by: "type" })).toEqual([
      ["HH", 200_000],
      ["SME", 900_000],
    ]);
    expect(await peaksOf({ type: "HH" })).toEqual([[null, 200_000]]);
    expect(await peaksOf({ type: "HH2" })).toEqual([[null, 300_000]]);
    expect(await peaksOf({ site: "KET" })).toEqual([]);
  });

  it("'all HH' has no series in the old tenure: it has one", async () => {
    await run(`INSERT INTO metered_months SELECT '2026-06-01', id, site_code, 1000, 30, 720, 0 FROM accounts`);
    const made = tenureOf(
      await meteredHistories(db, { by: "type", site: null, type: null, timeZone: ZONE }),
      "corrected",
      monthIndex("2026-07-01"),
    );
    expect(made.map(({ group, accounts }) => [group, accounts])).toEqual([
      ["HH", 4],
      ["SME", 3],
      [null, 3],
    ]);
  });
});

it("an account's end is the local month in which it was terminated", async () => {
  await run(`INSERT INTO metered_months SELECT '2026-06-01', id, site_code, 1000, 30, 720, 0 FROM accounts WHERE id = 1;
    UPDATE accounts SET terminated_at = '2026-06-30T22:30Z', status = 'terminated' WHERE id = 1`);
  const [history] = await meteredHistories(db, { by: "none", site: null, type: null, timeZone: ZONE });
  expect(history).toEqual({
    group: null,
    until: monthIndex("2026-07-01"),
    months: [{ month: monthIndex("2026-06-01"), energyWh: 1_000, hours: 720 }],
  });
});

it("of ten accounts a tenth is the first, half the fifth, and nine tenths the ninth", async () => {
  await metered(ACCOUNTS.flatMap((account) => hours(account, "2026-06-01T00:00", Array(24).fill(account.id * 10))));
  expect(await dailyEnergy(db, ORDER)).toEqual([
    { group: null, day: "2026-06-01", p10Wh: 240, p50Wh: 1_200, p90Wh: 2_160, sumWh: 13_200, n: 10 },
  ]);
});

it("the same points are drawn each time, and others by another seed", async () => {
  await metered(
    ACCOUNTS.flatMap((account) =>
      hours(
        account,
        "2026-06-01T00:00",
        Array.from({ length: 240 }, (_, n) => n + account.id),
      ),
    ),
  );
  const drawn = await scatterPoints(db, ORDER, 7, 10);
  expect([drawn.of, drawn.points.length]).toEqual([100, 10]);
  expect(await scatterPoints(db, ORDER, 7, 10)).toEqual(drawn);
  expect((await scatterPoints(db, ORDER, 8, 10)).points).not.toEqual(drawn.points);
});

describe("profiles of 60 random worlds", () => {
  it.each(Array.from({ length: 60 }, (_, seed) => seed + 1))(
    "are those of a slow and obvious count, seed %i",
    async (seed) => {
      const below = randomBySeed(seed);
      const list: Hour[] = [];
      for (const account of ACCOUNTS) {
        if (below(6) === 0) continue;
        const from = `2026-06-${String(1 + below(3)).padStart(2, "0")}T0${below(9)}:00`;
        const usage = () => (below(40) === 0 ? null : below(4) === 0 ? 0 : below(600));
        list.push(...hours(account, from, Array.from({ length: 24 * (2 + below(5)) }, usage)));
        if (below(2) === 0) list.push(...hours(account, from, Array.from({ length: 24 }, usage), account.check));
      }
      await metered(list);
      const billed = list.filter(({ account, meter }) => meter === account.primary);
      for (const by of ["none", "site", "type"] as const) {
        const site = below(3) === 0 ? "MAK" : null;
        const type = below(3) === 0 ? (["HH", "SME", "HH1"][below(3)] as string) : null;
        const order = { ...ORDER, from: "2026-06-02", to: `2026-06-0${4 + below(5)}`, by, site, type };
        const asked = (account: Account) =>
          (site === null || account.site === site) && (type === null || account.type === type || account.tier === type);
        const inWindow = (day: string) => day >= order.from && day <= order.to;
        const mine = billed.filter(({ account }) => asked(account));
        const own = mine.filter(({ hour }) => inWindow(local(hour).slice(0, 10)));
        const about = { seed, by, site, type };

        expect({ ...about, curve: await curve({ by, site, type }) }).toEqual({ ...about, curve: slowCurves(mine, by) });
        const daily = (await dailyEnergy(db, order)).map((row) => JSON.stringify(row));
        expect({ ...about, daily: daily.toSorted() }).toEqual({ ...about, daily: slowDaily(own, by).toSorted() });
        for (const of of ["day", "hour"] as const)
          expect({ ...about, of, cdf: await distribution(db, order, of) }).toEqual({
            ...about,
            of,
            cdf: slowCdf(own, by, of),
          });
        expect({ ...about, sums: await hourSums(db, order) }).toEqual({ ...about, sums: slowSums(own) });
        const days = Number(order.to.slice(8)) - 1;
        expect({ ...about, peaks: await peaks(db, order) }).toEqual({ ...about, peaks: slowPeaks(own, by, days) });
        const scatter = await scatterPoints(db, order, seed, 9);
        expect({ ...about, scatter }).toEqual({ ...about, scatter: slowScatter(own, seed, 9) });
      }
    },
  );
});

describe("tenure of 60 random worlds", () => {
  it.each(Array.from({ length: 60 }, (_, seed) => seed + 1))(
    "is that of a slow and obvious count, seed %i",
    async (seed) => {
      const below = randomBySeed(seed * 97);
      const rows: { account: Account; month: string; wh: number; hours: number }[] = [];
      for (const account of ACCOUNTS) {
        const first = below(5);
        for (let nth = first; nth < 8; nth++) {
          const month = `2026-0${nth + 1}-01`;
          const full = new Date(Date.UTC(2026, nth + 1, 0)).getUTCDate() * 24;
          if (below(8) === 0) continue;
          rows.push({
            account,
            month,
            wh: below(5) === 0 ? 0 : below(10) === 0 ? 90_000 : 5_000 + below(2_000),
            hours: below(4) === 0 ? 1 + below(full) : full,
          });
        }
      }
      await run(
        `INSERT INTO metered_months SELECT v.month::date, a.id, a.site_code, v.wh, 1, v.hours, 0 FROM (VALUES ${rows
          .map(({ account, month, wh, hours: known }) => `('${month}', ${account.id}, ${wh}, ${known})`)
          .join(",")}) AS v (month, id, wh, hours) JOIN accounts a ON a.id = v.id`,
      );
      for (const rule of ["legacy", "corrected"] as const)
        for (const by of ["none", "site", "type"] as const) {
          const found = tenureOf(
            await meteredHistories(db, { by, site: null, type: null, timeZone: ZONE }),
            rule,
            monthIndex("2026-08-01"),
            by,
          );
          expect({ seed, rule, by, found: found.map(({ group, points }) => ({ group, points })) }).toEqual({
            seed,
            rule,
            by,
            found: slowTenure(rows, rule, by),
          });
        }
    },
  );
});
