import { describe, expect, it } from "vitest";
import { changed } from "../dev/simulate/changed.ts";
import { brokenOf, RULES, type Seen, smsKey } from "../dev/simulate/invariants.ts";
import { ACCOUNTS, AT_VENDOR, FIRST_WH, registerAt } from "../dev/simulate/plan.ts";

const BEGAN_AT = Date.parse("2026-11-03T06:00:00Z");
const HOUR_MS = 3_600_000;
const [ACCOUNT, OTHER] = ACCOUNTS;
const [LODGER, NEIGHBOUR] = AT_VENDOR;
const SMS = { phone: "sim-a", id: "sms-1", content: "all of it" };

const entry = (of: Partial<Seen["entries"][number]>): Seen["entries"][number] => ({
  ...{ receipt: null, key: "k1", posting: "p1", book: "customer_energy", amountMinor: 0, energyWh: 0, account: null },
  ...{ kind: "payment", acceptedAt: BEGAN_AT },
  ...of,
});

/** A country in order: one account paid and used some of it, one owes its connection at a vendor, one payment waits, and nobody else has anything. */
function sound(): Seen {
  const used = registerAt(0, HOUR_MS) - FIRST_WH;
  const text = { from: "MPESA", content: "all of it" };
  const debt = { key: "k5/fee.connection", book: "customer_fees" };
  const payment = { what: "payment" as const, at: 0, text, phones: [{ phone: 0, after: 0, chars: null }] };
  return {
    plan: [
      { ...payment, receipt: "R1", account: ACCOUNT, amountMinor: 1_000 },
      { ...payment, receipt: "R2", account: null, amountMinor: 700 },
      { ...payment, receipt: "R3", account: LODGER, amountMinor: 900 },
    ],
    beganAt: BEGAN_AT,
    lastRead: ACCOUNTS.map((_, index) => registerAt(index, HOUR_MS)),
    owed: [],
    acked: [SMS],
    forwarded: new Set([smsKey(SMS)]),
    receiptSms: [
      { phone: "sim-a", to: "26650004000", account: ACCOUNT, receipt: "R1", times: 1 },
      { phone: "sim-b", to: "26650005000", account: LODGER, receipt: "R3", times: 1 },
    ],
    forgetful: 0,
    accounts: ACCOUNTS.map((account, index) => {
      const metered = registerAt(index, HOUR_MS) - FIRST_WH;
      const meters = [{ registerWh: FIRST_WH + metered, unpostedWh: index === 0 ? 0 : metered }];
      return index === 0
        ? { account, balanceWh: 2_000 - used, availableWh: 2_000 - used, seq: 2, meters }
        : { account, balanceWh: 0, availableWh: -metered, seq: 0, meters };
    }),
    differences: [],
    audit: [],
    sms: [SMS],
    payments: [
      { receipt: "R1", amountMinor: 1_000, holderKind: "account", account: ACCOUNT, generation: 1 },
      { receipt: "R2", amountMinor: 700, holderKind: "suspense", account: null, generation: 1 },
      { receipt: "R3", amountMinor: 900, holderKind: "account", account: LODGER, generation: 1 },
    ],
    shares: [
      { receipt: "R1", amountMinor: 1_000, because: null },
      { receipt: "R2", amountMinor: 700, because: "no_account_token" },
      { receipt: "R3", amountMinor: 900, because: null },
    ],
    entries: [
      entry({ receipt: "R1", book: "clearing", amountMinor: -1_000 }),
      entry({ receipt: "R1", amountMinor: 1_000, energyWh: 2_000, account: ACCOUNT }),
      entry({ receipt: "R2", posting: "p2", book: "clearing", amountMinor: -700 }),
      entry({ receipt: "R2", posting: "p2", book: "suspense", amountMinor: 700 }),
      entry({ posting: "p3", kind: "consumption", energyWh: -used, account: ACCOUNT }),
      entry({ key: "k4", posting: "p4", kind: "fee", book: "customer_fees", amountMinor: -5_000, account: LODGER }),
      entry({ key: "k4/revenue", posting: "p4", kind: "fee", book: "revenue", amountMinor: 5_000 }),
      entry({ key: "k5/clearing", receipt: "R3", posting: "p5", book: "clearing", amountMinor: -900 }),
      entry({ key: "k5", receipt: "R3", posting: "p5", amountMinor: 450, energyWh: 900, account: LODGER }),
      entry({ ...debt, receipt: "R3", posting: "p5", amountMinor: 450, account: LODGER }),
    ],
    balances: [{ account: ACCOUNT, balanceWh: 2_000 - used, seq: 2 }],
    orders: [
      { id: "c1", account: ACCOUNT, action: "connect", because: "credit_restored", requestedAt: BEGAN_AT },
      { id: "c2", account: OTHER, action: "disconnect", because: "zero_balance", requestedAt: BEGAN_AT + HOUR_MS },
    ],
    moves: [],
    wallets: [{ account: LODGER, externalId: "k5", amountMinor: 450, isProcessed: true }],
    credits: [{ account: LODGER, externalId: "k5", state: "confirmed", recorded: "confirmed" }],
    published: [
      { topic: "cmd/MAK-SIM-1", action: "open" },
      { topic: "cmd/MAK-SIM-0", action: "close" },
    ],
  };
}

