import { beforeEach, expect, it } from "vitest";
import { app } from "../../workers/index.ts";
import { accountLocator, receiptBookOf } from "../../workers/objects/locate.ts";
import { payment } from "./account-makers.ts";
import { facts, KEYS, openCountry, settings } from "./country.ts";
import { order } from "./fee-makers.ts";
import { aClaim } from "./receipt-book-world.ts";

type Answer = { error?: { kind: string; details: unknown }; status?: string };

async function post(path: string, body: unknown, on = settings) {
  const response = await app.request(
    path,
    {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        "X-Ops-Key": KEYS.ops,
        "X-Gateway-Key": KEYS.gateway,
        "X-Actor": "Lineo",
      },
      body: JSON.stringify(body),
    },
    on,
  );
  return { status: response.status, body: (await response.json()) as Answer };
}

beforeEach(async () => {
  await openCountry([facts("0045MAK"), facts("0047MAK", { status: "terminated" })]);
  const reference = "08XX0MOVE001";
  await post("/api/payments/webhook", { account_number: "0045MAK", amount: 20, reference, provider: "mpesa" });
});

// An account that the objects do not know asks the database, which nobody listens at here.
it.each([
  ["0047mak", 422, "terminated_account"],
  ["0099MAK", 503, "not_ready"],
])("sends no money to %s", async (account, status, kind) => {
  expect(
    await post("/api/ops/receipts/08XX0MOVE001/assign", { expectedGeneration: 1, reason: "typed", account }),
  ).toMatchObject({ status, body: { error: { kind } } });
  expect(
    await post("/api/ops/receipts/08XX0MOVE001/move", {
      expectedGeneration: 1,
      reason: "typed",
      shares: [
        { to: "treasury", amountMinor: 1_000 },
        { to: "account", account, amountMinor: 1_000 },
      ],
    }),
  ).toMatchObject({ status, body: { error: { kind } } });
});

it("names the field of the account that cannot take money", async () => {
  const { body } = await post("/api/ops/receipts/08XX0MOVE001/move", {
    expectedGeneration: 1,
    reason: "typed",
    shares: [
      { to: "account", account: "0045MAK", amountMinor: 1_000 },
      { to: "account", account: "0047MAK", amountMinor: 1_000 },
    ],
  });
  expect(body.error?.details).toMatchObject([{ field: "shares.1.account", value: "0047MAK" }]);
});

it("lets a live account through to the comparison with the database", async () => {
  expect(
    await post("/api/ops/receipts/08XX0MOVE001/assign", {
      expectedGeneration: 1,
      reason: "typed",
      account: "0045MAK",
    }),
  ).toMatchObject({ status: 503, body: { error: { kind: "database_down" } } });
});

it("asks before what was paid back goes out twice, and moves it once that is meant", async () => {
  const receipt = "08XX0MOVE009";
  const claim = aClaim({ receipt, road: "contract_sms", amountMinor: 9_900 });
  expect(await receiptBookOf(settings, receipt).claim(claim)).toMatchObject({
    state: { shares: [{ posting: "posted" }] },
  });
  const ledger = accountLocator(settings, "0045MAK");
  const reverse = (force?: boolean) =>
    post(`/api/ops/receipts/${receipt}/reverse`, { expectedGeneration: 1, reason: "not hers", force });
  const sold = { paymentKey: `receipt:${receipt}#1.1`, leftMinor: 9_900, amountMinor: 4_000 };
  const by = { actor: "Lineo", reason: "asks for light", at: Date.now() };
  expect(await ledger.applyUnallocated("0045MAK", { ...sold, ...by })).toMatchObject({ status: "posted" });
  // What became energy is taken back with it: nobody has to be asked.
  expect(await reverse()).toMatchObject({ status: 503, body: { error: { kind: "database_down" } } });
  const back = order({ act: "refund", part: "unallocated", id: "paid-back", amountMinor: 900 });
  expect(await ledger.fee("0045MAK", back)).toMatchObject({ status: "posted" });
  expect(await reverse()).toMatchObject({
    status: 409,
    body: { error: { kind: "unallocated_paid_back", details: { account: "0045MAK", amountMinor: 900 } } },
  });
  expect(await reverse(true)).toMatchObject({ status: 503, body: { error: { kind: "database_down" } } });
});

