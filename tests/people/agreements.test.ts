import { beforeAll, describe, expect, it } from "vitest";
import { app } from "../../workers/index.ts";
import { accrueDebtsJob } from "../../workers/jobs/accrue-debts.ts";
import { accountLocator } from "../../workers/objects/locate.ts";
import { payment } from "../workers/account-makers.ts";
import { KEYS } from "../workers/country.ts";
import { country, rows } from "./country.ts";
import { ask, oneLiveAccount } from "./operator.ts";

const ACCOUNT = "0084MAK";
const reason = "signed at the office";
const PDF = Uint8Array.from(new TextEncoder().encode("%PDF-1.7\nsigned by Test Eight\n"));
type Body = { agreement?: Agreement; schedule?: unknown[]; error?: { kind: string; details?: { field: string }[] } };
type Agreement = {
  id: string;
  state: string;
  because: string | null;
  outstandingMinor: number;
  contract: { sha256: string };
};

/** Signs as a browser does: what the contract says in the query, the contract as the body. */
async function sign(over: Record<string, string>, key: string | null, contract: Uint8Array<ArrayBuffer> = PDF) {
  const said = { account: ACCOUNT, principalMinor: "50000", reason, ...over };
  const response = await app.request(
    `/api/agreements?${new URLSearchParams(said)}`,
    {
      method: "POST",
      headers: { "X-Ops-Key": KEYS.ops, "X-Actor": "Palesa", ...(key === null ? {} : { "Idempotency-Key": key }) },
      body: contract,
    },
    country,
  );
  return { status: response.status, body: (await response.json()) as Body };
}
const advance = (key: string | null, over: Record<string, string> = {}, contract = PDF) =>
  sign({ kind: "advance", fee: "connection", ...over }, key, contract);
const pay = (amountMinor: number, receipt: string) =>
  accountLocator(country, ACCOUNT).post(ACCOUNT, payment({ receipt, amountMinor, paidAt: Date.now() }));
const owed = async () => {
  const debts = (await ask("GET", `/api/accounts/${ACCOUNT}/fees`)).body.debts as {
    part: string;
    outstandingMinor: number;
  }[];
  return Object.fromEntries(debts.map(({ part, outstandingMinor }) => [part, outstandingMinor]));
};
const split = async (amountMinor: number, channel = "electricity") =>
  (await ask("GET", `/api/accounts/${ACCOUNT}/split?amountMinor=${amountMinor}&channel=${channel}`)).body.parts as {
    to: string;
    amountMinor: number;
  }[];

beforeAll(() => oneLiveAccount({ account: ACCOUNT, name: "Test Nine", phone: "50000184" }));