/** One mistake for each sentence, as a wrong system would leave it. */
const MISTAKES: Record<string, (seen: Seen) => void> = {
  "in the end nobody owes anybody anything": (seen) => seen.owed.push("copyWaiting: 1"),
  "what was acknowledged to a phone is stored, by its phone and id": (seen) => {
    // Another phone has brought the same text.
    const lost = { ...SMS, phone: "sim-b", id: "lost after the answer" };
    seen.acked.push(lost);
    seen.forwarded = new Set([SMS, lost].map(smsKey));
  },
  "each SMS that was acknowledged has reached the old system": (seen) => {
    seen.forwarded = new Set();
  },
  "no customer is told of the same payment twice by SMS": (seen) => {
    seen.receiptSms = seen.receiptSms.map((sms) => ({ ...sms, times: 2 }));
  },
  "each payment is claimed once, with its amount": (seen) => {
    seen.payments = seen.payments.map((each) => ({ ...each, amountMinor: each.amountMinor + 1 }));
  },
  "nothing is claimed that nobody paid": (seen) => {
    seen.payments.push({ receipt: "R9", amountMinor: 5, holderKind: "suspense", account: null, generation: 1 });
  },
  "a payment's shares add up to it": (seen) => {
    seen.shares = seen.shares.map((each) => ({ ...each, amountMinor: each.amountMinor - 1 }));
  },
  "what names an account is in that account once, with its energy": (seen) => {
    seen.entries.push(entry({ receipt: "R1", amountMinor: 1_000, energyWh: 2_000, account: ACCOUNT }));
  },
  "what names nobody waits, or is in the account that a person said, once": (seen) => {
    seen.entries.push(entry({ receipt: "R2", amountMinor: 700, energyWh: 1_400, account: OTHER }));
  },
  "of two who give on what both have seen one is told that it is so": (seen) => {
    const move = { receipt: "R2", generation: 1, isKnown: true };
    seen.moves = [ACCOUNT, OTHER].map((account) => ({ ...move, account }));
  },
  "nobody has paid more of a debt than there is, and nobody pays one who has none": (seen) => {
    seen.entries.push(entry({ book: "customer_fees", amountMinor: 10, account: ACCOUNT }));
  },
  "what was sold to those at the vendor is in its wallets once, and nothing else": (seen) => {
    seen.wallets = [...seen.wallets, ...seen.wallets];
  },
  "account and database say of each credit that the vendor has it": (seen) => {
    seen.credits = seen.credits.map((credit) => ({ ...credit, recorded: "sent" }));
  },
  "each posting adds up to zero": (seen) => seen.entries.push(entry({ posting: "p9", amountMinor: 1 })),
  "what arrived is what customers, suspense and treasury have": (seen) => {
    seen.entries = seen.entries.filter(({ book }) => book !== "suspense");
  },
  "the database has the balance that each account has": (seen) => {
    seen.balances = seen.balances.map((each) => ({ ...each, balanceWh: each.balanceWh + 1 }));
  },
  "heads finds no difference": (seen) => seen.differences.push("an account"),
  "the chain of who did what is whole": (seen) => seen.audit.push("changed"),
  "what a meter counted is debited once": (seen) => {
    seen.entries.push(entry({ kind: "consumption", energyWh: -1, account: ACCOUNT }));
  },
  "nobody is told to be dark or lit without a reason of ours": (seen) => {
    seen.orders.push({ id: "c3", account: ACCOUNT, action: "connect", because: "", requestedAt: BEGAN_AT });
  },
  "nobody is told to be dark who has something left": (seen) => {
    const requestedAt = BEGAN_AT + HOUR_MS;
    seen.orders.push({ id: "c3", account: ACCOUNT, action: "disconnect", because: "zero_balance", requestedAt });
  },
  "whoever has something left was last told to be lit": (seen) => {
    seen.published = [...seen.published, { topic: "cmd/MAK-SIM-0", action: "open" }];
  },
};

