import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { withClient } from "../../dev/database-server.ts";
import { neonCopies } from "../../src/adapters/neon/copy-rows.ts";
import { connect } from "../../src/adapters/neon/database.ts";
import type { HoldBecause } from "../../src/domain/claim.ts";
import type { OutboxRow } from "../../src/domain/outbox.ts";
import { buildPosting, type LedgerHead, paymentLines } from "../../src/domain/posting.ts";
import { arrivesInSuspense, arrivesInTreasury, entersOwn } from "../../src/domain/receipt-postings.ts";
import type { StoredReceipt } from "../../src/domain/receipt-state.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";
import { allocation, credit, items, NOON, payment, seed, sms } from "./rows.ts";

/** The queries of docs/money.md, by the word before the dot in the comment above each. */
const queries = new Map<string, string>();
let database: FreshDatabase;
let accounts: [number, number];

/** What the page's query answers, asked as the Worker's own role, which may not do more than a reader has to. */
const ask = (name: string) =>
  withClient(database.appUrl, async (client) => {
    await client.query("SET default_transaction_read_only = on");
    const text = queries.get(name);
    if (text === undefined) throw new Error(`the page has no query ${name}`);
    return (await client.query<Record<string, unknown>>(text)).rows;
  });
const tell = async (rows: OutboxRow[]) => {
  const done = await neonCopies(connect(database.appUrl, database.sqlUrl)).write(items(rows));
  expect(done.recorded).toHaveLength(rows.length);
};

const words = { actor: null, reason: null, at: NOON };
const keyOf = (receipt: string, generation = 1) => `receipt:${receipt}#${generation}.1`;
const stored = (receipt: string, amountMinor: number) =>
  ({ receipt, amountMinor, provider: "mpesa", currency: "LSL", paidAt: NOON }) as StoredReceipt;
const nobodys = { account: null, version: 1 } as const;

/** Money that waits: its claim, its share, its place in our books and its case. */
const held = (receipt: string, amountMinor: number, because: HoldBecause, blocked = false): OutboxRow[] => [
  payment({ receipt, amountMinor, holderKind: "suspense", blocked, ...nobodys }),
  allocation({ receipt, amountMinor, holderKind: "suspense", account: null, because, entryKey: keyOf(receipt) }),
  arrivesInSuspense(stored(receipt, amountMinor), keyOf(receipt), amountMinor, words),
  waits(keyOf(receipt), receipt, 1, amountMinor, because),
];

const waits = (caseKey: string, receipt: string | null, generation: number | null, minor: number, because: string) =>
  ({
    kind: "suspense_case",
    caseKey,
    receipt,
    generation,
    share: generation,
    tillId: "till-1",
    amountMinor: minor,
    currency: "LSL",
    because,
    hintAccounts: [],
    hintNote: "",
    payerPhone: null,
    text: null,
    state: "open",
    openedAt: NOON,
    closedAt: null,
    version: 1,
  }) as OutboxRow;

/** What an account posts of a share that came out of suspense. */
function fromSuspense(accountId: number, head: LedgerHead, receipt: string, amountMinor: number): OutboxRow {
  const entryKey = keyOf(receipt, 2);
  const post = {
    entryKey,
    receipt,
    provider: "mpesa",
    road: "sms",
    amountMinor,
    currency: "LSL",
    paidAt: NOON,
  } as const;
  const { posting } = buildPosting(
    head,
    {
      accountId,
      postingId: entryKey,
      currency: "LSL",
      provider: "mpesa",
      tariffId: null,
      rateE4PerKwh: 50_000,
      receipt,
      actor: "Mpho",
      reason: "split",
      occurredAt: NOON,
      acceptedAt: NOON,
    },
    paymentLines({ ...post, payerPhone: null, contra: "suspense", actor: "Mpho", twinAllowed: false }, amountMinor * 2),
  );
  return { kind: "posting", account: "0045MAK", accountId, ...posting };
}