describe("an advance", () => {
  it.each([
    { why: "without a contract", contract: new Uint8Array(), field: "contract" },
    {
      why: "with a page of the web for a contract",
      contract: Uint8Array.from(new TextEncoder().encode("<html>")),
      field: "contract",
    },
  ])("$why is none", async ({ contract, field }) => {
    const refused = await advance("advance-none", {}, contract);
    expect([refused.status, refused.body.error?.details?.[0]?.field]).toEqual([400, field]);
    expect((await ask("GET", `/api/agreements?account=${ACCOUNT}`)).body.agreements).toEqual([]);
  });

  it.each([
    ["principalMinor", "0"],
    ["principalMinor", "1.5"],
    ["principalMinor", "1e3"],
    ["principalMinor", "0x10"],
    ["fractionE4", "10001"],
    ["monthlyFeeE4", "-1"],
    ["fee", "meter"],
    ["account", "nobody"],
    ["reason", " "],
  ])("with %s %s is refused by the name of the field", async (field, value) => {
    const refused = await advance("advance-bad", { [field]: value });
    expect([refused.status, refused.body.error?.details?.[0]?.field]).toEqual([400, field]);
  });

  it("needs a name of its own, and is refused to whom owes a fee", async () => {
    expect((await advance(null)).body.error?.details?.[0]?.field).toBe("Idempotency-Key");
    await ask("POST", "/api/fees", { act: "charge", account: ACCOUNT, part: "connection", reason }, "Mpho", "charge-1");
    const refused = await advance("advance-early");
    expect(refused.body.agreement).toMatchObject({ state: "refused", because: "fee_owed", outstandingMinor: null });
    expect((await pay(50_100, "AGREEFEE1")).status).toBe("posted");
    expect(await owed()).toEqual({ connection: 0 });
  });

  it("is granted once with its contract, and payments are split by it from then on", async () => {
    const first = await advance("advance-one", { monthlyFeeE4: "200" });
    expect([first.status, first.body.agreement]).toMatchObject([200, { state: "posted" }]);
    const again = await advance("advance-one", { monthlyFeeE4: "200" });
    expect(again.body.agreement?.id).toBe(first.body.agreement?.id);
    expect((await advance("advance-one", { monthlyFeeE4: "300" })).status).toBe(409);
    expect((await advance("advance-two")).body.agreement).toMatchObject({ because: "already_charged" });
    expect(await owed()).toMatchObject({ "advance.connection": 50_000 });
    expect(await split(10_000)).toMatchObject([
      { to: "advance.connection", amountMinor: 5_000 },
      { to: "energy", amountMinor: 5_000 },
    ]);
    expect(await split(60_000, "fees")).toMatchObject([
      { to: "advance.connection", amountMinor: 30_000 },
      { to: "unallocated", amountMinor: 30_000 },
    ]);
    for (let twice = 0; twice < 2; twice++) expect((await pay(10_000, "AGREEPAY1")).status).toBe("posted");
    expect(await owed()).toMatchObject({ "advance.connection": 45_000 });
  });

  it("gives back its contract, byte for byte, to whoever may read contracts", async () => {
    const [{ id } = { id: "" }] = (await ask("GET", `/api/agreements?account=${ACCOUNT}`)).body
      .agreements as Agreement[];
    const headers = { "X-Ops-Key": KEYS.ops, "X-Actor": "Mpho" };
    const response = await app.request(`/api/agreements/${id}/contract`, { headers }, country);
    expect([response.status, response.headers.get("Content-Type")]).toEqual([200, "application/pdf"]);
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(PDF);
    expect((await app.request(`/api/agreements/${id}/contract`, {}, country)).status).toBe(401);
    expect((await app.request("/api/agreements/nobody/contract", { headers }, country)).status).toBe(404);
  });

  it("is written off by two people, by its name in the books", async () => {
    const body = { account: ACCOUNT, part: "advance.connection", reason, amountMinor: 5_000, document: "letter 9" };
    const waiting = await ask("POST", "/api/fees", { act: "writeoff", ...body }, "Mpho", "advance-writeoff");
    const { id } = waiting.body.order as { id: string };
    expect((await ask("POST", `/api/fees/${id}/approve`, { reason }, "Mpho")).status).toBe(403);
    expect((await ask("POST", `/api/fees/${id}/approve`, { reason }, "Lineo")).status).toBe(200);
    expect(await owed()).toMatchObject({ "advance.connection": 40_000 });
  });
});

describe("the plan of an appliance", () => {
  const freezer = (key: string, over: Record<string, string> = {}) =>
    sign({ kind: "financing", title: "freezer", principalMinor: "200000", ...over }, key);

  it("is signed with its schedule, whose parts are its total, and each plan is its own", async () => {
    const signed = await freezer("plan-one", {
      interestMinor: "20000",
      setupMinor: "1",
      instalments: "3",
      penaltyE4: "500",
    });
    expect(signed.body.agreement).toMatchObject({
      state: "posted",
      graceDays: 30,
      intervalDays: 30,
      fractionE4: 2_000,
    });
    expect(signed.body.schedule).toMatchObject([
      { nth: 1, amountMinor: 73_334 },
      { nth: 2, amountMinor: 73_334 },
      { nth: 3, amountMinor: 73_333, sumMinor: 220_001 },
    ]);
    const second = await freezer("plan-two");
    expect(second.body).toMatchObject({
      schedule: [],
      agreement: { state: "posted", graceDays: 0, instalments: null },
    });
    const debts = await owed();
    expect(Object.keys(debts).filter((part) => part.startsWith("financing."))).toHaveLength(2);
    expect(await split(10_000)).toMatchObject([
      { to: "advance.connection", amountMinor: 5_000 },
      { to: `financing.${signed.body.agreement?.id}`, amountMinor: 1_000 },
      { to: "energy", amountMinor: 4_000 },
    ]);
  });

  it("is asked for its penalties each night, once a day", async () => {
    expect(await accrueDebtsJob(country, null)).toBeNull();
    const asked = () =>
      rows<{ n: number }>("SELECT count(*)::int AS n FROM debt_agreements WHERE accrued_on IS NOT NULL");
    // The advance has a monthly fee, the first plan a penalty; the other plan has nothing to add.
    expect(await asked()).toEqual([{ n: 2 }]);
    const before = await owed();
    expect(await accrueDebtsJob(country, null)).toBeNull();
    expect(await owed()).toEqual(before);
  });
});
