import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { withClient } from "../../dev/database-server.ts";
import { neonCopies } from "../../src/adapters/neon/copy-rows.ts";
import { connect } from "../../src/adapters/neon/database.ts";
import type { Claim, ClaimAnswer, Holder } from "../../src/domain/claim.ts";
import { COUNTRIES } from "../../src/domain/country.ts";
import type { SuspenseCaseRow } from "../../src/domain/outbox.ts";
import { suspenseCase } from "../../src/queries/suspense.ts";
import { type TypedReceipt, type TypeReceiptPorts, typeReceipt } from "../../src/services/type-receipt.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";
import { NOON, seed, value } from "./rows.ts";

const MINUTE = 60_000;
let database: FreshDatabase;
let cases: TypeReceiptPorts["cases"];
let key: string;
let n = 0;

beforeAll(async () => {
  database = await freshDatabase();
  await seed(database.ownerUrl);
  const db = connect(database.appUrl, database.sqlUrl);
  cases = {
    find: (caseKey) => suspenseCase(db, caseKey),
    put: async (row) => {
      await neonCopies(db).write([{ id: 1, row: { kind: "suspense_case", ...row } }]);
    },
  };
});
afterAll(() => database.drop());

const text = (): SuspenseCaseRow => ({
  caseKey: key,
  receipt: null,
  generation: null,
  share: null,
  tillId: null,
  amountMinor: 2_500,
  currency: "LSL",
  because: "no_receipt",
  hintAccounts: [],
  hintNote: "the text carries no receipt",
  payerPhone: "26650000108",
  text: "M25.00 received from 26650000108. Reference 42",
  state: "open",
  openedAt: NOON,
  closedAt: null,
  version: 1,
});

beforeEach(async () => {
  key = `text:till-a:${++n}`;
  await cases.put(text());
});

/** Receipts are claimed once, by whoever comes first; the gate remembers what it was told. */
function world(status: "live" | "unknown" | "not_ready" = "live") {
  const claims: Claim[] = [];
  const released: string[] = [];
  const held = new Map<string, { holder: Holder; amountMinor: number }>();
  const claim = async (claimed: Claim): Promise<ClaimAnswer> => {
    claims.push(claimed);
    const known = held.get(claimed.receipt);
    const { holder, amountMinor } = known ?? claimed;
    held.set(claimed.receipt, { holder, amountMinor });
    const { receipt, provider, currency, paidAt } = claimed;
    const share = { share: 1, holder, amountMinor, entryKey: `receipt:${receipt}#1.1`, entry: null };
    const posting = holder.kind === "account" ? ("posted" as const) : ("none" as const);
    return {
      status: known === undefined ? "new" : known.amountMinor === claimed.amountMinor ? "same" : "conflict",
      state: {
        receipt,
        provider,
        currency,
        paidAt,
        amountMinor,
        generation: 1,
        phase: "recording",
        blocked: false,
        shares: [{ ...share, posting }],
      },
    };
  };
  const ports: TypeReceiptPorts = {
    country: COUNTRIES.LS,
    accounts: { status: async () => status },
    receipts: { claim },
    tills: { assess: async () => ({ allow: true }) },
    lookups: { inOldBooks: async () => false },
    cutoverAt: async () => NOON - 86_400_000,
    cases,
    gate: {
      release: async (caseKey) => {
        released.push(caseKey);
      },
    },
  };
  return { ports, claims, released, held };
}

const typed = (over: Partial<TypedReceipt> = {}): TypedReceipt => ({
  caseKey: key,
  receipt: `08XX0TYPED${n}`,
  provider: "mpesa",
  amountMinor: 2_500,
  account: "0045MAK",
  actor: "Lineo",
  sightingKey: `typed:${key}`,
  at: NOON + MINUTE,
  ...over,
});

