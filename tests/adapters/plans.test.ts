import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { loadPeople } from "../../dev/bench/search/load.ts";
import { madePeople } from "../../dev/bench/search/people.ts";
import { withClient } from "../../dev/database-server.ts";
import type { Reader } from "../../src/ports/reader.ts";
import { accountSms } from "../../src/queries/account-sms.ts";
import { alikeCustomers } from "../../src/queries/alike-customers.ts";
import { meterNow, metersOf } from "../../src/queries/meter-list.ts";
import { listPayments, type PaymentsFilter } from "../../src/queries/payments.ts";
import { receiptStory } from "../../src/queries/receipt-story.ts";
import { smsLog } from "../../src/queries/sms-log.ts";
import { smsOfRequest } from "../../src/queries/sms-of-request.ts";
import { suspenseHints } from "../../src/queries/suspense-hints.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";
import { NOON, seed } from "./rows.ts";
import { rowsRead } from "./rows-read.ts";

/**
 * Questions of the portal's pages over tables that have grown: each goes through few of their rows. A plan that reads a table
 * whole is as quick as any on a laptop's few rows, and a minute on a country's years.
 */
const PAYMENTS = 60_000;
const CUSTOMERS = 20_000;
/** Payments of one account, and texts. */
const OWN = 60;
const EVERY = PAYMENTS / OWN;
const ROWS_READ_MAX = 2_000;
const DAY_MS = 86_400_000;

let database: FreshDatabase;
/** Nobody who has an account of the others. */
const people = madePeople(CUSTOMERS).filter(({ accounts }) => !accounts.some((each) => /004[56]MAK/.test(each)));
beforeAll(async () => {
  database = await freshDatabase();
  await seed(database.ownerUrl);
  const superUrl = Object.assign(new URL(inject("databaseSuperUrl")), {
    pathname: new URL(database.ownerUrl).pathname,
  });
  await withClient(superUrl.href, async (client) => {
    await loadPeople(client, people);
    await client.query("SET session_replication_role = replica");
    for (const query of FILL) await client.query(query, query.includes("$1") ? [String(NOON)] : []);
    await client.query("SET session_replication_role = origin");
    await client.query("VACUUM (ANALYZE) payments, payment_allocations, ledger_entries, sms_inbound, sms_results");
  });
}, 180_000);
afterAll(() => database.drop());

/** One of so many belongs to 0045MAK; half of the texts have no id of their own. */
const NTH = `generate_series(1, ${PAYMENTS}) AS n`;
const AT = "to_timestamp($1::float8 / 1000) - n * interval '90 seconds'";
const OWNER = `SELECT id FROM accounts WHERE account_number = '0045MAK'`;
/** The others are those of people, whose ids follow each other. */
const OTHERS = "SELECT min(id) FROM accounts WHERE opening_key IS NOT NULL";
const WHOSE = `CASE WHEN n % ${EVERY} = 0 THEN (${OWNER}) ELSE (${OTHERS}) + n % ${CUSTOMERS / 2} END`;
const FILL = [
  `INSERT INTO payments (receipt, shard, provider, amount_minor, currency, account_id, holder_kind, paid_at, payer_phone,
    till_id, road, generation, version, blocked, claimed_at)
  SELECT 'P' || n, n % 16, 'mpesa', 1000, 'LSL', ${WHOSE}, 'account', ${AT}, '2665' || lpad((n % 20000)::text, 7, '0'),
    'till-1', 'sms', 1, n, false, ${AT} FROM ${NTH}`,
  `INSERT INTO ledger_entries (entry_key, posting_id, book, kind, energy_wh, amount_minor, currency, provider, receipt, occurred_at, accepted_at)
  SELECT 'e' || n, 'P' || n, 'clearing', 'payment', -4000, -1000, 'LSL', 'mpesa', 'P' || n, ${AT}, ${AT} FROM ${NTH}`,
  // The oldest of all belong to nobody yet.
  `INSERT INTO payments (receipt, shard, provider, amount_minor, currency, holder_kind, paid_at, till_id, road, generation, version, blocked,
    claimed_at)
  SELECT 'S' || n, 1, 'mpesa', 1000, 'LSL', 'suspense', to_timestamp($1::float8 / 1000) - interval '200 days', 'till-1', 'sms', 1, n, false,
    to_timestamp($1::float8 / 1000) FROM generate_series(1, 3) AS n`,
  // One house of a site paid before all the others.
  `INSERT INTO sites (code, name, facts_version) VALUES ('ZZZ', 'One house', 1)`,
  `INSERT INTO accounts (account_number, site_code, customer_id, status, facts_version)
  SELECT '0001ZZZ', 'ZZZ', min(id), 'live', 1 FROM customers`,
  `INSERT INTO payments (receipt, shard, provider, amount_minor, currency, account_id, holder_kind, paid_at, till_id, road, generation, version,
    blocked, claimed_at)
  SELECT 'Z1', 1, 'mpesa', 1000, 'LSL', id, 'account', to_timestamp($1::float8 / 1000) - interval '100 days', 'till-1', 'sms', 1, 1, false,
    to_timestamp($1::float8 / 1000) FROM accounts WHERE account_number = '0001ZZZ'`,
  `INSERT INTO payment_allocations (receipt, generation, share, holder_kind, account_id, amount_minor, entry_key, at)
  SELECT 'Z1', 1, 1, 'account', id, 1000, 'receipt:Z1#1.1', to_timestamp($1::float8 / 1000) FROM accounts WHERE account_number = '0001ZZZ'`,
  `INSERT INTO payment_allocations (receipt, generation, share, holder_kind, account_id, amount_minor, entry_key, at)
  SELECT 'P' || n, 1, 1, 'account', ${WHOSE}, 1000, 'receipt:P' || n || '#1.1', ${AT} FROM ${NTH}`,
  `INSERT INTO sms_inbound (phone_id, till_id, channel, protocol, external_id, content_hash, sender, content, content_raw,
    received_at, id_conflict, request_id)
  SELECT 'phone-1', 'till-1', 'electricity', 'medic', CASE WHEN n % 2 = 0 THEN 'm' || n END, md5(n::text), 'MPESA',
    'P' || n || ' Confirmed.', '', ${AT}, false, 'request-' || n / 10 FROM ${NTH}`,
  `INSERT INTO sms_results (external_id, content_hash, phone_id, parser_version, outcome, receipt, account_id, parsed,
    processed_at, version)
  SELECT CASE WHEN n % 2 = 0 THEN 'm' || n END, md5(n::text), 'phone-1', 1, 'credited', 'P' || n, ${WHOSE}, '{}', ${AT}, 1
  FROM ${NTH}`,
];

