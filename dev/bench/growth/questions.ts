/** What a country asks of its database, so that each can be timed at several sizes. */
import type { Database } from "../../../src/adapters/neon/database.ts";
import { HEADS_MAX, neonHeads } from "../../../src/adapters/neon/heads.ts";
import { neonRollups } from "../../../src/adapters/neon/rollups.ts";
import { COUNTRIES } from "../../../src/domain/country.ts";
import { readQuestion } from "../../../src/domain/customer-question.ts";
import { answerMetric } from "../../../src/domain/metrics/answer.ts";
import { type Period, periodsBetween } from "../../../src/domain/metrics/periods.ts";
import { metricOf } from "../../../src/domain/metrics/registry.ts";
import { FIGURES, REPORTS } from "../../../src/domain/metrics/reports.ts";
import { accountSums } from "../../../src/queries/account-sums.ts";
import { searchCustomers } from "../../../src/queries/customer-search.ts";
import { customerOfAccount } from "../../../src/queries/customers.ts";
import { customersByName } from "../../../src/queries/customers-by-name.ts";
import { energyDays } from "../../../src/queries/energy-measures.ts";
import { entrySums } from "../../../src/queries/entry-sums.ts";
import { meterCounts } from "../../../src/queries/meter-counts.ts";
import { meterNow, metersOf } from "../../../src/queries/meter-list.ts";
import { meterStory } from "../../../src/queries/meter-story.ts";
import { listPayments, paymentDays } from "../../../src/queries/payments.ts";
import { receiptStory } from "../../../src/queries/receipt-story.ts";
import { addMeasures } from "../../../src/queries/reports/measures.ts";
import { askingOnce } from "../../../src/queries/reports/once.ts";
import { siteDays } from "../../../src/queries/site-days.ts";
import { statusRows } from "../../../src/queries/status.ts";
import { lightsNow, meteredLately } from "../../../src/queries/status-energy.ts";
import { ticketFindings } from "../../../src/queries/ticket-findings.ts";
import { waiting } from "../../../src/queries/waiting.ts";
import type { Person } from "../search/people.ts";
import { NOW } from "./load.ts";

const PAGE = 50;
/** One of 4,500 that are paid equally often. */
const AMOUNT_MINOR = 1_234;
const ZONE = "Africa/Maseru";
const [FIRST_DAY, LAST_DAY] = ["2026-10-01", "2026-10-31"];
const ALL = {
  ...{ from: null, to: null, site: null, provider: null, holder: null, minMinor: null, maxMinor: null, text: null },
} as const;
const DAY = { ...ALL, from: NOW - 86_400_000, to: NOW };

export type GrowthQuestion = {
  name: string;
  /**
   * `flat`: whoever asks looks at one thing or one page, so it may not grow with the country. `country`: it adds up every
   * account or meter of the country, so it may grow as they do, and no faster.
   */
  grows: "flat" | "country";
  /** So often at most: what adds up a country takes long. */
  each?: number;
  /** What has happened each time before it is asked, as the superuser; it costs nothing of it. */
  before?: string;
  ask: (db: Database, person: Person) => Promise<unknown>;
};