it("moves nothing unasked while the shard cannot say what leaves: 503, and the same again asks", async () => {
  const receipt = "08XX0MOVE012";
  const account = "0048MAK";
  await accountLocator(settings, account).configure(facts(account), Date.now());
  const holder = { kind: "account" as const, account };
  await receiptBookOf(settings, receipt).claim(aClaim({ receipt, holder, road: "contract_sms", amountMinor: 9_900 }));
  const back = order({ act: "refund", part: "unallocated", id: "back-of-cold", amountMinor: 900 });
  expect(await accountLocator(settings, account).fee(account, back)).toMatchObject({ status: "posted" });
  let asked = 0;
  const shard = {
    state: (of: string) => (asked++ === 0 ? "not_ready" : receiptBookOf(settings, receipt).state(of)),
  };
  const cold = {
    ...settings,
    RECEIPT_BOOK: { idFromName: () => null, get: () => shard } as unknown as typeof settings.RECEIPT_BOOK,
  };
  const shares = [{ to: "treasury", amountMinor: 9_900 }];
  const move = () =>
    post(`/api/ops/receipts/${receipt}/move`, { expectedGeneration: 1, reason: "not hers", shares }, cold);
  expect(await move()).toMatchObject({ status: 503, body: { error: { kind: "not_ready" } } });
  expect(await receiptBookOf(settings, receipt).state(receipt)).toMatchObject({ generation: 1 });
  expect(await move()).toMatchObject({ status: 409, body: { error: { kind: "unallocated_paid_back" } } });
});

it("asks before two shares leave one account that has enough for either, and not for both", async () => {
  const receipt = "08XX0MOVE010";
  const claim = aClaim({ receipt, road: "contract_sms", amountMinor: 9_900 });
  expect(await receiptBookOf(settings, receipt).claim(claim)).toMatchObject({ state: { generation: 1 } });
  await receiptBookOf(settings, receipt).recorded([`receipt:${receipt}#1.1`]);
  const words = { actor: "Thabo", reason: "two rooms", at: Date.now() };
  const share = (amountMinor: number) => ({ holder: { kind: "account" as const, account: "0045MAK" }, amountMinor });
  const split = { receipt, expectedGeneration: 1, newShares: [share(5_000), share(4_900)], ...words };
  expect(await receiptBookOf(settings, receipt).move(split)).toMatchObject({ status: "moved" });
  const before = await accountLocator(settings, "0045MAK").view("0045MAK");
  if (before === null || before === "not_ready") throw new Error("no view");
  const owedMinor = before.debts.find(({ part }) => part === "unallocated")?.outstandingMinor ?? 0;
  // All but the larger share is paid back.
  const back = order({ act: "refund", part: "unallocated", id: "half-back", amountMinor: -owedMinor - 5_000 });
  expect(await accountLocator(settings, "0045MAK").fee("0045MAK", back)).toMatchObject({ status: "posted" });
  expect(
    await post(`/api/ops/receipts/${receipt}/reverse`, { expectedGeneration: 2, reason: "not hers" }),
  ).toMatchObject({
    status: 409,
    body: { error: { kind: "unallocated_paid_back", details: { account: "0045MAK", amountMinor: 4_900 } } },
  });
});

it("asks of a payment whose rest a hundred newer ones have put out of sight", async () => {
  const receipt = "08XX0MOVE011";
  const claim = aClaim({ receipt, road: "contract_sms", amountMinor: 9_900 });
  expect(await receiptBookOf(settings, receipt).claim(claim)).toMatchObject({ state: { generation: 1 } });
  const ledger = accountLocator(settings, "0045MAK");
  for (let nth = 0; nth < 101; nth++) {
    const newer = payment({ receipt: `NEWER${nth}`, road: "contract_sms", amountMinor: 100 + nth });
    expect(await ledger.post("0045MAK", { ...newer, twinAllowed: true })).toMatchObject({ status: "posted" });
  }
  const view = await ledger.view("0045MAK");
  if (view === null || view === "not_ready") throw new Error("no view");
  expect(view.unallocated.map((rest) => rest.receipt)).not.toContain(receipt);
  const hasMinor = -(view.debts.find(({ part }) => part === "unallocated")?.outstandingMinor ?? 0);
  const back = order({ act: "refund", part: "unallocated", id: "all-back", amountMinor: hasMinor });
  expect(await ledger.fee("0045MAK", back)).toMatchObject({ status: "posted" });
  expect(
    await post(`/api/ops/receipts/${receipt}/reverse`, { expectedGeneration: 1, reason: "not hers" }),
  ).toMatchObject({
    status: 409,
    body: { error: { kind: "unallocated_paid_back", details: { account: "0045MAK", amountMinor: 9_900 } } },
  });
});
