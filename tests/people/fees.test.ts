import { beforeAll, describe, expect, it } from "vitest";
import { postFee } from "../../workers/jobs/post-fees.ts";
import { accountLocator } from "../../workers/objects/locate.ts";
import { feesOf } from "../../workers/portal/fees.ts";
import { payment } from "../workers/account-makers.ts";
import { country } from "./country.ts";
import { ask, oneLiveAccount } from "./operator.ts";

const ACCOUNT = "0083MAK";
const reason = "a test";
const order = (over: object, key: string, actor = "Mpho") =>
  ask("POST", "/api/fees", { account: ACCOUNT, part: "connection", reason, ...over }, actor, key);
/** As the account gets it from its receipt's shard. */
const pay = (amountMinor: number, receipt: string) =>
  accountLocator(country, ACCOUNT).post(ACCOUNT, payment({ receipt, amountMinor, paidAt: Date.now() }));
type Order = { id: string; state: string; because: string | null; amountMinor: number; decidedBy: string | null };
const of = (answer: { body: { [key: string]: unknown } }) => answer.body.order as Order;
type Debt = { part: string; outstandingMinor: number; paidMinor: number; forgivenMinor: number };
const debts = async () => (await ask("GET", `/api/accounts/${ACCOUNT}/fees`)).body.debts as Debt[];
const split = async (amountMinor: number, channel = "electricity") =>
  (await ask("GET", `/api/accounts/${ACCOUNT}/split?amountMinor=${amountMinor}&channel=${channel}`)).body;

beforeAll(() => oneLiveAccount({ account: ACCOUNT, name: "Test Eight", phone: "50000183" }));

describe("what an account owes beside energy", () => {
  it("is nothing at first, and all of a payment would be energy", async () => {
    expect(await debts()).toEqual([]);
    expect(await split(10_000)).toMatchObject({
      energyWh: 20_000,
      parts: [{ to: "energy", amountMinor: 10_000, because: "energy" }],
    });
  });

  it("is charged at the country's price, once, whoever charges it again", async () => {
    const first = await order({ act: "charge" }, "charge-first");
    expect([first.status, of(first)]).toMatchObject([200, { state: "posted", amountMinor: 50_100 }]);
    expect(of(await order({ act: "charge" }, "charge-second", "Lineo"))).toEqual(of(first));
    expect(await debts()).toMatchObject([{ part: "connection", outstandingMinor: 50_100 }]);
  });

  it("is what the dry run says, and then what a payment does", async () => {
    const said = await split(10_000);
    expect(said.parts).toEqual([
      { to: "connection", amountMinor: 10_000, because: "not_commissioned" },
      { to: "energy", amountMinor: 0, because: "energy" },
    ]);
    expect((await split(60_000, "fees")).parts).toEqual([
      { to: "connection", amountMinor: 50_100, because: "half" },
      { to: "unallocated", amountMinor: 9_900, because: "no_debt" },
    ]);
    for (let twice = 0; twice < 2; twice++) expect((await pay(10_000, "FEEDRY1")).status).toBe("posted");
    expect(await debts()).toMatchObject([{ outstandingMinor: 40_100, paidMinor: 10_000 }]);
    const { body } = await ask("GET", `/api/accounts/${ACCOUNT}/entries?limit=10`);
    const entries = body.entries as { entryKey: string; book: string; amountMinor: number }[];
    expect(entries.map(({ book, amountMinor }) => [book, amountMinor])).toEqual([
      ["customer_fees", 10_000],
      ["customer_energy", 0],
      ["customer_fees", -50_100],
    ]);
  });

  it("is written off by two people with a document, and by no fewer", async () => {
    const waiting = await order({ act: "writeoff", amountMinor: 100, document: "letter 4" }, "writeoff-1");
    expect([waiting.status, of(waiting).state]).toEqual([202, "waiting"]);
    const approve = (actor: string) => ask("POST", `/api/fees/${of(waiting).id}/approve`, { reason }, actor);
    expect(await approve(" mPHO")).toMatchObject({ status: 403, body: { error: { kind: "same_person" } } });
    expect(await debts()).toMatchObject([{ outstandingMinor: 40_100 }]);
    for (let twice = 0; twice < 2; twice++) expect((await approve("Lineo")).status).toBe(200);
    expect(await debts()).toMatchObject([{ outstandingMinor: 40_000, forgivenMinor: 100 }]);
  });

  it("is not written off beyond what is owed: the account refuses, and the order says so", async () => {
    const waiting = await order({ act: "writeoff", amountMinor: 50_000, document: "letter 5" }, "writeoff-2");
    const approved = await ask("POST", `/api/fees/${of(waiting).id}/approve`, { reason }, "Lineo");
    expect(of(approved)).toMatchObject({ state: "refused", because: "more_than_owed" });
    expect(await debts()).toMatchObject([{ outstandingMinor: 40_000 }]);
  });

  it("is paid back by one order once, though two calls for it are under way with a payment between them", async () => {
    const paid = 10_000 + 5_000;
    const wanted = { act: "refund", amountMinor: paid, document: "letter 6" };
    const { id } = of(await order(wanted, "refund-two-calls"));
    const decided = { actor: "Lineo", reason, at: Date.now(), requestId: crypto.randomUUID() };
    expect(await feesOf(country).decide(id, true, decided)).toMatchObject({ ok: true });
    // Both calls have read the order as approved before either of them asks the account.
    const read = await feesOf(country).find(id);
    if (read === null) throw new Error("no order");
    await postFee(country, read, Date.now());
    expect(await feesOf(country).find(id)).toMatchObject({ state: "refused", because: "more_than_paid" });
    await pay(10_000, "FEETWO1");
    await postFee(country, read, Date.now());
    const { paidMinor } = (await debts())[0] ?? { paidMinor: 0 };
    expect(paidMinor).toBeGreaterThanOrEqual(paid);
    expect(await feesOf(country).find(id)).toMatchObject({ state: "refused", because: "more_than_paid" });

    const again = of(await order(wanted, "refund-ordered-anew"));
    expect(of(await ask("POST", `/api/fees/${again.id}/approve`, { reason }, "Lineo"))).toMatchObject({
      state: "posted",
    });
    expect(await debts()).toMatchObject([{ paidMinor: paidMinor - paid }]);
  });

  it.each([
    { why: "no amount", over: { act: "writeoff", document: "x" }, field: "amountMinor" },
    { why: "half a cent", over: { act: "writeoff", document: "x", amountMinor: 0.5 }, field: "amountMinor" },
    { why: "less than nothing", over: { act: "refund", document: "x", amountMinor: -1 }, field: "amountMinor" },
    { why: "no document", over: { act: "refund", document: " ", amountMinor: 1 }, field: "document" },
    { why: "no such fee", over: { act: "charge", part: "meter" }, field: "part" },
  ])("with $why is refused by the name of the field", async ({ over, field }) => {
    const refused = await order(over, `bad-order-${field}`);
    expect([refused.status, refused.body.error?.details]).toMatchObject([400, [{ field }]]);
  });

  it("says what it expects of a dry run", async () => {
    for (const amount of ["0", "1.5", "x", ""])
      expect(await ask("GET", `/api/accounts/${ACCOUNT}/split?amountMinor=${amount}`)).toMatchObject({
        status: 400,
        body: { error: { details: [{ field: "amountMinor" }] } },
      });
    expect((await ask("GET", "/api/accounts/nobody/split?amountMinor=1")).status).toBe(404);
  });
});
