import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  decidePost,
  type FinalAnswer,
  findTwin,
  type HeldPayment,
  type PaymentPost,
  type PostFacts,
  TWIN_WINDOW_MS,
} from "../../src/domain/ledger.ts";
import {
  buildPosting,
  chainHash,
  GENESIS,
  type PostingFrame,
  type PostingLine,
  paymentLines,
  reversalLines,
  storable,
} from "../../src/domain/posting.ts";

const PAID_AT = Date.UTC(2026, 10, 24, 9, 30);
const HOUR_MS = 3_600_000;

const payment = (over: Partial<PaymentPost> = {}): PaymentPost => ({
  entryKey: "receipt:QK7A#1.0",
  receipt: "QK7A",
  provider: "mpesa",
  road: "sms",
  amountMinor: 2_000,
  currency: "LSL",
  paidAt: PAID_AT,
  payerPhone: null,
  contra: "clearing",
  actor: null,
  twinAllowed: false,
  ...over,
});

const facts = (over: Partial<PostFacts> = {}): PostFacts => ({
  status: "live",
  currency: "LSL",
  rates: [{ tariffId: 7, scope: "global", rateE4PerKwh: 50_000, validFrom: 0 }],
  ...over,
});

const twin: HeldPayment = {
  receipt: "QK7B",
  provider: "mpesa",
  road: "manual",
  amountMinor: 2_000,
  paidAt: PAID_AT,
  actor: "Mpho",
};
const allowedBy = (actor: string) => payment({ twinAllowed: true, actor });
const answered: FinalAnswer = { status: "refused", because: "moved", twinReceipt: null };
const terminated = facts({ status: "terminated" });
const noRate = facts({ rates: [] });

describe("decidePost", () => {
  it.each`
    about                                         | facts                            | answer      | held                          | payment                           | decided
    ${"a plain payment"}                          | ${facts()}                       | ${null}     | ${[]}                         | ${payment()}                      | ${"post"}
    ${"a postpaid account"}                       | ${facts({ status: "postpaid" })} | ${null}     | ${[]}                         | ${payment()}                      | ${"post"}
    ${"a key answered before"}                    | ${null}                          | ${answered} | ${[twin]}                     | ${payment({ currency: "XOF" })}   | ${"answered"}
    ${"no such account"}                          | ${null}                          | ${null}     | ${[twin]}                     | ${payment()}                      | ${"unknown_account"}
    ${"a terminated account"}                     | ${terminated}                    | ${null}     | ${[twin]}                     | ${payment({ currency: "XOF" })}   | ${"terminated_account"}
    ${"another currency"}                         | ${noRate}                        | ${null}     | ${[twin]}                     | ${payment({ currency: "ZMW" })}   | ${"currency"}
    ${"an unset tariff"}                          | ${noRate}                        | ${null}     | ${[twin]}                     | ${payment()}                      | ${"tariff_unset"}
    ${"a likely twin"}                            | ${facts()}                       | ${null}     | ${[twin]}                     | ${payment()}                      | ${"twin"}
    ${"a twin that is allowed"}                   | ${facts()}                       | ${null}     | ${[twin]}                     | ${payment({ twinAllowed: true })} | ${"post"}
    ${"a twin that another allows"}               | ${facts()}                       | ${null}     | ${[twin]}                     | ${allowedBy("Lerato")}            | ${"post"}
    ${"a twin allowed by who recorded the other"} | ${facts()}                       | ${null}     | ${[twin]}                     | ${allowedBy(" mpho")}             | ${"twin"}
    ${"another SMS that one person assigned"}     | ${facts()}                       | ${null}     | ${[{ ...twin, road: "sms" }]} | ${allowedBy("Mpho")}              | ${"post"}
  `("decides on $about: $decided", ({ facts, answer, held, payment, decided }) => {
    const decision = decidePost(facts, answer, held, payment);
    expect(decision.decided === "refuse" ? decision.because : decision.decided).toBe(decided);
  });

  it("says which energy at which rate, and which twin", () => {
    expect(decidePost(facts(), null, [], payment())).toMatchObject({ energyWh: 4_000, rate: { tariffId: 7 } });
    expect(decidePost(facts(), null, [twin], payment())).toMatchObject({ twinReceipt: "QK7B" });
    const francs = facts({
      currency: "XOF",
      rates: [{ tariffId: 8, scope: "site", rateE4PerKwh: 1_600_000, validFrom: 0 }],
    });
    expect(decidePost(francs, null, [], payment({ currency: "XOF", amountMinor: 1_000 }))).toMatchObject({
      energyWh: 6_250,
    });
  });

  it.each([0, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])("throws on an amount of %s", (amountMinor) => {
    expect(() => decidePost(facts(), null, [], payment({ amountMinor }))).toThrow(RangeError);
  });
});

