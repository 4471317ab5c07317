import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { withClient } from "../../dev/database-server.ts";
import { connect, type Database } from "../../src/adapters/neon/database.ts";
import { answerMetric } from "../../src/domain/metrics/answer.ts";
import { type Period, periodOf, periodsBetween } from "../../src/domain/metrics/periods.ts";
import { type Grain, type Grouping, METRIC_IDS, type MetricId, metricOf } from "../../src/domain/metrics/registry.ts";
import { addMeasures } from "../../src/queries/reports/measures.ts";
import { random as randomBySeed } from "../random.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";

const NOW = Date.UTC(2026, 10, 15, 12);
const TODAY = "2026-11-15";
/** 21 accounts of three sites; every third is a household of some tier, every third a shop, every third of no type. */
const SITES = ["KET", "MAK", "SEB"] as const;
const TYPES = ["HH1", "SME", null] as const;
const REPORTED = { HH1: "HH", SME: "SME" } as const;
const ACCOUNTS = SITES.flatMap((site, s) =>
  Array.from({ length: 7 }, (_, n) => ({
    account: `${String(n + 1).padStart(4, "0")}${site}`,
    site,
    type: TYPES[(n + s) % 3] ?? null,
  })),
);

let database: FreshDatabase;
let db: Database;
const run = (query: string) => withClient(database.ownerUrl, (client) => client.query(query));

beforeAll(async () => {
  database = await freshDatabase();
  db = connect(database.appUrl, database.sqlUrl);
  await run(
    SITES.map((site) => `INSERT INTO sites (code, name, facts_version) VALUES ('${site}', '${site}', 1)`).join(";"),
  );
  await run(
    ACCOUNTS.map(
      ({ account, site, type }) => `WITH c AS (INSERT INTO customers (customer_key, name, customer_type)
        VALUES ('${account}', 'Test', ${type === null ? "NULL" : `'${type}'`}) RETURNING id)
      INSERT INTO accounts (account_number, site_code, customer_id, status, facts_version) SELECT '${account}', '${site}', id, 'live', 1 FROM c`,
    ).join(";"),
  );
});
afterAll(() => database.drop());
afterEach(() => run("TRUNCATE sales_account_days, sales_account_months, metered_days, metered_months"));

type Sale = { day: string; account: string | null; minor: number; wh: number; channel?: string };
type Use = { day: string; account: string; wh: number; hours: number };
async function world(sales: Sale[], uses: Use[] = []) {
  const site = (account: string | null) => (account === null ? "NULL" : `'${account.slice(-3)}'`);
  const name = (account: string | null) => (account === null ? "NULL" : `'${account}'`);
  const amounts = ({ account, minor, wh }: Sale) =>
    account === null ? `1, ${minor}, 0, 0, 0, ${minor}, 0, 0` : `1, ${minor}, 0, ${minor}, 0, 0, 0, ${wh}`;
  await run(
    [
      ...sales.map(
        (
          sale,
        ) => `INSERT INTO sales_account_days AS s VALUES ('${sale.day}', ${name(sale.account)}, ${site(sale.account)},
        '${sale.channel ?? "mpesa"}', ${amounts(sale)}) ON CONFLICT (day, account_number, channel) DO UPDATE SET payments = s.payments + 1,
        gross_minor = s.gross_minor + excluded.gross_minor, electricity_minor = s.electricity_minor + excluded.electricity_minor,
        suspense_minor = s.suspense_minor + excluded.suspense_minor, vended_wh = s.vended_wh + excluded.vended_wh`,
      ),
      ...uses.map(
        ({ day, account, wh, hours }) => `INSERT INTO metered_days SELECT '${day}', id, site_code, ${wh}, ${hours}, 0
        FROM accounts WHERE account_number = '${account}' ON CONFLICT DO NOTHING`,
      ),
      `INSERT INTO sales_account_months SELECT date_trunc('month', day)::date, account_number, site_code, channel, sum(payments), sum(gross_minor),
        sum(reversed_minor), sum(electricity_minor), sum(fees_minor), sum(suspense_minor), sum(treasury_minor), sum(vended_wh)
        FROM sales_account_days GROUP BY 1, 2, 3, 4`,
      `INSERT INTO metered_months SELECT date_trunc('month', day)::date, account_id, site_code, sum(energy_wh), count(*), sum(hours), 0
        FROM metered_days GROUP BY 1, 2, 3`,
    ].join(";"),
  );
}