describe("what must be true of a simulated country", () => {
  it("is true of one in order", () => {
    expect(brokenOf(sound())).toEqual([]);
    expect(changed(sound(), sound())).toEqual([]);
  });

  it("has a mistake for each of its sentences", () => {
    expect(Object.keys(MISTAKES)).toEqual(RULES.map(([sentence]) => sentence));
  });

  it.each(Object.entries(MISTAKES))("notices what breaks it: %s", (sentence, make) => {
    const seen = sound();
    make(seen);
    expect(brokenOf(seen).map((each) => each.sentence)).toContain(sentence);
  });

  const sentencesOf = (make: (seen: Seen) => void) => {
    const seen = sound();
    make(seen);
    return brokenOf(seen).map(({ sentence }) => sentence);
  };

  it.each([
    ["is lost on the way to a wallet", null],
    ["is less in the wallet", { amountMinor: 449 }],
    ["waits at the vendor for ever", { isProcessed: false }],
    ["is in the wallet of another", { account: NEIGHBOUR }],
    ["was the debt's, and is in the wallet", { amountMinor: 900 }],
  ])("notices money at the vendor that %s", (_, wrong) => {
    const make = (seen: Seen) => {
      seen.wallets = wrong === null ? [] : seen.wallets.map((payment) => ({ ...payment, ...wrong }));
    };
    expect(sentencesOf(make)).toContain(
      "what was sold to those at the vendor is in its wallets once, and nothing else",
    );
  });

  it("notices a customer who is told of a payment by two phones, but not where one of them has lost that it had told", () => {
    const sentence = "no customer is told of the same payment twice by SMS";
    const twice = (forgetful: number) =>
      sentencesOf((seen) => {
        seen.forgetful = forgetful;
        seen.receiptSms = seen.receiptSms.flatMap((sms) => [sms, { ...sms, phone: "sim-c" }]);
      });
    expect(twice(0)).toContain(sentence);
    expect(twice(1)).not.toContain(sentence);
  });

  it("notices a debt that is paid beyond what it was", () => {
    const paid = entry({ book: "customer_fees", amountMinor: 4_551, account: LODGER });
    expect(sentencesOf((seen) => seen.entries.push(paid))).toContain(
      "nobody has paid more of a debt than there is, and nobody pays one who has none",
    );
  });

  describe("a payment that people gave to accounts", () => {
    const sentence = "what names nobody waits, or is in the account that a person said, once";
    const given = (to: string, ...moves: [account: string, generation: number, isKnown: boolean][]) =>
      sentencesOf((seen) => {
        const rival = { account: OTHER, after: 5_000 };
        seen.plan = [...seen.plan, { what: "assign", at: 0, receipt: "R2", account: ACCOUNT, rival }];
        seen.moves = moves.map(([account, generation, isKnown]) => ({ receipt: "R2", account, generation, isKnown }));
        seen.payments = seen.payments.map((each) =>
          each.receipt === "R2" ? { ...each, holderKind: "account", account: to } : each,
        );
        const energy = { receipt: "R2", posting: "p6", amountMinor: 700, energyWh: 1_400 };
        seen.entries.push(entry({ ...energy, account: to }));
        seen.entries.push(entry({ ...energy, posting: "p7", account: to === OTHER ? ACCOUNT : OTHER }));
        const back = { kind: "reversal", amountMinor: -700, energyWh: -1_400 };
        seen.entries.push(entry({ ...energy, ...back, posting: "p8", account: to === OTHER ? ACCOUNT : OTHER }));
      });

    it("is with whoever was said last, and nothing of it with the one before", () => {
      expect(given(ACCOUNT, [OTHER, 1, true], [ACCOUNT, 2, true])).not.toContain(sentence);
      expect(given(OTHER, [OTHER, 1, true], [ACCOUNT, 2, true])).toContain(sentence);
    });

    it("may be with one whose giver was never answered, but not with one who was told of another since", () => {
      expect(given(OTHER, [ACCOUNT, 1, true], [OTHER, 2, false])).not.toContain(sentence);
      expect(given(OTHER, [OTHER, 1, false], [ACCOUNT, 2, true])).toContain(sentence);
    });

    it("is nowhere but there", () => {
      expect(given("0101MAK", ["0101MAK", 1, true])).not.toContain(sentence);
      expect(given("0104MAK", ["0101MAK", 1, true])).toContain(sentence);
    });
  });

  it("lets a text that came cut wait for a person where its account was cut in two, or the release before read it", () => {
    const waits = (because: string, releases = false) => {
      const seen = sound();
      const phones = [{ phone: 0, after: 0, chars: 40 }];
      seen.plan = seen.plan.map((deed) =>
        deed.what === "payment" && deed.account === null ? { ...deed, account: ACCOUNT, phones } : deed,
      );
      if (releases) seen.plan = [...seen.plan, { what: "releases", at: 0, share: 1, ms: 1 }];
      seen.shares = seen.shares.map((share) => (share.receipt === "R2" ? { ...share, because } : share));
      return brokenOf(seen).map(({ sentence }) => sentence);
    };
    const sentence = "what names an account is in that account once, with its energy";
    expect(waits("no_account_token")).toContain(sentence);
    expect(waits("no_account_token", true)).not.toContain(sentence);
    expect(waits("wrong_token")).not.toContain(sentence);
  });

  it.each([
    ["a credit that came twice", (seen: Seen) => seen.entries.push(entry({ receipt: "R1", energyWh: 2_000 }))],
    ["a text that is stored twice", (seen: Seen) => seen.sms.push({ ...SMS, phone: "sim-b" })],
    ["a receipt that has moved", (seen: Seen) => seen.payments.pop()],
  ])("notices, when all is told once more, %s", (_, make) => {
    const again = sound();
    make(again);
    expect(changed(sound(), again).map(({ sentence }) => sentence)).toEqual([
      "all that was told once more changes nothing",
    ]);
  });

  it("lets a payment wait of which somebody had the beginning alone, but not one that was read whole", () => {
    const seen = sound();
    seen.entries = seen.entries.filter(({ receipt, book }) => receipt !== "R1" || book === "clearing");
    seen.entries.push(entry({ receipt: "R1", book: "suspense", amountMinor: 1_000 }));
    seen.payments = seen.payments.map((each) => ({ ...each, holderKind: "suspense", account: null }));
    const named = () => brokenOf(seen).map(({ sentence }) => sentence);
    const sentence = "what names an account is in that account once, with its energy";
    expect(named()).toContain(sentence);
    const [first] = seen.plan;
    if (first?.what === "payment") first.phones.push({ phone: 1, after: 0, chars: 40 });
    expect(named()).not.toContain(sentence);
  });
});