const tooMany = (read: Record<string, number>) => Object.entries(read).filter(([, rows]) => rows > ROWS_READ_MAX);

const asked = { caseKey: "receipt:X#1.1", named: ["0045MAK"], alike: ["0046MAK"] };
const filter = { receipt: null, account: null, outcome: null, limit: 100 };
const [somebody] = people;
const ALL: PaymentsFilter = {
  ...{ from: null, to: null, site: null, provider: null, holder: null, minMinor: null, maxMinor: null, text: null },
};
const payments = (over: Partial<PaymentsFilter>) => (reader: Reader) =>
  listPayments(reader, { ...ALL, ...over }, null, 100);
const METERS = { now: NOON, site: null, platform: null, text: "", state: null, after: "", limit: 50 };
/** Where the list is in its middle. */
const [middle = ""] = people
  .map(({ accounts: [account = ""], meter }) => `${account.slice(4)}${account}/${meter}`)
  .sort()
  .slice(CUSTOMERS / 2);

describe("a question over tables that have grown", () => {
  it.each<[string, (reader: Reader) => Promise<unknown[]>]>([
    [
      "whose the money of a page of cases may be",
      (reader) =>
        suspenseHints(
          reader,
          Array.from({ length: 50 }, (_, n) => ({
            ...asked,
            caseKey: `receipt:X${n}#1.1`,
            phone: `26650000${100 + n}`,
          })),
          NOON + DAY_MS,
        ),
    ],
    ["the texts of an account", (reader) => accountSms(reader, "0045MAK", null, 50)],
    ["the log of texts of an account", (reader) => smsLog(reader, { ...filter, account: "0045MAK" })],
    ["the log of texts of a receipt", (reader) => smsLog(reader, { ...filter, receipt: `P${EVERY}` })],
    ["the newest texts", (reader) => smsLog(reader, filter)],
    ["the story of a receipt", async (reader) => (await receiptStory(reader, `P${EVERY}`)).sms],
    ["what a receipt posted", async (reader) => (await receiptStory(reader, `P${EVERY}`)).entries],
    ["the payments of an account", payments({ text: "0045mak" })],
    ["the payments of the beginning of a receipt", payments({ text: "p5999" })],
    ["the payments of the end of a payer's phone", payments({ text: "0012345" })],
    ["the payments that nobody holds", payments({ holder: "suspense" })],
    ["the newest payments", payments({})],
    ["the newest payments of a site of one house", payments({ site: "ZZZ" })],
    ["the first page of meters", (reader) => metersOf(reader, METERS)],
    ["the first page of a site's meters", (reader) => metersOf(reader, { ...METERS, site: middle.slice(0, 3) })],
    ["a page of meters in the middle", (reader) => metersOf(reader, { ...METERS, after: middle })],
    [
      "one meter, as its page shows it",
      async (reader) => [await meterNow(reader, { now: NOON, meterNumber: somebody?.meter ?? "" })],
    ],
    ["what a request brought", (reader) => smsOfRequest(reader, "request-77")],
    [
      "who may be a newcomer",
      (reader) =>
        alikeCustomers(
          reader,
          { name: `${somebody?.given} ${somebody?.family}`, phones: [], nationalId: null, plotNumber: null },
          null,
        ),
    ],
  ])("goes through few of their rows, and finds what is there: %s", async (_, ask) => {
    let found: unknown[] = [];
    const read = await rowsRead(database.appUrl, async (reader) => {
      found = await ask(reader);
    });
    expect(found.length).toBeGreaterThan(0);
    expect(tooMany(read)).toEqual([]);
  });
});