beforeAll(async () => {
  const page = await readFile(new URL("../../docs/money.md", import.meta.url), "utf8");
  const block = /```sql\n([\s\S]*?)```/.exec(page)?.[1] ?? "";
  for (const statement of block.split(/;\n/).filter((text) => text.trim() !== "")) {
    const name = /^-- (\w+)\. /.exec(statement)?.[1] ?? "";
    expect(queries.has(name), `two queries are named ${name}`).toBe(false);
    queries.set(name, statement);
  }
  database = await freshDatabase();
  accounts = await seed(database.ownerUrl);
  const first = credit(accounts[0]);
  const split = "QK7SPLIT";
  const [kept, left] = [1_500, 500];
  await tell([
    payment(),
    allocation(),
    first.row,
    // It waited, then it was split: a part for an account, a part still waits.
    ...held(split, kept + left, "two_accounts").filter(({ kind }) => kind === "allocation" || kind === "posting"),
    payment({
      receipt: split,
      amountMinor: kept + left,
      holderKind: "split",
      account: null,
      generation: 2,
      version: 2,
    }),
    allocation({ receipt: split, generation: 2, amountMinor: kept, entryKey: keyOf(split, 2) }),
    allocation({
      receipt: split,
      generation: 2,
      share: 2,
      amountMinor: left,
      holderKind: "suspense",
      account: null,
      because: "moved",
      entryKey: `receipt:${split}#2.2`,
    }),
    waits(`receipt:${split}#2.2`, split, 2, left, "moved"),
    fromSuspense(accounts[0], first.head, split, kept),
    ...held("QK7HELD", 700, "no_account_token"),
    ...held("QK7BACK", 800, "reversal", true),
    payment({ receipt: "QK7OURS", amountMinor: 300, holderKind: "treasury", ...nobodys }),
    allocation({
      receipt: "QK7OURS",
      amountMinor: 300,
      holderKind: "treasury",
      account: null,
      entryKey: keyOf("QK7OURS"),
    }),
    arrivesInTreasury(stored("QK7OURS", 300), keyOf("QK7OURS"), 300, words),
    ...held("QK7GONE", 600, "reversal").filter(({ kind }) => kind === "allocation" || kind === "posting"),
    payment({ receipt: "QK7GONE", amountMinor: 600, holderKind: "returned", ...nobodys, generation: 2, version: 2 }),
    allocation({
      receipt: "QK7GONE",
      amountMinor: 600,
      holderKind: "returned",
      account: null,
      generation: 2,
      entryKey: keyOf("QK7GONE", 2),
    }),
    entersOwn(
      stored("QK7GONE", 600),
      { holder: { kind: "returned", note: "" }, amountMinor: 600, entryKey: keyOf("QK7GONE", 2) },
      words,
    ),
    payment({ receipt: "QK7OLD", amountMinor: 900, holderKind: "legacy", ...nobodys }),
    allocation({ receipt: "QK7OLD", amountMinor: 900, holderKind: "legacy", account: null, entryKey: keyOf("QK7OLD") }),
    // In no book yet.
    waits("text:till-1:aa", null, null, 400, "no_receipt"),
  ]);
});
afterAll(() => database.drop());

describe("the queries of docs/money.md", () => {
  it("all run on the present schema, as the Worker's role and without writing", async () => {
    expect([...queries.keys()]).toEqual(["1a", "1b", "2a", "2b", "3", "4a", "4b", "4c", "5"]);
    for (const name of queries.keys()) await ask(name);
  });

  it("1a, 1b: all holders add up to what arrived, receipt by receipt, also of one that is split", async () => {
    const sums = { payments: 6_400, returned: 600, arrived: 5_800, customers: 3_500, suspense: 2_000, treasury: 300 };
    expect(numbers(await ask("1a"))).toEqual([sums]);
    expect(await ask("1b")).toEqual([]);
  });

  it("3: suspense without the texts that have no receipt is what the book says", async () => {
    const rows = await ask("3");
    const minor = (because: string) => Number(rows.find((row) => row.because === because)?.minor);
    expect(rows).toHaveLength(4);
    expect(minor("no_receipt")).toBe(400);
    expect(minor("moved") + minor("no_account_token") + minor("reversal")).toBe(2_000);
  });

  it("4b, 5: who holds what the operator took back, and what the old books say", async () => {
    expect(numbers(await ask("4b"))).toEqual([
      { receipt: "QK7BACK", holder_kind: "suspense", account_number: null, amount_minor: 800 },
    ]);
    await withClient(database.ownerUrl, (client) =>
      client.query(`INSERT INTO legacy_transactions (source, source_id, kind, account_number, amount_minor, currency, receipt)
        VALUES ('old', '1', 'payment', '0045MAK', 2000, 'LSL', 'QK7AAA')`),
    );
    expect(await ask("5")).toMatchObject([{ source: "old", account_number: "0045MAK" }]);
  });

  it("2a: an SMS that was read as a receipt of which no claim is known", async () => {
    const lost = { receipt: "QK7LOST", outcome: "credited", because: null } as const;
    await tell([
      sms(),
      {
        kind: "sms_result",
        externalId: "m-1",
        contentHash: "aa11",
        phoneId: "phone-1",
        parserVersion: 1,
        account: "0045MAK",
        parsedJson: "{}",
        processedAt: NOON,
        version: 1,
        ...lost,
      },
    ]);
    expect(await ask("2a")).toEqual([lost]);
  });

  it("4a, 4c: a case and a message that was given up, until somebody has ended them", async () => {
    await tell([
      {
        kind: "case",
        caseKey: "copy:1",
        caseKind: "copy_conflict",
        subject: "till:till-1",
        detailsJson: "{}",
        state: "open",
        openedAt: NOON,
        closedAt: null,
        version: 1,
      },
    ]);
    const letter = "INSERT INTO dead_letters (queue, message_id, body, died_at, handled_at) VALUES";
    await withClient(database.ownerUrl, (client) =>
      client.query(`${letter} ('copy', 'a', '{}', now(), NULL), ('copy', 'b', '{}', now(), now())`),
    );
    expect(await ask("4a")).toMatchObject([{ case_kind: "copy_conflict", subject: "till:till-1" }]);
    expect(await ask("4c")).toMatchObject([{ message_id: "a" }]);
  });
});

