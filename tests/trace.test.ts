import { describe, expect, it } from "vitest";
import { receiptsOf, requestLines, type Told, traceLines } from "../dev/trace.ts";

const AT = Date.parse("2026-11-03T06:00:00Z");
const HASH = "0123456789abcdef0123456789abcdef";

/** A payment that came by a phone while the database was down, waited, and was given to an account by a person. */
function told(): Told {
  const share = { share: 0, name: "Palesa Invented", amountMinor: 1_500, because: null, actor: null, reason: null };
  const entry = { kind: "payment", rateE4PerKwh: null, balanceAfterWh: null, part: null, agreement: null };
  return {
    payment: {
      ...{
        receipt: "DKM71H9X2Q",
        provider: "mpesa",
        road: "sms",
        amountMinor: 1_500,
        currency: "LSL",
        tillId: "till-1",
      },
      ...{ holderKind: "account", payerPhone: "26650001234", generation: 2, blocked: false },
      ...{ paidAt: AT - 60_000, claimedAt: AT + 300, recordedAt: AT + 90_000 },
    },
    sightings: [],
    sms: [
      {
        ...{ phoneId: "phone-a", phoneName: "Shop", tillId: "till-1", externalId: null, contentHash: HASH },
        ...{ sender: "MPESA", content: "26650001234 - Palesa Invented", receivedAt: AT, alsoOn: ["phone-b"] },
        results: [{ parserVersion: 3, outcome: "payment", because: null, processedAt: AT + 200 }],
        forward: { state: "confirmed" },
      },
    ],
    shares: [
      { ...share, generation: 1, holderKind: "suspense", account: null, because: "no_account_token", at: AT + 310 },
      { ...share, generation: 2, holderKind: "account", account: "0045MAK", actor: "thabo", at: AT + 3_600_000 },
    ],
    entries: [
      {
        ...entry,
        ...{ entryKey: "DKM71H9X2Q:2:0", book: "customer_energy", account: "0045MAK", seq: 7, amountMinor: 1_500 },
        ...{ energyWh: 3_000, acceptedAt: AT + 3_600_100, recordedAt: AT + 3_601_000 },
      },
    ],
    credits: [],
    replies: [],
    lines: [],
    cases: [],
  };
}
const act = {
  ...{ id: 12, at: "2026-11-03T07:00:00.000Z", actor: "thabo", action: "receipt.move", subject: "receipt:DKM71H9X2Q" },
  ...{ reason: "as the payer says", requestId: "req-1" },
};

describe("a payment's trace", () => {
  it("goes from the phone to the copy by instant, and ends with who has the money", () => {
    expect(traceLines(told(), [act])).toEqual([
      "2026-11-03T06:00:00.000Z  kept       SMS 0123456789ab of phone phone-a, till till-1, also on phone-b; its forward: confirmed",
      "2026-11-03T06:00:00.200Z  read       SMS 0123456789ab by parser 3: payment",
      "2026-11-03T06:00:00.300Z  claimed    15.00 LSL, road sms",
      "2026-11-03T06:00:00.310Z  held       generation 1, share 0: 15.00 LSL by suspense (no_account_token)",
      "2026-11-03T06:01:30.000Z  copied     receipt DKM71H9X2Q",
      "2026-11-03T07:00:00.000Z  held       generation 2, share 0: 15.00 LSL by 0045MAK, by thabo",
      '2026-11-03T07:00:00.000Z  act        12 receipt.move of receipt:DKM71H9X2Q by thabo, "as the payer says", request req-1',
      "2026-11-03T07:00:00.100Z  posted     payment 15.00 LSL in customer_energy of 0045MAK, 3000 Wh, entry 7: DKM71H9X2Q:2:0",
      "2026-11-03T07:00:01.000Z  copied     customer_energy: DKM71H9X2Q:2:0",
      "now 15.00 LSL: account, generation 2",
    ]);
  });

  it("names neither the payer, nor a phone number, nor what was written", () => {
    expect(traceLines(told(), [act]).join("\n")).not.toMatch(/Palesa|2665|MPESA/);
  });

  it("of a text that nobody could claim ends with that", () => {
    expect(traceLines({ ...told(), payment: null, shares: [], entries: [] }, []).at(-1)).toBe("nobody has claimed it");
  });

  it("says that a reversal blocks it", () => {
    const story = told();
    if (story.payment !== null) story.payment.blocked = true;
    expect(traceLines(story, []).at(-1)).toBe("now 15.00 LSL: account, generation 2, blocked by a reversal");
  });
});

describe("a request's trace", () => {
  const read = { parserVersion: 3, outcome: "credited", because: null, receipt: "DKM71H9X2Q", processedAt: AT + 200 };
  const own = {
    phoneId: "phone-a",
    firstBy: null,
    contentHash: HASH,
    receivedAt: AT,
    recordedAt: AT + 500,
    results: [read],
  };
  const seen = { ...own, firstBy: "phone-b", contentHash: "ff".repeat(16), recordedAt: null, results: [] };

  it("is each SMS that it brought, kept, read and copied, and what a person did by it", () => {
    expect(requestLines([own, seen], [act])).toEqual([
      "2026-11-03T06:00:00.000Z  kept       SMS 0123456789ab of phone phone-a",
      "2026-11-03T06:00:00.000Z  kept       SMS ffffffffffff of phone phone-a, after phone-b",
      "2026-11-03T06:00:00.200Z  read       SMS 0123456789ab by parser 3: credited",
      "2026-11-03T06:00:00.500Z  copied     SMS 0123456789ab",
      '2026-11-03T07:00:00.000Z  act        12 receipt.move of receipt:DKM71H9X2Q by thabo, "as the payer says", request req-1',
    ]);
  });

  it("goes on with each receipt of them once", () => {
    const other = {
      ...own,
      results: [
        { ...read, receipt: "QK7" },
        { ...read, receipt: null },
      ],
    };
    expect(receiptsOf([own, other, own], [act, { ...act, subject: "till:7" }])).toEqual(["DKM71H9X2Q", "QK7"]);
  });
});
