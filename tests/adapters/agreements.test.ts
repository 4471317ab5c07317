import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withClient } from "../../dev/database-server.ts";
import { neonAgreements } from "../../src/adapters/neon/agreements.ts";
import { neonCopies } from "../../src/adapters/neon/copy-rows.ts";
import { connect, type Database } from "../../src/adapters/neon/database.ts";
import { neonFees } from "../../src/adapters/neon/fees.ts";
import { neonRestores } from "../../src/adapters/neon/restore-accounts.ts";
import { COUNTRIES } from "../../src/domain/country.ts";
import {
  buildPosting,
  feeLines,
  GENESIS,
  type LedgerHead,
  paymentLines,
  reversalLines,
} from "../../src/domain/posting.ts";
import type { NewAgreement } from "../../src/ports/agreements.ts";
import { owedBesideEnergy } from "../../src/queries/owed.ts";
import { receiptStory } from "../../src/queries/receipt-story.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";
import { allocation, items, NOON, payment, seed, value } from "./rows.ts";

let database: FreshDatabase;
let db: Database;
let accountId: number;
beforeAll(async () => {
  database = await freshDatabase();
  await seed(database.ownerUrl);
  db = connect(database.appUrl, database.sqlUrl);
  accountId = Number(await ask("SELECT id FROM accounts WHERE account_number = '0045MAK'"));
});
afterAll(() => database.drop());

const all = () => neonAgreements(db);
const fees = () => neonFees(db);
const ask = (query: string) => withClient(database.ownerUrl, (client) => value(client, query));
let requests = 0;
const by = (actor: string, at = NOON) => ({ actor, reason: "signed at the office", at, requestId: `g${++requests}` });
const CONTRACT = {
  key: `agreements/${"a".repeat(64)}.pdf`,
  sha256: "a".repeat(64),
  type: "application/pdf",
  bytes: 9,
} as const;
const advance = (id: string, over: Partial<NewAgreement> = {}): NewAgreement => ({
  ...{ id, account: "0045MAK", part: "advance.connection", title: null, currency: "LSL" },
  ...{ principalMinor: 50_000, interestMinor: 0, setupMinor: 0, instalments: null },
  ...{ fractionE4: 5_000, monthlyFeeE4: 200, penaltyE4: 0, graceDays: 0, intervalDays: 0, contract: CONTRACT },
  ...over,
});
const plan = (id: string, over: Partial<NewAgreement> = {}): NewAgreement =>
  advance(id, {
    ...{ part: `financing.${id}`, title: "freezer", interestMinor: 5_000, setupMinor: 1_000, instalments: 12 },
    ...{ fractionE4: 2_000, monthlyFeeE4: 0, penaltyE4: 500, graceDays: 30, intervalDays: 14, ...over },
  });
const terms = async () => {
  const facts = await neonRestores(db, COUNTRIES.LS).accountFacts("0045MAK");
  if (facts === "down" || facts === null) throw new Error("no facts");
  return facts;
};
const answered = (id: string, state: "posted" | "refused", amountMinor: number, at = NOON) =>
  fees().answered(id, { state, because: state === "refused" ? "already_charged" : null, amountMinor, at });

let head: LedgerHead = GENESIS;
/** The account's next posting, as its object would send it. */
function post(postingId: string, lines: Parameters<typeof buildPosting>[2], receipt: string | null = null) {
  const frame = { provider: null, tariffId: null, rateE4PerKwh: null, actor: "x", reason: null, receipt, postingId };
  const made = buildPosting(head, { ...frame, accountId, currency: "LSL", occurredAt: NOON, acceptedAt: NOON }, lines);
  head = made.head;
  return { kind: "posting" as const, account: "0045MAK", accountId, ...made.posting };
}