describe("what is wrong shows as a row", () => {
  it("2b: a posting whose claim nobody knows gets a stand-in, and the sums still hold", async () => {
    await tell([credit(accounts[1], { account: "0046MAK", receipt: "QK7STAND", amountMinor: 600 }).row]);
    expect(numbers(await ask("2b"))).toMatchObject([
      { receipt: "QK7STAND", account_number: "0046MAK", amount_minor: 600 },
    ]);
    expect(numbers(await ask("1a"))).toMatchObject([{ payments: 7_000, arrived: 6_400, customers: 4_100 }]);
    expect(await ask("1b")).toEqual([]);
  });

  it("1b: the right amount at the wrong holder, which the sums do not show", async () => {
    const receipt = "QK7WRONG";
    const head = credit(accounts[1], { account: "0046MAK", receipt: "QK7STAND", amountMinor: 600 }).head;
    await tell([
      payment({ receipt, amountMinor: 100 }),
      allocation({ receipt, amountMinor: 100, entryKey: keyOf(receipt) }),
      credit(accounts[1], { head, account: "0046MAK", receipt, amountMinor: 100 }).row,
    ]);
    expect(numbers(await ask("1a"))).toMatchObject([{ payments: 7_100, arrived: 6_500, customers: 4_200 }]);
    expect(numbers(await ask("1b"))).toEqual([
      { receipt, holder: "account", account_number: "0045MAK", claimed: 100, booked: null },
      { receipt, holder: "account", account_number: "0046MAK", claimed: null, booked: 100 },
    ]);
  });

  it("1b: a claim without its posting, and a posting without a payment, which the database itself refuses", async () => {
    const receipt = "QK7NONE";
    await tell([
      payment({ receipt, amountMinor: 50 }),
      allocation({ receipt, amountMinor: 50, entryKey: keyOf(receipt) }),
    ]);
    const insert = `INSERT INTO ledger_entries (entry_key, posting_id, book, kind, energy_wh, amount_minor, currency, receipt,
      occurred_at, accepted_at) VALUES ('x/clearing', 'x', 'clearing', 'payment', 0, -70, 'LSL', 'QK7NOROW', now(), now()),
      ('x/suspense', 'x', 'suspense', 'payment', 0, 70, 'LSL', 'QK7NOROW', now(), now())`;
    await expect(withClient(database.ownerUrl, (client) => client.query(insert))).rejects.toMatchObject({
      code: "23503",
    });
    const own = Object.assign(new URL(inject("databaseSuperUrl")), { pathname: new URL(database.ownerUrl).pathname });
    await withClient(own.href, (client) => client.query(`SET session_replication_role = replica; ${insert}`));
    const rows = numbers(await ask("1b")).filter((row) => row.receipt !== "QK7WRONG");
    expect(rows).toEqual([
      { receipt, holder: "account", account_number: "0045MAK", claimed: 50, booked: null },
      { receipt, holder: "arrived", account_number: null, claimed: 50, booked: null },
      { receipt: "QK7NOROW", holder: "arrived", account_number: null, claimed: null, booked: 70 },
      { receipt: "QK7NOROW", holder: "suspense", account_number: null, claimed: null, booked: 70 },
    ]);
  });
});

/** Sums come as text: Postgres has no whole numbers that large in JavaScript. */
const numbers = (rows: Record<string, unknown>[]) =>
  rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => [
        name,
        typeof value === "string" && /^-?\d+$/.test(value) ? Number(value) : value,
      ]),
    ),
  );