export const GROWTH_QUESTIONS: readonly GrowthQuestion[] = [
  { name: "account page", grows: "flat", ask: accountPage },
  { name: "search, a full name", grows: "flat", ask: (db, { given, family }) => search(db, `${given} ${family}`) },
  { name: "search, one family name", grows: "flat", ask: (db, { family }) => search(db, family) },
  { name: "search, a phone", grows: "flat", ask: (db, { phones }) => search(db, phones[0] ?? "") },
  { name: "customers by name, first page", grows: "flat", ask: (db) => byName(db, null) },
  { name: "customers of a site, first page", grows: "flat", ask: (db, { site }) => byName(db, site) },
  { name: "payments, newest page", grows: "flat", ask: (db) => listPayments(db, ALL, null, PAGE) },
  {
    name: "payments of an account",
    grows: "flat",
    ask: (db, { accounts }) => listPayments(db, { ...ALL, text: accounts[0] ?? "" }, null, PAGE),
  },
  {
    name: "payments of one amount",
    grows: "flat",
    ask: (db) => listPayments(db, { ...ALL, minMinor: AMOUNT_MINOR, maxMinor: AMOUNT_MINOR }, null, PAGE),
  },
  {
    name: "payments of a site, newest page",
    grows: "flat",
    ask: (db, { site }) => listPayments(db, { ...ALL, site }, null, PAGE),
  },
  {
    name: "meters, first page",
    grows: "flat",
    ask: (db) => metersOf(db, { ...METERS, site: null, state: null, after: "", limit: PAGE }),
  },
  {
    name: "meters of a site, first page",
    grows: "flat",
    ask: (db, { site }) => metersOf(db, { ...METERS, site, state: null, after: "", limit: PAGE }),
  },
  { name: "meters counted by state", grows: "flat", ask: (db) => meterCounts(db, { ...METERS, site: null }) },
  { name: "meters of a site, by state", grows: "flat", ask: (db, { site }) => meterCounts(db, { ...METERS, site }) },
  {
    name: "meters of a site that are dark",
    grows: "flat",
    ask: (db, { site }) => metersOf(db, { ...METERS, site, state: "dark", after: "", limit: PAGE }),
  },
  {
    name: "a meter's page",
    grows: "flat",
    ask: (db, { meter }) => Promise.all([meterStory(db, meter), meterNow(db, { now: NOW, meterNumber: meter })]),
  },
  { name: "a receipt's story", grows: "flat", ask: receiptPage },
  { name: "what waits for a person", grows: "flat", ask: (db) => waiting(db) },
  { name: `nightly heads, a page of ${HEADS_MAX}`, grows: "flat", ask: headsPage },
  { name: "payments of a day, added up", grows: "country", ask: (db) => paymentDays(db, DAY, 120) },
  {
    name: "the live screen's sums",
    grows: "country",
    ask: (db) => Promise.all([statusRows(db, ZONE, NOW), lightsNow(db, NOW)]),
  },
  {
    name: "the live screen's last 24 hours",
    grows: "country",
    each: 3,
    ask: (db) => meteredLately(db, { now: NOW, timeZone: ZONE }),
  },
  {
    name: "the look for tickets, which counts meters",
    grows: "country",
    each: 3,
    ask: (db) => ticketFindings(db, NOW),
  },
  {
    name: "overview, 38 days of all sites",
    grows: "country",
    each: 5,
    ask: (db) => siteDays(db, { now: NOW, timeZone: ZONE }),
  },
  {
    name: "rollup of a day that changed",
    grows: "country",
    each: 3,
    // Of every third meter a reading has come in the five minutes since.
    before: `UPDATE consumption_daily SET energy_wh = energy_wh + 1 WHERE day = '${LAST_DAY}' AND meter_id % 3 = 0`,
    ask: (db) => neonRollups(db, ZONE).refresh({ money: [LAST_DAY], energy: [LAST_DAY] }, []),
  },
  ...REPORTS.map(
    (report): GrowthQuestion => ({
      ...{ name: `report of a month: ${report}`, grows: "country", each: 3 },
      ask: async (db) => {
        const once = askingOnce(db);
        for (const figure of FIGURES[report]) {
          const grain = figure.grain === "quarter" ? "month" : figure.grain;
          const periods = periodsBetween({ from: FIRST_DAY, to: LAST_DAY, grain }, NOW, 120) as Period[];
          for (const id of figure.ids) {
            const metric = metricOf(id);
            const measures = [metric.numerator, ...(metric.denominator === null ? [] : [metric.denominator])];
            const order = {
              measures,
              grain,
              periods,
              by: figure.by,
              site: null,
              type: null,
              today: LAST_DAY,
              timeZone: ZONE,
            };
            answerMetric(metric, periods, await addMeasures(once, order), 2);
          }
        }
      },
    }),
  ),
];

const METERS = { now: NOW, platform: null, text: "" } as const;

async function accountPage(db: Database, { accounts }: Person) {
  const account = accounts[0] ?? "";
  const card = await customerOfAccount(db, account);
  if (card === null) throw new Error(`${account} is not there`);
  return Promise.all([
    entrySums(db, account),
    accountSums(db, { account, now: NOW, timeZone: ZONE }),
    energyDays(db, { account, from: FIRST_DAY, to: LAST_DAY, timeZone: ZONE }),
  ]);
}

async function search(db: Database, typed: string) {
  const question = readQuestion(typed, COUNTRIES.LS);
  if (question === null) throw new Error(`nothing is asked by ${typed}`);
  const found = await searchCustomers(db, question, { now: NOW, after: null, limit: PAGE });
  if (found.length === 0) throw new Error(`nobody is found by ${typed}`);
}

async function byName(db: Database, site: string | null) {
  const found = await customersByName(db, { now: NOW, after: null, limit: PAGE, site });
  if (found.length === 0) throw new Error("nobody is listed");
}

/** The newest payment of whoever asks. */
async function receiptPage(db: Database, { accounts }: Person) {
  const [payment] = await listPayments(db, { ...ALL, text: accounts[0] ?? "" }, null, 1);
  if (payment === undefined) throw new Error(`${accounts[0]} has paid nothing`);
  const { entries } = await receiptStory(db, payment.receipt);
  if (entries.length === 0) throw new Error(`${payment.receipt} posted nothing`);
}

async function headsPage(db: Database, { accounts }: Person) {
  const heads = neonHeads(db);
  const page = await heads.accountsAfter(accounts[0] ?? "", HEADS_MAX);
  await Promise.all([heads.heads(page), heads.meterHeads(page, NOW - 86_400_000)]);
}
