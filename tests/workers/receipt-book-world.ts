import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import type { Claim, HoldBecause, Holder, Move, ReceiptState } from "../../src/domain/claim.ts";
import type { LedgerRow } from "../../src/domain/ledger.ts";
import type { OutboxRow } from "../../src/domain/outbox.ts";
import { accountLocator, receiptBookOf } from "../../workers/objects/locate.ts";
import type { ReceiptBook } from "../../workers/objects/receipt-book.ts";
import type { WakeTable } from "../../workers/objects/wakes.ts";

/** A valid SMS claim by default, overridden by what the test is about. */
export const aClaim = (overrides: Partial<Claim> & { receipt: string }): Claim => ({
  provider: "mpesa",
  amountMinor: 10_000,
  currency: "LSL",
  paidAt: Date.parse("2026-11-20T08:00:00Z"),
  payerPhone: "26650000101",
  till: "till-1",
  road: "sms",
  sightingKey: `sms:phone-1:${overrides.receipt}`,
  seenAt: Date.parse("2026-11-20T08:01:00Z"),
  holder: toAccount("0045MAK"),
  actor: null,
  fromProvider: false,
  ...overrides,
});

export const toAccount = (account: string): Holder => ({ kind: "account", account });
export const inSuspense = (because: HoldBecause, accounts: string[] = []): Holder => ({
  kind: "suspense",
  because,
  hints: { accounts, note: "" },
});
export const inTreasury: Holder = { kind: "treasury", note: "unclaimed" };

export const aMove = (overrides: Partial<Move> & Pick<Move, "receipt" | "expectedGeneration" | "newShares">): Move => ({
  actor: "Mpho",
  reason: "the customer called",
  at: Date.parse("2026-11-21T08:00:00Z"),
  ...overrides,
});

/** The shard of a receipt, with nothing to load. */
export async function bookOf(receipt: string) {
  await receiptBookOf(env, receipt).initialise();
  return receiptBookOf(env, receipt);
}

/** The same, as it is: what it knows of a receipt, and what it is asked. */
export const book = (receipt: string) => receiptBookOf(env, receipt);

export async function stateOf(receipt: string): Promise<ReceiptState> {
  const state = await book(receipt).state(receipt);
  if (state === null || state === "not_ready") throw new Error(`no state of ${receipt}`);
  return state;
}

export async function claimed(receipt: string, holder: Holder, overrides: Partial<Claim> = {}) {
  const stub = await bookOf(receipt);
  return stub.claim(aClaim({ receipt, holder, ...overrides }));
}

export async function openAccount(account: string, rateE4PerKwh: number | null = 50_000) {
  await accountLocator(env, account).configure({
    accountId: Number(account.slice(0, 4)),
    account,
    status: "live",
    currency: "LSL",
    language: "en",
    holderPhone: null,
    phones: [],
    rates: [{ tariffId: 1, scope: "global", rateE4PerKwh, validFrom: 0 }],
    meters: [],
    siteVendor: null,
    commissioned: true,
    terms: [],
    billFrom: 0,
    version: 1,
  });
}

export async function owedBy(stub: { copyBatch(max: number): Promise<{ id: number; row: OutboxRow }[]> }) {
  return (await stub.copyBatch(10_000)).map(({ row }) => row);
}

export const rowsOf = (rows: OutboxRow[]): LedgerRow[] =>
  rows.flatMap((row) => (row.kind === "posting" ? row.rows : []));

/** Minor units by book over everything that shards and these accounts owe Postgres. */
export async function booksOf(receipt: string, accounts: string[]) {
  const rows = rowsOf(await owedBy(receiptBookOf(env, receipt)));
  for (const account of accounts) rows.push(...rowsOf(await owedBy(accountLocator(env, account))));
  const books: Partial<Record<LedgerRow["book"], number>> = {};
  for (const row of rows) if (row.receipt === receipt) books[row.book] = (books[row.book] ?? 0) + row.amountMinor;
  return books;
}

/** Lets the alarm find everything due, as if the time had come. */
export async function alarmNow(stub: DurableObjectStub<ReceiptBook>) {
  await runInDurableObject(stub, async (object, state) => {
    state.storage.sql.exec("UPDATE receipts SET due_at = 1 WHERE due_at IS NOT NULL");
    state.storage.sql.exec("UPDATE wakes SET due_at = 1 WHERE name <> 'copy'");
    // Written behind the object's back: what it remembers of its wakes is old now.
    (Reflect.get(object, "wakes") as WakeTable).forget();
    await state.storage.setAlarm(Date.now() + 3_600_000);
  });
  return runDurableObjectAlarm(stub);
}

/** A person gives a receipt's money to others. */
export const moved = (receipt: string, expectedGeneration: number, newShares: Move["newShares"], actor = "Mpho") =>
  book(receipt).move(aMove({ receipt, expectedGeneration, newShares, actor }));

export const gone: Holder = { kind: "returned", note: "statement of May" };