type Ask = { id: MetricId; grain: Grain; by?: Grouping; from: string; to: string; site?: string };
async function figure({ id, grain, by = "none", from, to, site }: Ask) {
  const metric = metricOf(id);
  const periods = periodsBetween({ from, to, grain }, NOW, 120) as Period[];
  const measures = [metric.numerator, ...(metric.denominator === null ? [] : [metric.denominator])];
  const added = await addMeasures(db, {
    ...{ measures, grain, periods, by, site: site ?? null, type: null, today: TODAY, timeZone: "Africa/Maseru" },
  });
  return answerMetric(metric, periods, added, 2);
}
const values = async (ask: Ask) => (await figure(ask)).map(({ value }) => value);

describe("ARPU", () => {
  const sales: Sale[] = [
    { day: "2026-02-10", account: "0001MAK", minor: 1_000, wh: 2_000 },
    { day: "2026-05-10", account: "0001MAK", minor: 3_000, wh: 6_000 },
    { day: "2026-05-11", account: "0002KET", minor: 1_000, wh: 2_000 },
    { day: "2026-08-01", account: "0001MAK", minor: 500, wh: 1_000 },
  ];
  const quarters = { grain: "quarter", from: "2026-01-01", to: "2026-09-30" } as const;

  it("divides by whoever ever paid: the base never falls", async () => {
    await world(sales);
    expect(await values({ id: "accounts_ever", ...quarters })).toEqual([1, 2, 2]);
    expect(await values({ id: "arpu_ever", ...quarters })).toEqual([1_000, 2_000, 250]);
    expect(await values({ id: "arpu_paying", ...quarters })).toEqual([1_000, 2_000, 500]);
  });

  it("golden a: has its base raised in earlier quarters by an old payment that comes late, and nothing else", async () => {
    await world([...sales, { day: "2026-01-05", account: "0003SEB", minor: 700, wh: 1_400 }]);
    expect(await values({ id: "accounts_ever", ...quarters })).toEqual([2, 3, 3]);
    expect(await values({ id: "paid", ...quarters })).toEqual([1_700, 4_000, 500]);
  });

  it("counts whoever paid before the time that is asked for", async () => {
    await world(sales);
    expect(await values({ id: "accounts_ever", grain: "quarter", from: "2026-07-01", to: "2026-09-30" })).toEqual([2]);
    expect(
      await values({ id: "accounts_ever", grain: "month", from: "2026-04-01", to: "2026-05-31", by: "site" }),
    ).toEqual([0, 1, 1, 1]);
  });

  it("bug of old: empty periods were absent; nothing is known before the first payment, and after it a quarter without one is 0", async () => {
    await world([{ day: "2026-05-10", account: "0001MAK", minor: 3_000, wh: 6_000 }]);
    expect(await values({ id: "paid", ...quarters })).toEqual([null, 3_000, 0]);
  });

  it("keeps money that nobody holds in what was paid, and out of electricity and every site", async () => {
    await world([{ day: "2026-05-10", account: null, minor: 3_000, wh: 0 }, ...sales]);
    expect(await values({ id: "paid", ...quarters })).toEqual([1_000, 7_000, 500]);
    expect(await values({ id: "paid_electricity", ...quarters })).toEqual([1_000, 4_000, 500]);
    const bySite = await figure({ id: "paid", by: "site", ...quarters });
    expect(bySite.filter(({ period }) => period === "2026-04-01").map(({ group, value }) => [group, value])).toEqual([
      ["KET", 1_000],
      ["MAK", 3_000],
      [null, 3_000],
    ]);
  });
});

describe("days of connection", () => {
  it("do not begin with a fee, nor with a meter that tells nought in a dark house", async () => {
    await world(
      [
        { day: "2026-11-02", account: "0001MAK", minor: 50_100, wh: 0 },
        { day: "2026-11-06", account: "0001MAK", minor: 1_000, wh: 2_000 },
        { day: "2026-11-03", account: "0002MAK", minor: 49_900, wh: 0 },
      ],
      [{ day: "2026-11-04", account: "0001MAK", wh: 0, hours: 24 }],
    );
    expect(await values({ id: "vended_a_day", grain: "month", from: "2026-11-01", to: "2026-11-30" })).toEqual([200]);
  });

  it("begin with the first payment where nobody recorded a commissioning, and those to come are none", async () => {
    await world([{ day: "2026-11-06", account: "0001MAK", minor: 1_000, wh: 2_000 }]);
    // 6 to 15 November are ten days, for 2,000 Wh.
    expect(await values({ id: "vended_a_day", grain: "month", from: "2026-11-01", to: "2026-11-30" })).toEqual([200]);
  });
});

