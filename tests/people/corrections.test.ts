import { beforeAll, describe, expect, it } from "vitest";
import { KEYS } from "../workers/country.ts";
import { Browser, rows } from "./country.ts";
import { ask, oneLiveAccount } from "./operator.ts";

const ACCOUNT = "0077MAK";
const reason = "a test";
const order = (amountMinor: number, key: string, actor = "Mpho", over: object = {}) =>
  ask(
    "POST",
    "/api/corrections",
    { account: ACCOUNT, amountMinor, code: "payment_missing", document: "book 7", reason, ...over },
    actor,
    key,
  );
type Correction = { id: string; state: string; decidedBy: string | null };
const of = (answer: { body: { [key: string]: unknown } }) => answer.body.correction as Correction;

beforeAll(() => oneLiveAccount({ account: ACCOUNT, name: "Test Seven", phone: "50000177" }));

describe("a correction", () => {
  it("within the limit is posted for one person, and the same order again is the same", async () => {
    const first = await order(2_000, "order-within");
    expect([first.status, of(first)]).toMatchObject([200, { state: "posted" }]);
    expect(of(await order(2_000, "order-within"))).toEqual(of(first));
    const account = await ask("GET", `/api/ops/accounts/${ACCOUNT}`, undefined);
    expect(account.body).toMatchObject({ balanceWh: 4_000, seq: 1 });
  });

  it("above it waits for a second person, who is no other spelling of the first", async () => {
    const waiting = await order(900_000, "order-above");
    expect([waiting.status, of(waiting).state]).toEqual([202, "waiting"]);
    const approve = (actor: string) => ask("POST", `/api/corrections/${of(waiting).id}/approve`, { reason }, actor);
    expect(await approve(" mPHO")).toMatchObject({ status: 403, body: { error: { kind: "same_person" } } });
    const approved = await approve("Lineo");
    expect([approved.status, of(approved)]).toMatchObject([200, { state: "posted", decidedBy: "Lineo" }]);
    expect((await approve("Lineo")).status).toBe(200);
    const refuse = await ask("POST", `/api/corrections/${of(waiting).id}/refuse`, { reason }, "Palesa");
    expect(refuse).toMatchObject({ status: 409, body: { error: { kind: "decided" } } });
    expect(await ask("GET", `/api/ops/accounts/${ACCOUNT}`, undefined)).toMatchObject({
      body: { balanceWh: 1_804_000, seq: 2 },
    });
    const acts = await rows<{ action: string }>(
      `SELECT action FROM mutations WHERE subject = 'account:${ACCOUNT}' AND action LIKE 'correction.%' ORDER BY id`,
    );
    expect(acts.map(({ action }) => action)).toEqual(["correction.order", "correction.order", "correction.approve"]);
  });

  it.each([
    { why: "both money and energy", over: { energyWh: 4_000 }, field: "amountMinor" },
    { why: "half a cent", over: { amountMinor: 0.5 }, field: "amountMinor" },
    { why: "nothing", over: { amountMinor: 0 }, field: "amountMinor" },
    { why: "no document", over: { document: "  " }, field: "document" },
    { why: "a code that closes a difference", over: { code: "adjust_to_platform" }, field: "code" },
  ])("of $why is refused by the name of the field", async ({ over, field }) => {
    const refused = await order(1_000, `order-bad-${field}`, "Mpho", over);
    expect([refused.status, refused.body.error?.details]).toMatchObject([400, [{ field }]]);
  });

  it("without a name of its own, or of no account, is not taken", async () => {
    expect((await order(1_000, "x")).status).toBe(400);
    expect(await order(1_000, "order-nobody", "Mpho", { account: "9998MAK" })).toMatchObject({
      status: expect.any(Number),
      body: { error: { kind: expect.stringMatching(/unknown_account|not_ready/) } },
    });
  });
});

describe("credits for the vendors' wallets", () => {
  it("are counted for the old PHP, which vendor is credited from here among them", async () => {
    const answer = await new Browser().ask("GET", "/api/payments/sm-credit-status", undefined, {
      headers: { "X-Gateway-Key": KEYS.gateway },
    });
    expect(answer).toMatchObject({
      status: 200,
      body: { thundercloud: false, koios_LS: false, koios_BN: false, retry_queue: { pending: 0, failed: 0 } },
    });
  });

  it("are listed; a state that does not exist is refused by name", async () => {
    expect(await ask("GET", "/api/vendor-credits", undefined)).toMatchObject({ status: 200, body: { next: null } });
    expect(await ask("GET", "/api/vendor-credits?state=lost", undefined)).toMatchObject({
      status: 400,
      body: { error: { details: [{ field: "state", value: "lost" }] } },
    });
  });
});
