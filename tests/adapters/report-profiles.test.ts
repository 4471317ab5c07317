import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { withClient } from "../../dev/database-server.ts";
import { connect, type Database } from "../../src/adapters/neon/database.ts";
import { neonRollups } from "../../src/adapters/neon/rollups.ts";
import { type CurveHour, curvesOf } from "../../src/domain/metrics/load.ts";
import { percentilesOf } from "../../src/domain/metrics/statistics.ts";
import { monthIndex, type TenureRule, tenureOf } from "../../src/domain/metrics/tenure.ts";
import { MONTH_ACCOUNTS_MAX } from "../../src/ports/rollups.ts";
import {
  curveSums,
  dailyEnergy,
  distribution,
  hourSums,
  peaks,
  scatterPoints,
} from "../../src/queries/reports/load.ts";
import type { ProfileBy, ProfileOrder } from "../../src/queries/reports/profile-sql.ts";
import { meteredHistories } from "../../src/queries/reports/tenure.ts";
import { random as randomBySeed } from "../random.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";

const HOUR_MS = 3_600_000;
const ZONE = "Africa/Maseru";
const OFFSET_MS = 2 * HOUR_MS;
/** Ten accounts: households of three tiers, shops, and some of no type; each with a meter that bills and one that checks. */
const PEOPLE = [
  ["0001MAK", "HH1"],
  ["0002MAK", "HH2"],
  ["0003MAK", "SME"],
  ["0004MAK", null],
  ["0001KET", "HH1"],
  ["0002KET", "SME"],
  ["0003KET", "SME"],
  ["0004KET", "HH3"],
  ["0005KET", null],
  ["0006KET", null],
] as const;
const ACCOUNTS = PEOPLE.map(([account, tier], nth) => ({
  ...{ id: nth + 1, account, site: account.slice(-3), tier, type: tier?.startsWith("HH") ? "HH" : tier },
  ...{ primary: 2 * nth + 1, check: 2 * nth + 2 },
}));
type Account = (typeof ACCOUNTS)[number];

let database: FreshDatabase;
let db: Database;
const run = (query: string) => withClient(database.ownerUrl, (client) => client.query(query));

beforeAll(async () => {
  database = await freshDatabase();
  db = connect(database.appUrl, database.sqlUrl);
  await run("INSERT INTO sites (code, name, facts_version) VALUES ('KET', 'Ketane', 1), ('MAK', 'Makebe', 1)");
  await run(
    ACCOUNTS.map(
      ({ id, account, site, tier, primary, check }) => `INSERT INTO customers (id, customer_key, name, customer_type)
        OVERRIDING SYSTEM VALUE VALUES (${id}, '${account}', 'Test', ${tier === null ? "NULL" : `'${tier}'`});
      INSERT INTO accounts (id, account_number, site_code, customer_id, status, facts_version)
        OVERRIDING SYSTEM VALUE VALUES (${id}, '${account}', '${site}', ${id}, 'live', 1);
      INSERT INTO meters (id, meter_number) OVERRIDING SYSTEM VALUE
        VALUES (${primary}, 'T${primary}'), (${check}, 'T${check}');
      INSERT INTO meter_placements (meter_id, account_id, role, valid_from, facts_version)
        VALUES (${primary}, ${id}, 'primary', '2020-01-01Z', 1), (${check}, ${id}, 'check', '2020-01-01Z', 1)`,
    ).join(";"),
  );
});
afterAll(() => database.drop());
afterEach(() =>
  run(
    "TRUNCATE consumption_hourly, metered_days, metered_months, metered_month_hours; UPDATE accounts SET terminated_at = NULL, status = 'live'",
  ),
);

/** Energy of a meter in the UTC hour. */
type Hour = { account: Account; meter: number; hour: number; wh: number };
const at = (text: string) => Date.parse(`${text}:00Z`) - OFFSET_MS;
const local = (hour: number) => new Date(hour + OFFSET_MS).toISOString();
/** Hours of a meter from a local hour on; null: nobody knows. */
const hours = (account: Account, from: string, list: (number | null)[], meter = account.primary): Hour[] =>
  list.flatMap((wh, nth) => (wh === null ? [] : [{ account, meter, hour: at(from) + nth * HOUR_MS, wh }]));