describe("a receipt typed for a text that carried none", () => {
  it("credits at the instant of the text, closes the text's case and lets the gate go", async () => {
    const { ports, claims, released } = world();
    expect(await typeReceipt(ports, typed())).toMatchObject({ ok: true, value: { status: "credited" } });
    expect(claims).toMatchObject([{ paidAt: NOON, payerPhone: "26650000108", actor: "Lineo", road: "manual" }]);
    expect(released).toEqual([key]);
    expect(await cases.find(key)).toMatchObject({
      state: "closed",
      receipt: typed().receipt,
      generation: 1,
      closedAt: NOON + MINUTE,
      version: 3,
    });
  });

  it("changes nothing when it is typed twice, and the Mailbox's own late row does not open the case again", async () => {
    const { ports } = world();
    await typeReceipt(ports, typed());
    const closed = await cases.find(key);
    expect(await typeReceipt(ports, typed({ at: NOON + 9 * MINUTE }))).toMatchObject({
      ok: true,
      value: { status: "duplicate" },
    });
    await cases.put(text());
    expect(await cases.find(key)).toEqual(closed);
  });

  it("closes it too when the money is held under its receipt", async () => {
    const { ports, released } = world("unknown");
    expect(await typeReceipt(ports, typed())).toMatchObject({ ok: true, value: { status: "held" } });
    expect(await cases.find(key)).toMatchObject({ state: "closed" });
    expect(released).toEqual([key]);
  });

  it("leaves the case open while the account does not answer, and finishes when the same comes again", async () => {
    const { ports, released } = world("not_ready");
    expect(await typeReceipt(ports, typed())).toMatchObject({ ok: false, error: { kind: "not_ready" } });
    expect(await cases.find(key)).toMatchObject({ state: "open", receipt: typed().receipt });
    expect(released).toEqual([]);
    expect(await typeReceipt(world().ports, typed())).toMatchObject({ ok: true });
    expect(await cases.find(key)).toMatchObject({ state: "closed" });
  });

  it("finishes what died between the claim and the case", async () => {
    const { ports } = world();
    const dies = { ...ports, gate: { release: () => Promise.reject(new Error("evicted")) } };
    await expect(typeReceipt(dies, typed())).rejects.toThrow("evicted");
    expect(await cases.find(key)).toMatchObject({ state: "open" });
    expect(await typeReceipt(ports, typed())).toMatchObject({ ok: true, value: { status: "duplicate" } });
    expect(await cases.find(key)).toMatchObject({ state: "closed" });
  });

  it("lets one of two people win who type two receipts for one text at once", async () => {
    const { ports, claims } = world();
    const answers = await Promise.all(
      ["08XX0ONE", "08XX0TWO", "08XX0ONE", "08XX0TWO"].map((receipt) =>
        typeReceipt(ports, typed({ receipt: `${receipt}${n}` })),
      ),
    );
    expect(answers.filter((answer) => answer.ok)).not.toHaveLength(0);
    expect(new Set(claims.map(({ receipt }) => receipt)).size).toBe(1);
    expect(answers.filter((answer) => !answer.ok)).toMatchObject([
      { error: { kind: "case_taken" } },
      { error: { kind: "case_taken" } },
    ]);
  });

  it("lets another receipt be typed when the first is refused", async () => {
    const { ports, held } = world();
    held.set("08XX0TAKEN", { holder: { kind: "account", account: "0099MAK" }, amountMinor: 2_500 });
    expect(await typeReceipt(ports, typed({ receipt: "08XX0TAKEN" }))).toMatchObject({
      ok: false,
      error: { kind: "held_by_another" },
    });
    expect(await cases.find(key)).toMatchObject({ state: "open", receipt: null });
    expect(await typeReceipt(ports, typed())).toMatchObject({ ok: true, value: { status: "credited" } });
  });

  it.each([
    ["a text that nobody knows", { caseKey: "text:till-a:nobody" }, "unknown_case"],
    ["another amount than the text's", { amountMinor: 2_600 }, "amount_not_of_text"],
  ])("refuses %s, and claims nothing", async (_, over, kind) => {
    const { ports, claims } = world();
    expect(await typeReceipt(ports, typed(over))).toMatchObject({ ok: false, error: { kind } });
    expect(claims).toEqual([]);
  });

  it("refuses the case of a receipt: that one is moved, not typed", async () => {
    const { ports, claims } = world();
    key = `receipt:08XX0OWN${n}#1.1`;
    await cases.put({ ...text(), because: "wrong_token", receipt: `08XX0OWN${n}` });
    expect(await typeReceipt(ports, typed())).toMatchObject({ ok: false, error: { kind: "unknown_case" } });
    expect(claims).toEqual([]);
    expect(
      await withClient(database.ownerUrl, (client) =>
        value(client, `SELECT state FROM suspense_cases WHERE case_key = '${key}'`),
      ),
    ).toBe("open");
  });
});
