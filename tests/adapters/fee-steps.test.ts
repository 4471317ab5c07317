import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withClient } from "../../dev/database-server.ts";
import { neonCommissionings } from "../../src/adapters/neon/commissioning-write.ts";
import { neonCopies } from "../../src/adapters/neon/copy-rows.ts";
import { connect, type Database } from "../../src/adapters/neon/database.ts";
import { neonFees } from "../../src/adapters/neon/fees.ts";
import { COUNTRIES } from "../../src/domain/country.ts";
import { askOf, FEE_STEPS_BY } from "../../src/domain/fees/paid-step.ts";
import type { OutboxRow } from "../../src/domain/outbox.ts";
import {
  buildPosting,
  feeLines,
  GENESIS,
  type PostingLine,
  paymentLines,
  reversalLines,
} from "../../src/domain/posting.ts";
import { feeStepsDue } from "../../src/queries/fee-steps.ts";
import { recordCommissioning } from "../../src/services/record-commissioning.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";
import { items, NOON, seed, value } from "./rows.ts";

const ACCOUNT = "0045MAK";
const DAY_MS = 86_400_000;
let database: FreshDatabase;
let db: Database;
let accountId: number;
let head = GENESIS;
let requests = 0;
const by = (actor: string) => ({
  actor,
  reason: "the book says so",
  at: NOON + 9 * DAY_MS,
  requestId: `s${++requests}`,
});
const ports = () => ({ country: COUNTRIES.LS, commissionings: neonCommissionings(db, COUNTRIES.LS) });

beforeAll(async () => {
  database = await freshDatabase();
  await seed(database.ownerUrl);
  db = connect(database.appUrl, database.sqlUrl);
  accountId = Number(
    await withClient(database.ownerUrl, (client) =>
      value(client, `SELECT id FROM accounts WHERE account_number = '${ACCOUNT}'`),
    ),
  );
});
afterAll(() => database.drop());

/** Into the books as the account's object brings it. */
async function post(postingId: string, lines: PostingLine[], occurredAt: number, receipt: string | null) {
  const frame = {
    ...{ accountId, postingId, currency: "LSL" as const, provider: receipt === null ? null : ("mpesa" as const) },
    ...{ tariffId: null, rateE4PerKwh: receipt === null ? null : 50_000, receipt, actor: "a test", reason: "a test" },
    ...{ occurredAt, acceptedAt: occurredAt },
  };
  const built = buildPosting(head, frame, lines);
  head = built.head;
  const row = { kind: "posting", account: ACCOUNT, accountId, ...built.posting } as OutboxRow;
  expect((await neonCopies(db).write(items([row]))).recorded).toHaveLength(1);
  return built.posting;
}
const charge = async (part: "connection" | "readyboard", owedMinor: number) => {
  const fees = neonFees(db);
  const order = { id: part, account: ACCOUNT, act: "charge" as const, part, amountMinor: null, currency: "LSL" };
  await fees.order({ ...order, document: null }, by("Mpho"));
  await fees.answered(part, { state: "posted", because: null, amountMinor: owedMinor, at: NOON });
  return post(`fee:charge:${part}:${part}`, feeLines(`fee:charge:${part}:${part}`, owedMinor), NOON, null);
};
const pay = (receipt: string, amountMinor: number, part: "connection" | "readyboard", days: number) => {
  const entryKey = `receipt:${receipt}#1.1`;
  const lines = paymentLines({ entryKey, amountMinor, contra: "clearing" } as Parameters<typeof paymentLines>[0], 0, [
    { to: part, amountMinor },
  ]);
  return post(entryKey, lines, NOON + days * DAY_MS, receipt);
};
/** What the job does, at noon nine days on. */
async function job() {
  const due = await feeStepsDue(db, "", 10);
  const said = due.map((fee) => ({ account: fee.account, ask: askOf(fee, 120), reason: "a test", byBooks: true }));
  const recorded = await recordCommissioning(ports(), said, "good", { ...by(FEE_STEPS_BY) });
  return recorded.ok
    ? recorded.value.results.map(({ step, act, status }) => `${act} ${step} ${status}`)
    : recorded.error;
}
const dayOf = async (step: string) => {
  const [facts] = await ports().commissionings.facts([ACCOUNT]);
  return facts?.events.findLast((event) => event.step === step)?.day;
};

describe("a fee that was charged here", () => {
  it("is a step once all of it is paid, on the local day of its last payment, once", async () => {
    await charge("connection", 50_100);
    expect(await job()).toEqual([]);
    await pay("STEP1", 10_000, "connection", 1);
    expect(await job()).toEqual([]);
    // Half past eleven at night in UTC is the next day there.
    await pay("STEP2", 40_100, "connection", 2.48);
    expect(await job()).toEqual(["record connection_fee_paid created"]);
    expect(await dayOf("connection_fee_paid")).toBe("2026-11-06");
    expect(await job()).toEqual([]);
  });

  it("is nobody's to say by hand, neither done nor undone", async () => {
    const say = async (act: "record" | "withdraw", step: "connection_fee_paid" | "readyboard_fee_paid") => {
      const ask = act === "record" ? { act, step, day: "2026-11-04" } : { act, step };
      const said = await recordCommissioning(ports(), [{ account: ACCOUNT, ask, reason: "seen" }], "all", by("Mpho"));
      return said.ok ? said.value.results[0] : said.error;
    };
    for (const act of ["record", "withdraw"] as const)
      expect(await say(act, "connection_fee_paid")).toMatchObject({
        status: "refused",
        because: { kind: "not_by_hand" },
      });
    // Of the other, which was never charged here, people say it as before.
    expect(await say("record", "readyboard_fee_paid")).toMatchObject({ status: "created" });
  });

  it("is none any more when its payment is taken back, and again when it is paid again", async () => {
    const part = {
      entryKey: "receipt:STEP2#1.1/fee.connection",
      energyWh: 0,
      amountMinor: 40_100,
      book: "customer_fees",
    };
    const lines = reversalLines(part as Parameters<typeof reversalLines>[0]);
    await post(`${part.entryKey}:reversal`, lines, NOON + 4 * DAY_MS, "STEP2");
    expect(await job()).toEqual(["withdraw connection_fee_paid created"]);
    expect(await job()).toEqual([]);
    await pay("STEP3", 40_100, "connection", 5);
    expect(await job()).toEqual(["record connection_fee_paid created"]);
    expect(await dayOf("connection_fee_paid")).toBe("2026-11-08");
  });

  it("stays as a person said it before it was charged, though it is owed now", async () => {
    await charge("readyboard", 49_900);
    expect(await job()).toEqual([]);
  });
});