async function metered(list: Hour[]) {
  if (list.length > 0)
    await run(
      `INSERT INTO consumption_hourly (meter_id, account_id, hour, energy_wh, estimated, source) VALUES ${list
        .map(
          ({ account, meter, hour, wh }) =>
            `(${meter}, ${account.id}, '${new Date(hour).toISOString()}', ${wh}, false, 'iot')`,
        )
        .join(",")}`,
    );
  const billed = list.filter(({ account, meter }) => meter === account.primary);
  const days = Map.groupBy(billed, ({ account, hour }) => `${local(hour).slice(0, 10)} ${account.id}`);
  const sum = (own: Hour[]) => own.reduce((total, { wh }) => total + wh, 0);
  if (days.size > 0)
    await run(
      `INSERT INTO metered_days SELECT v.day::date, a.id, a.site_code, v.wh, v.hours, 0, v.peak FROM (VALUES ${[...days]
        .map(
          ([key, own]) =>
            `('${key.slice(0, 10)}', ${key.slice(11)}, ${sum(own)}, ${own.length}, ${Math.max(...own.map(({ wh }) => wh))})`,
        )
        .join(",")}) AS v (day, id, wh, hours, peak) JOIN accounts a ON a.id = v.id`,
    );
  // As the job does it: from the hours, by the meter that bills.
  for (const month of new Set(list.map(({ hour }) => `${local(hour).slice(0, 7)}-01`)))
    await neonRollups(db, ZONE).refreshMonth(month, 0, MONTH_ACCOUNTS_MAX);
}

const ORDER: ProfileOrder = {
  from: "2026-06-01",
  to: "2026-06-30",
  by: "none",
  site: null,
  type: null,
  timeZone: ZONE,
};
const curve = async (over: Partial<ProfileOrder> = {}) =>
  curvesOf(await curveSums(db, { ...ORDER, from: "2026-06-01", to: "2026-06-01", ...over }));
const [A, B, C] = ACCOUNTS as [Account, Account, Account];

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

// What follows is the slow twin: it counts one thing after the other, as the definitions say it in words.

const groupOf = (account: Account, by: ProfileBy) =>
  by === "none" ? null : by === "site" ? account.site : account.type;
const inOrder = (groups: Iterable<string | null>) =>
  [...new Set(groups)].toSorted((a, b) => (a === null ? 1 : b === null ? -1 : a < b ? -1 : 1));
const total = (list: number[]) => list.reduce((sum, each) => sum + each, 0);
const halfEven = (sum: number, n: number) => {
  const floor = Math.floor(sum / n);
  const twice = 2 * (sum - floor * n);
  return twice > n || (twice === n && floor % 2 === 1) ? floor + 1 : floor;
};

function slowCurves(list: Hour[], by: ProfileBy) {
  return inOrder(list.map(({ account }) => groupOf(account, by))).map((group) => {
    const found = Array.from({ length: 24 }, (_, hour) => {
      const means: number[] = [];
      for (const account of ACCOUNTS) {
        const own = list.filter(
          (each) =>
            each.account === account &&
            groupOf(account, by) === group &&
            Number(local(each.hour).slice(11, 13)) === hour,
        );
        if (own.length > 0) means.push(Math.floor((total(own.map(({ wh }) => wh)) * 1_000) / own.length + 0.5));
      }
      return { hour, meanMilliwatt: means.length === 0 ? null : halfEven(total(means), means.length), n: means.length };
    });
    const most = Math.max(...found.map(({ meanMilliwatt }) => meanMilliwatt ?? -1));
    return {
      group,
      hours: found,
      peakHour: found.find(({ meanMilliwatt }) => meanMilliwatt === most)?.hour ?? null,
      peakMilliwatt: most,
    };
  });
}

/** Days of which at least 23 hours are known. */
function accountDays(list: Hour[]) {
  return [...Map.groupBy(list, ({ account, hour }) => `${local(hour).slice(0, 10)} ${account.id}`)]
    .filter(([, own]) => own.length >= 23)
    .map(([key, own]) => ({
      key,
      day: key.slice(0, 10),
      account: (own[0] as Hour).account,
      wh: total(own.map(({ wh }) => wh)),
      peak: Math.max(...own.map(({ wh }) => wh)),
    }));
}

function slowDaily(list: Hour[], by: ProfileBy): string[] {
  return [...Map.groupBy(accountDays(list), ({ day, account }) => `${day} ${groupOf(account, by)}`).values()].map(
    (own) => {
      const sorted = own.map(({ wh }) => wh).toSorted((a, b) => a - b);
      const [first] = own as [(typeof own)[number]];
      const reached = (tenths: number) => sorted.find((_, nth) => (nth + 1) * 10 >= tenths * sorted.length);
      return JSON.stringify({
        ...{
          group: groupOf(first.account, by),
          day: first.day,
          p10Wh: reached(1),
          p50Wh: reached(5),
          p90Wh: reached(9),
        },
        ...{ sumWh: total(sorted), n: sorted.length },
      });
    },
  );
}

function slowCdf(list: Hour[], by: ProfileBy, of: "day" | "hour") {
  const values = of === "day" ? accountDays(list) : list;
  return inOrder(values.map(({ account }) => groupOf(account, by))).map((group) => {
    const own = values.filter(({ account }) => groupOf(account, by) === group).map(({ wh }) => wh);
    return { group, n: own.length, percentiles: percentilesOf(own) };
  });
}

