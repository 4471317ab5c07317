import { describe, expect, it } from "vitest";
import { changed } from "../dev/simulate/changed.ts";
import { brokenOf, RULES, type Seen, smsKey } from "../dev/simulate/invariants.ts";
import { ACCOUNT, BEGAN_AT, entry, HOUR_MS, LODGER, OTHER, SMS, sound } from "./simulate-sound.ts";

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
  "what was sold to those at a vendor is in its wallets once, and what was taken back is not": (seen) => {
    seen.wallets = [...seen.wallets, ...seen.wallets];
  },
  "nothing is in a vendor's wallet that was not sold": (seen) => {
    seen.wallets = seen.wallets.map((payment) => ({ ...payment, externalId: "k9" }));
  },
  "account and database say of each credit what became of it at the vendor": (seen) => {
    seen.credits = seen.credits.map((credit) => ({ ...credit, recorded: "sent" }));
  },
  "what was taken back and stays in a wallet has an open case, and nothing else has": (seen) => {
    seen.cases = [];
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
        seen.plan = [...seen.plan, { what: "assign", at: 0, receipt: "R2", account: ACCOUNT, rival, moved: null }];
        const said = moves.map(([account, generation, isKnown]) => ({ receipt: "R2", account, generation, isKnown }));
        seen.moves = [...seen.moves, ...said];
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
        deed.what === "payment" && deed.receipt === "R2" ? { ...deed, account: ACCOUNT, phones } : deed,
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
