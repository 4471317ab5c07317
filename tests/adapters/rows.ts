/** Rows as objects owe them: valid by default, overridden by what the test is about. */
import type pg from "pg";
import { withClient } from "../../dev/database-server.ts";
import type { LedgerRow } from "../../src/domain/ledger.ts";
import type {
  AllocationRow,
  OutboxItem,
  OutboxRow,
  PaymentRow,
  SmsInboundRow,
  VendorCreditRow,
} from "../../src/domain/outbox.ts";
import { buildPosting, GENESIS, type LedgerHead, paymentLines } from "../../src/domain/posting.ts";

export const NOON = Date.UTC(2026, 10, 3, 12);

export const payment = (over: Partial<PaymentRow> = {}): OutboxRow => ({
  kind: "payment",
  receipt: "QK7AAA",
  shard: 3,
  provider: "mpesa",
  amountMinor: 2_000,
  currency: "LSL",
  account: "0045MAK",
  holderKind: "account",
  paidAt: NOON,
  payerPhone: "26650000101",
  tillId: "till-1",
  road: "sms",
  generation: 1,
  version: 1,
  blocked: false,
  claimedAt: NOON,
  ...over,
});

export const allocation = (over: Partial<AllocationRow> = {}): OutboxRow => ({
  kind: "allocation",
  receipt: "QK7AAA",
  generation: 1,
  share: 1,
  holderKind: "account",
  account: "0045MAK",
  amountMinor: 2_000,
  because: null,
  entryKey: "receipt:QK7AAA#1.1",
  actor: null,
  reason: null,
  at: NOON,
  ...over,
});

export const sms = (over: Partial<SmsInboundRow> = {}): OutboxRow => ({
  kind: "sms_inbound",
  phoneId: "phone-1",
  tillId: "till-1",
  channel: "electricity",
  protocol: "medic",
  externalId: "m-1",
  contentHash: "aa11",
  sender: "MPESA",
  content: "QK7AAA Confirmed.",
  contentRawBase64: Buffer.from("QK7AAA Confirmed.").toString("base64"),
  claimedSentAt: null,
  claimedReceivedAt: NOON,
  receivedAt: NOON,
  idConflict: false,
  quarantine: null,
  requestId: "request-of-sms",
  ...over,
});

/** A credit that waits for the vendor's platform, as the account's object owes it. */
export const vendorCredit = (
  accountId: number,
  over: Partial<VendorCreditRow> = {},
): Extract<OutboxRow, { kind: "vendor_credit" }> => ({
  kind: "vendor_credit",
  accountId,
  externalId: "receipt:QK7AAA#1.1",
  sentAs: null,
  vendor: "koios",
  customerCode: "0045MAK",
  amountMinor: 2_000,
  currency: "LSL",
  memo: "1PWR ref QK7AAA",
  state: "queued",
  because: null,
  attempts: 0,
  nextAt: NOON,
  vendorId: null,
  queuedAt: NOON,
  sentAt: null,
  confirmedAt: null,
  error: null,
  unwantedAt: null,
  caseOpenedAt: null,
  version: 1,
  ...over,
});

type PostingRow = Extract<OutboxRow, { kind: "posting" }>;

/** A credit as the account's object posts it, after `head`. */
export function credit(
  accountId: number,
  over: {
    head?: LedgerHead;
    receipt?: string;
    account?: string;
    amountMinor?: number;
    share?: number;
    tariffId?: number;
  } = {},
): { row: PostingRow; head: LedgerHead } {
  const {
    head = GENESIS,
    receipt = "QK7AAA",
    account = "0045MAK",
    amountMinor = 2_000,
    share = 1,
    tariffId = null,
  } = over;
  const entryKey = `receipt:${receipt}#1.${share}`;
  const built = buildPosting(
    head,
    {
      accountId,
      postingId: entryKey,
      currency: "LSL",
      provider: "mpesa",
      tariffId,
      rateE4PerKwh: 50_000,
      receipt,
      actor: null,
      reason: null,
      occurredAt: NOON,
      acceptedAt: NOON + 1_500,
    },
    paymentLines(
      {
        entryKey,
        receipt,
        provider: "mpesa",
        road: "sms",
        amountMinor,
        currency: "LSL",
        paidAt: NOON,
        payerPhone: null,
        contra: "clearing",
        actor: null,
        twinAllowed: false,
      },
      amountMinor * 2,
    ),
  );
  return { row: { kind: "posting", account, accountId, ...built.posting }, head: built.head };
}

/** `count` credits of one account, one after the other. */
export function credits(accountId: number, count: number, account = "0045MAK"): PostingRow[] {
  let head = GENESIS;
  return Array.from({ length: count }, (_, n) => {
    const next = credit(accountId, { head, account, receipt: `${account}R${String(n).padStart(3, "0")}` });
    head = next.head;
    return next.row;
  });
}

export const items = (rows: OutboxRow[]): OutboxItem[] => rows.map((row, id) => ({ id, row }));

/** The posting with one customer row changed. */
export const withCustomerRow = (posting: PostingRow, over: Partial<LedgerRow>): PostingRow => ({
  ...posting,
  rows: posting.rows.map((row) => (row.accountId === null ? row : { ...row, ...over })),
});

/** One till, one phone, a second one, and accounts 0045MAK and 0046MAK; answers the accounts' ids. */
export const seed = (ownerUrl: string): Promise<[number, number]> =>
  withClient(ownerUrl, async (client) => {
    await client.query(`INSERT INTO sites (code, name, facts_version) VALUES ('MAK', 'Makhunoane', 1)`);
    await client.query(`INSERT INTO customers (customer_key, name, phones, language)
      VALUES ('c1', 'Test One', '{26650000101}', 'st'), ('c2', 'Test Two', '{26650000102,26650000101}', NULL)`);
    const made = await client.query<{ id: string }>(`INSERT INTO accounts
      (account_number, site_code, customer_id, status, facts_version)
      SELECT n, 'MAK', c.id, 'live', 1 FROM (VALUES ('0045MAK', 'c1'), ('0046MAK', 'c2')) AS v(n, k)
      JOIN customers c ON c.customer_key = v.k ORDER BY n RETURNING id`);
    await client.query(`INSERT INTO tills (id, name, providers, senders, currency, payment_minor_max,
      account_day_minor_max, till_day_minor_max, chain_break_minor_max, facts_version)
      VALUES ('till-1', 'Till', '{mpesa}', '{MPESA}', 'LSL', 1, 2, 3, 4, 1)`);
    await client.query(`INSERT INTO gateway_phones (id, name, till_id, channel, token_hashes, facts_version)
      VALUES ('phone-1', 'One', 'till-1', 'electricity', '{ab}', 1), ('phone-2', 'Two', 'till-1', 'fees', '{cd}', 1)`);
    await client.query(`INSERT INTO meters (meter_number, thing) VALUES ('23099001', 'thing-1')`);
    const [first, second] = made.rows.map(({ id }) => Number(id));
    if (first === undefined || second === undefined) throw new Error("two accounts expected");
    return [first, second];
  });

/** First column of the first row, as text. */
export async function value(client: pg.Client, query: string): Promise<string | null> {
  const result = await client.query<Record<string, unknown>>(query);
  const [first] = Object.values(result.rows[0] ?? {});
  return first === null || first === undefined ? null : String(first);
}