const slowSums = (list: Hour[]) =>
  [...Map.groupBy(list, ({ hour }) => hour)]
    .map(([hour, own]) => ({ at: hour, energyWh: total(own.map(({ wh }) => wh)), n: own.length }))
    .toSorted((a, b) => a.at - b.at);

function slowPeaks(list: Hour[], by: ProfileBy, days: number) {
  const whole = ACCOUNTS.filter((account) => list.filter((each) => each.account === account).length >= days * 23);
  return inOrder(whole.map((account) => groupOf(account, by))).map((group) => {
    const members = whole.filter((account) => groupOf(account, by) === group);
    const own = list.filter(({ account }) => members.includes(account));
    const together = slowSums(own).map(({ energyWh }) => energyWh);
    const each = members.map((account) =>
      Math.max(...own.filter((hour) => hour.account === account).map(({ wh }) => wh)),
    );
    return {
      group,
      energyWh: total(together),
      hours: together.length,
      peakWh: Math.max(...together),
      peaksWh: total(each),
      n: members.length,
    };
  });
}

function slowScatter(list: Hour[], seed: number, max: number) {
  const days = accountDays(list);
  const lot = ({ account, day }: { account: Account; day: string }) => {
    const days = (Date.parse(day) - Date.UTC(2000, 0, 1)) / 86_400_000;
    const x = (((account.id * 40503 + days * 69621 + seed * 16807) % 2147483647) * 48271) % 2147483647;
    return ((x ^ (x >> 15)) * 39373) % 2147483647;
  };
  const drawn = days
    .toSorted((a, b) => lot(a) - lot(b) || a.account.id - b.account.id || (a.day < b.day ? -1 : 1))
    .slice(0, max);
  const points = drawn.toSorted((a, b) => (a.day === b.day ? a.account.id - b.account.id : a.day < b.day ? -1 : 1));
  return { of: days.length, points: points.map(({ wh, peak }) => ({ energyWh: wh, peakWh: peak })) };
}

function slowTenure(
  rows: { account: Account; month: string; wh: number; hours: number }[],
  rule: TenureRule,
  by: ProfileBy,
) {
  const running = monthIndex("2026-08-01");
  const lastOf = rule === "legacy" ? running : running - 1;
  const counts = (row: (typeof rows)[number]) =>
    rule === "legacy" ||
    (monthIndex(row.month) < running &&
      row.hours >= new Date(Date.UTC(2026, Number(row.month.slice(5, 7)), 0)).getUTCDate() * 23);
  const origins = new Map<Account, number>();
  for (const row of rows) {
    if (!counts(row)) continue;
    const month = monthIndex(row.month);
    origins.set(row.account, Math.min(month, origins.get(row.account) ?? month));
  }
  const groups = inOrder(rows.map(({ account }) => groupOf(account, by))).filter(
    (group) => group !== null || rule === "corrected" || by !== "type",
  );
  const made = groups.map((group) => {
    const members = [...origins].filter(([account]) => groupOf(account, by) === group);
    const longest = Math.max(-1, ...members.map(([, origin]) => lastOf - origin));
    const points = Array.from({ length: longest + 1 }, (_, tenure) => {
      const values = rows
        .filter((row) => counts(row) && (rule === "corrected" || row.wh > 0))
        .filter((row) =>
          members.some(([account, origin]) => account === row.account && monthIndex(row.month) === origin + tenure),
        )
        .map(({ wh }) => wh)
        .toSorted((a, b) => a - b);
      const [q1, q3] = [values[Math.floor(values.length / 4)] ?? 0, values[Math.floor((3 * values.length) / 4)] ?? 0];
      const kept =
        values.length < 4 ? values : values.filter((v) => v >= q1 - 1.5 * (q3 - q1) && v <= q3 + 1.5 * (q3 - q1));
      const isMean = kept.length >= 3;
      const mean = isMean ? halfEven(total(kept), kept.length) : null;
      const exact = total(kept) / kept.length;
      const sd = isMean ? Math.round(Math.sqrt(total(kept.map((v) => (v - exact) ** 2)) / kept.length)) : null;
      return {
        ...{ tenure, meanWh: mean, deviationWh: sd },
        upperWh: mean === null || sd === null ? null : mean + sd,
        lowerWh: mean === null || sd === null ? null : Math.max(0, mean - sd),
        ...{ minWh: isMean ? kept[0] : null, maxWh: isMean ? kept.at(-1) : null },
        n: members.filter(([, origin]) => lastOf - origin >= tenure).length,
        ...{ nd: values.length, nf: values.length - kept.length },
      };
    });
    return { group, points };
  });
  const last = Math.max(-1, ...made.map(({ points }) => points.findLastIndex(({ meanWh }) => meanWh !== null)));
  return made.map(({ group, points }) => ({ group, points: points.slice(0, last + 1) }));
}