describe("findTwin", () => {
  const DAY2 = PAID_AT + TWIN_WINDOW_MS;
  it.each`
    about                              | held                                       | payment                                 | found
    ${"typed, then an SMS"}            | ${{ road: "manual" }}                      | ${{ road: "sms" }}                      | ${true}
    ${"an SMS, then typed"}            | ${{ road: "sms" }}                         | ${{ road: "manual" }}                   | ${true}
    ${"a mirror of a webhook"}         | ${{ road: "webhook" }}                     | ${{ road: "mirror" }}                   | ${true}
    ${"from a statement"}              | ${{ road: "sms" }}                         | ${{ road: "statement" }}                | ${true}
    ${"two SMS"}                       | ${{ road: "sms" }}                         | ${{ road: "sms" }}                      | ${false}
    ${"an SMS and a webhook"}          | ${{ road: "webhook" }}                     | ${{ road: "sms" }}                      | ${false}
    ${"the same receipt after a move"} | ${{ road: "manual", receipt: "QK7A" }}     | ${{ road: "sms" }}                      | ${false}
    ${"another amount"}                | ${{ road: "manual", amountMinor: 2_001 }}  | ${{ road: "sms" }}                      | ${false}
    ${"cash, then an SMS"}             | ${{ road: "manual", provider: "cash" }}    | ${{ road: "sms" }}                      | ${false}
    ${"an SMS, then cash"}             | ${{ road: "sms" }}                         | ${{ road: "manual", provider: "cash" }} | ${false}
    ${"another operator"}              | ${{ road: "manual", provider: "ecocash" }} | ${{ road: "sms" }}                      | ${true}
    ${"48 hours later"}                | ${{ road: "manual" }}                      | ${{ road: "sms", paidAt: DAY2 }}        | ${true}
    ${"a moment more than 48 hours"}   | ${{ road: "manual" }}                      | ${{ road: "sms", paidAt: DAY2 + 1 }}    | ${false}
    ${"48 hours earlier, come late"}   | ${{ road: "manual", paidAt: DAY2 }}        | ${{ road: "sms" }}                      | ${true}
  `("finds $found for $about", ({ held, payment: over, found }) => {
    expect(findTwin([{ ...twin, ...held }], payment(over)) !== null).toBe(found);
  });
});

const frame = (over: Partial<PostingFrame> = {}): PostingFrame => ({
  postingId: "receipt:QK7A#1.0",
  currency: "LSL",
  provider: "mpesa",
  tariffId: 7,
  rateE4PerKwh: 50_000,
  receipt: "QK7A",
  actor: null,
  reason: "sms",
  occurredAt: PAID_AT,
  acceptedAt: PAID_AT + HOUR_MS,
  accountId: 45,
  ...over,
});

const sums = (rows: readonly { energyWh: number; amountMinor: number }[]) => ({
  energyWh: rows.reduce((sum, row) => sum + row.energyWh, 0),
  amountMinor: rows.reduce((sum, row) => sum + row.amountMinor, 0),
});