it("a month without readings is a gap, beside months that are known", async () => {
  await world(
    [],
    [
      { day: "2026-05-10", account: "0001MAK", wh: 0, hours: 24 },
      { day: "2026-07-10", account: "0001MAK", wh: 240, hours: 24 },
    ],
  );
  expect(await values({ id: "metered", grain: "month", from: "2026-05-01", to: "2026-07-31" })).toEqual([0, null, 240]);
});

describe("the figures of 200 random worlds", () => {
  it.each(Array.from({ length: 20 }, (_, batch) => batch))(
    "are those of a slow and obvious count, batch %i",
    async (batch) => {
      for (let nth = 0; nth < 10; nth++) {
        const below = randomBySeed(batch * 10 + nth + 1);
        const pick = <T>(list: readonly T[]) => list[below(list.length)] as T;
        const dayOf = () => new Date(Date.UTC(2026, 0, 1 + below(318))).toISOString().slice(0, 10);
        const sales: Sale[] = Array.from({ length: 1 + below(25) }, () => {
          const isNobodys = below(10) === 0;
          return {
            day: dayOf(),
            account: isNobodys ? null : pick(ACCOUNTS).account,
            minor: 1 + below(9_999),
            wh: below(9_999),
            channel: pick(["mpesa", "ecocash", "cash", "legacy"]),
          };
        });
        await world(sales);
        for (let asked = 0; asked < 4; asked++) {
          const id = pick(METRIC_IDS.filter((each) => SLOW[each] !== undefined));
          const by = pick(metricOf(id).groupings);
          const grain = pick(["day", "month", "quarter", "year", "total"] as const);
          const from = grain === "day" ? "2026-05-01" : "2026-01-01";
          const ask = { id, by, grain, from, to: "2026-11-15" };
          const found = (await figure(ask)).filter(({ value }) => value !== null && value !== 0);
          expect({
            seed: batch * 10 + nth + 1,
            ask,
            rows: found.map(({ period, group, value }) => `${period} ${group} ${value}`).toSorted(),
          }).toEqual({ seed: batch * 10 + nth + 1, ask, rows: slowly(sales, ask).toSorted() });
        }
        await run("TRUNCATE sales_account_days, sales_account_months, metered_days, metered_months");
      }
    },
  );
});

const of = (sales: Sale[]) => sales.reduce((sum, { minor }) => sum + minor, 0);
const accounts = (sales: Sale[]) => new Set(sales.flatMap(({ account }) => account ?? [])).size;
/** In a period: its sales, and all up to its end. */
const SLOW: Partial<Record<MetricId, (own: Sale[], until: Sale[]) => number | null>> = {
  paid: (own) => of(own),
  paid_electricity: (own) => of(own.filter(({ account }) => account !== null)),
  paid_unassigned: (own) => of(own.filter(({ account }) => account === null)),
  payments: (own) => own.length,
  vended: (own) => own.reduce((sum, { account, wh }) => sum + (account === null ? 0 : wh), 0),
  accounts_ever: (_own, until) => accounts(until),
  accounts_paying: (own) => accounts(own),
};

function slowly(
  sales: Sale[],
  { id, by, grain, from, to }: { id: MetricId; by: Grouping; grain: Grain; from: string; to: string },
): string[] {
  const typeOf = (account: string | null) => {
    const type = ACCOUNTS.find((each) => each.account === account)?.type ?? null;
    return type === null ? null : REPORTED[type];
  };
  const groupOf = ({ account, channel }: Sale): string | null =>
    by === "none"
      ? null
      : by === "site"
        ? (account?.slice(-3) ?? null)
        : by === "type"
          ? typeOf(account)
          : (channel ?? null);
  const isIn = (day: string, first: string, last: string) => day >= first && day <= last;
  const lines: string[] = [];
  for (let day = from; day <= to; ) {
    const period = grain === "total" ? { from, to } : periodOf(day, grain);
    for (const group of new Set(sales.map(groupOf))) {
      const all = sales.filter((sale) => groupOf(sale) === group);
      const value = SLOW[id]?.(
        all.filter((sale) => isIn(sale.day, period.from, period.to)),
        all.filter((sale) => sale.day <= period.to),
      );
      if (value !== null && value !== undefined && value !== 0) lines.push(`${period.from} ${group} ${value}`);
    }
    day = new Date(Date.parse(period.to) + 86_400_000).toISOString().slice(0, 10);
  }
  return lines;
}