describe("a signed agreement", () => {
  it("is filed with the order that charges it, twice is once, and something else under its name is refused", async () => {
    for (let n = 0; n < 2; n++) expect(await all().sign(advance("a1"), by("Palesa"))).toMatchObject({ ok: true });
    expect(await all().find("a1")).toMatchObject({
      ...{ account: "0045MAK", state: "approved", fractionE4: 5_000, outstandingMinor: null, orderedBy: "Palesa" },
      contract: { type: "application/pdf", bytes: 9 },
    });
    expect(await fees().find("a1")).toMatchObject({ act: "charge", amountMinor: 50_000, document: CONTRACT.key });
    for (const over of [
      { fractionE4: 4_000 },
      { principalMinor: 40_000 },
      { contract: { ...CONTRACT, sha256: "b".repeat(64) } },
    ])
      expect(await all().sign(advance("a1", over), by("Palesa"))).toMatchObject({
        ok: false,
        error: { kind: "exists" },
      });
    expect(await all().sign(advance("a2", { account: "9999MAK" }), by("Palesa"))).toMatchObject({
      error: { kind: "unknown" },
    });
    expect(await ask("SELECT count(*) FROM mutations WHERE action = 'agreement.sign'")).toBe("1");
    expect(await all().contractKey("a1")).toEqual({ key: CONTRACT.key, type: "application/pdf" });
    expect(await all().contractKey("nobody")).toBeNull();
  });

  it.each([
    { why: "without a contract", over: { contract: { ...CONTRACT, key: "" } }, rule: "debt_agreements_contract" },
    { why: "that repays nothing", over: { fractionE4: 0 }, rule: "debt_agreements_fractions" },
    { why: "with a penalty and no days", over: { penaltyE4: 1 }, rule: "debt_agreements_days" },
    { why: "of an advance with a title", over: { title: "freezer" }, rule: "debt_agreements_title" },
    { why: "of no known kind", over: { part: "advance.meter" as never }, rule: "debt_agreements_part" },
  ])("$why is refused by the database", async ({ over, rule }) => {
    const refused = await all().sign(advance(`bad-${rule}`, over), by("Palesa"));
    expect(refused).toMatchObject({ ok: false, error: { detail: expect.stringContaining(rule) } });
  });

  it("is a fact of its account once the account has taken it, and one that is refused never is", async () => {
    const before = await terms();
    expect(before.terms).toEqual([]);
    await answered("a1", "posted", 50_000);
    const after = await terms();
    expect(after.terms).toEqual([
      { part: "advance.connection", fractionE4: 5_000, monthlyFeeE4: 200, penaltyE4: 0, graceDays: 0, intervalDays: 0 },
    ]);
    expect(after.version).toBeGreaterThan(before.version);
    await all().sign(advance("a3", { fractionE4: 9_000 }), by("Palesa", NOON + 1));
    await answered("a3", "refused", 50_000, NOON + 2);
    expect((await terms()).terms).toEqual(after.terms);
    await all().sign(plan("p1"), by("Palesa", NOON + 3));
    await answered("p1", "posted", 56_000, NOON + 4);
    expect((await terms()).terms.map(({ part, penaltyE4 }) => [part, penaltyE4])).toEqual([
      ["advance.connection", 0],
      ["financing.p1", 500],
    ]);
  });

  it("of one kind counts by its newest: an advance that was repaid may be followed by another", async () => {
    await all().sign(advance("a4", { fractionE4: 3_000 }), by("Palesa", NOON + 5));
    await answered("a4", "posted", 50_000, NOON + 6);
    expect((await terms()).terms[0]).toMatchObject({ part: "advance.connection", fractionE4: 3_000 });
  });

  it("stands as its account's lines say, of that debt alone, and says nothing before its charge is there", async () => {
    expect(await all().find("p1")).toMatchObject({ chargedMinor: null, paidMinor: null, outstandingMinor: null });
    const key = "receipt:QK7AAA#1.1";
    const paid = paymentLines({ entryKey: key, contra: "clearing", amountMinor: 2_000 } as never, 0, [
      { to: "advance.connection", amountMinor: 500 },
      { to: "financing.p1", amountMinor: 300 },
    ]);
    await neonCopies(db).write(
      items([
        payment({ account: "0045MAK", holderKind: "account" }),
        allocation({ holderKind: "account", account: "0045MAK", because: null, entryKey: key }),
        post("fee:charge:advance.connection:a1", feeLines("fee:charge:advance.connection:a1", 50_000)),
        post("fee:charge:financing.p1:p1", feeLines("fee:charge:financing.p1:p1", 56_000)),
        post(key, paid, "QK7AAA"),
        post("fee:penalty:financing.p1:x@2026-12-01", feeLines("fee:penalty:financing.p1:x@2026-12-01", 100)),
        post("fee:writeoff:financing.p1:w1", feeLines("fee:writeoff:financing.p1:w1", -40)),
      ]),
    );
    expect(await all().find("p1")).toMatchObject({ chargedMinor: 56_100, paidMinor: 300, outstandingMinor: 55_760 });
    expect(await all().find("a1")).toMatchObject({ chargedMinor: 50_000, paidMinor: 500, outstandingMinor: 49_500 });
  });

  it("is named by each line of a payment that repays it: of two advances of a kind the one that was owed then", async () => {
    const lines = (await receiptStory(db, "QK7AAA")).entries.filter(({ book }) => book === "customer_fees");
    expect(lines.map(({ account, part, agreement }) => [account, part, agreement])).toEqual([
      ["0045MAK", "advance.connection", { id: "a1", title: null }],
      ["0045MAK", "financing.p1", { id: "p1", title: "freezer" }],
    ]);
    const others = (await receiptStory(db, "QK7AAA")).entries.filter(({ book }) => book !== "customer_fees");
    expect(others.map(({ part, agreement }) => part ?? agreement)).toEqual(others.map(() => null));
  });

  it("counts in what is owed beside energy, by its kind, and what is overpaid lessens no debt of another", async () => {
    expect(await owedBesideEnergy(db)).toEqual([
      { kind: "advances", minor: 49_500, accounts: 1 },
      { kind: "plans", minor: 55_760, accounts: 1 },
    ]);
    const key = "receipt:QK7OVER#1.1";
    const over = paymentLines({ entryKey: key, contra: "clearing", amountMinor: 900 } as never, 0, [
      { to: "unallocated", amountMinor: 900 },
    ]);
    const [charge, paid] = [feeLines("fee:charge:connection:c9", 100), feeLines("fee:writeoff:readyboard:w9", -70)];
    const held = { receipt: "QK7OVER", amountMinor: 900, holderKind: "account" as const, account: "0045MAK" };
    await neonCopies(db).write(
      items([
        payment(held),
        allocation({ ...held, because: null, entryKey: key }),
        post(key, over, "QK7OVER"),
        post("fee:charge:connection:c9", charge),
        post("fee:writeoff:readyboard:w9", paid),
      ]),
    );
    const owedIn = async (kind: string) => (await owedBesideEnergy(db)).find((each) => each.kind === kind);
    expect(await owedBesideEnergy(db)).toEqual([
      { kind: "advances", minor: 49_500, accounts: 1 },
      { kind: "fees", minor: 100, accounts: 1 },
      { kind: "plans", minor: 55_760, accounts: 1 },
    ]);
    // Paid back to the customer, and then the payment turns out to be somebody else's: it went out twice.
    await neonCopies(db).write(
      items([post("fee:refund:unallocated:r9", feeLines("fee:refund:unallocated:r9", 900, "clearing"))]),
    );
    expect(await owedIn("fees")).toEqual({ kind: "fees", minor: 100, accounts: 1 });
    const lines = over.filter(({ book }) => book.startsWith("customer_")) as never[];
    await neonCopies(db).write(items([post(`${key}:reversal`, lines.flatMap(reversalLines), "QK7OVER")]));
    expect(await owedIn("fees")).toEqual({ kind: "fees", minor: 1_000, accounts: 1 });
  });

  it("is listed the newest first, a page at a time, of one account or of all", async () => {
    const ids = async (account: string | null, after: string, limit: number) =>
      (await all().list({ account, after }, limit)).map(({ id }) => id);
    expect(await ids(null, "", 2)).toEqual(["a4", "p1"]);
    expect(await ids("0045MAK", "p1", 9)).toEqual(["a3", "a1"]);
    expect(await ids("0099MAK", "", 9)).toEqual([]);
  });

  it("is asked for its months once a day, and only if it has any and was taken", async () => {
    const due = async (day: string, after = "") => (await all().unaccrued(day, after, 9)).map(({ id }) => id);
    expect(await due("2026-12-01")).toEqual(["a1", "a4", "p1"]);
    expect(await due("2026-12-01", "a1")).toEqual(["a4", "p1"]);
    for (const id of ["a1", "a4"]) await all().accrued(id, "2026-12-01");
    expect(await due("2026-12-01")).toEqual(["p1"]);
    expect(await due("2026-12-02")).toEqual(["a1", "a4", "p1"]);
  });

  it("is not changed by what serves it: only how far it was asked moves", async () => {
    for (const column of ["fraction_e4", "contract_sha256", "part"])
      await expect(
        withClient(database.appUrl, (client) => client.query(`UPDATE debt_agreements SET ${column} = ${column}`)),
      ).rejects.toThrow(/permission denied/);
  });
});