describe("buildPosting", () => {
  it("credits the customer, takes it from clearing, and sells the energy", () => {
    const { posting, head } = buildPosting(GENESIS, frame(), paymentLines(payment(), 4_000));
    expect(
      posting.rows.map(({ entryKey, book, energyWh, amountMinor, seq }) => [
        entryKey,
        book,
        energyWh,
        amountMinor,
        seq,
      ]),
    ).toEqual([
      ["receipt:QK7A#1.0", "customer_energy", 4_000, 2_000, 1],
      ["receipt:QK7A#1.0/clearing", "clearing", 0, -2_000, null],
      ["receipt:QK7A#1.0/sold", "energy_sold", -4_000, 0, null],
    ]);
    expect(head).toEqual({ seq: 1, balanceWh: 4_000, hash: posting.rows[0]?.hash });
  });

  it("takes it from suspense after a move", () => {
    const lines = paymentLines(payment({ contra: "suspense", entryKey: "receipt:QK7A#2.1" }), 4_000);
    expect(lines[1]).toMatchObject({ entryKey: "receipt:QK7A#2.1/suspense", book: "suspense", amountMinor: -2_000 });
  });

  it("holds several entries of the customer in one posting", () => {
    const line = (over: Partial<PostingLine>): PostingLine => ({
      entryKey: "k",
      book: "clearing",
      kind: "payment",
      energyWh: 0,
      amountMinor: 0,
      ...over,
    });
    const { posting, head } = buildPosting({ seq: 9, balanceWh: -500, hash: "aa" }, frame(), [
      line({ entryKey: "k", book: "customer_energy", energyWh: 4_000, amountMinor: 2_000 }),
      line({ entryKey: "k/fee", book: "customer_fees", kind: "fee", amountMinor: 500 }),
      line({ entryKey: "k/advance", book: "customer_energy", kind: "advance", energyWh: -1_000, amountMinor: 0 }),
      line({ entryKey: "k/clearing", amountMinor: -2_500 }),
      line({ entryKey: "k/sold", book: "energy_sold", energyWh: -3_000 }),
    ]);
    expect(posting.rows.map(({ seq, balanceAfterWh }) => [seq, balanceAfterWh])).toEqual([
      [10, 3_500],
      [11, 3_500],
      [12, 2_500],
      [null, null],
      [null, null],
    ]);
    expect(head).toMatchObject({ seq: 12, balanceWh: 2_500 });
  });

  it("never files lines that do not add up, or are no whole numbers", () => {
    const [credit, contra, sold] = paymentLines(payment(), 4_000);
    if (credit === undefined || contra === undefined || sold === undefined) throw new Error("three lines");
    for (const lines of [
      [credit],
      [credit, contra],
      [credit, { ...contra, amountMinor: -1_999 }, sold],
      [{ ...credit, energyWh: 0.5 }, contra, { ...sold, energyWh: -0.5 }],
    ])
      expect(() => buildPosting(GENESIS, frame(), lines)).toThrow(RangeError);
  });

  it("adds up to zero in each unit for every payment, and again for its reversal", () => {
    const amount = fc.integer({ min: 1, max: 9_000_000_000 });
    const energy = fc.integer({ min: 0, max: 9_000_000_000 });
    fc.assert(
      fc.property(amount, energy, fc.constantFrom("clearing", "suspense"), (amountMinor, energyWh, contra) => {
        const { posting, head } = buildPosting(
          GENESIS,
          frame(),
          paymentLines(payment({ amountMinor, contra }), energyWh),
        );
        const [posted] = posting.rows;
        if (posted === undefined) throw new Error("a row");
        const back = buildPosting(head, frame(), reversalLines(posted));
        expect(sums(posting.rows)).toEqual({ energyWh: 0, amountMinor: 0 });
        expect(sums(back.posting.rows)).toEqual({ energyWh: 0, amountMinor: 0 });
        expect(back.head).toMatchObject({ seq: 2, balanceWh: 0 });
        for (const row of [...posting.rows, ...back.posting.rows]) expect(JSON.parse(JSON.stringify(row))).toEqual(row);
      }),
    );
  });

  it("chains each row to all before it", () => {
    const first = buildPosting(GENESIS, frame(), paymentLines(payment(), 4_000));
    const second = buildPosting(first.head, frame(), paymentLines(payment(), 4_000));
    expect(second.head.hash).not.toBe(first.head.hash);
    const [row] = first.posting.rows;
    if (row === undefined) throw new Error("a row");
    const { hash, ...content } = row;
    expect(chainHash("", content)).toBe(hash);
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    for (const change of [{ energyWh: 4_001 }, { receipt: null }, { reason: "manual" }, { occurredAt: PAID_AT + 1 }])
      expect(chainHash("", { ...content, ...change })).not.toBe(hash);
  });
});

it("keeps text as Postgres can store it", () => {
  expect(storable("a\u0000b\ud800c")).toBe("a\uFFFDb\uFFFDc");
});
