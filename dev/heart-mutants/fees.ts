import { type Mutant, unit, workers } from "./mutant.ts";

/** What loses or doubles the part of a payment that pays what is owed beside energy. */
export const FEE_MUTANTS: Mutant[] = [
  {
    name: "parts not taken back",
    breaks: "a payment that is taken back leaves the fee paid, and its money is in two places",
    edits: [
      {
        file: "workers/objects/account-ledger/post.ts",
        from: `posted.kind === "payment" ? tables.linesOf(posted.postingId)`,
        to: `posted.kind === "never" ? tables.linesOf(posted.postingId)`,
      },
    ],
    tests: workers("account-fees", "all parts of it and once"),
  },
  {
    name: "fee into the wallet",
    breaks: "a vendor's wallet gets the money that paid the fee as well: light that nobody bought",
    edits: [
      {
        file: "workers/objects/account-ledger.ts",
        from: "queuePayment(facts, { ...payment, amountMinor: energyMinor }, now);",
        to: "queuePayment(facts, payment, now);",
      },
    ],
    tests: workers("account-fees", "the energy alone"),
  },
  {
    name: "console payment split",
    breaks: "what was paid at a vendor's console pays a fee here, and is energy there",
    edits: [
      {
        file: "workers/objects/account-ledger/post.ts",
        from: ` || payment.road === "mirror") return null;`,
        to: ") return null;",
      },
    ],
    tests: workers("account-fees", "paid at a vendor's console"),
  },
  {
    name: "restored without its parts",
    breaks: "an account that was restored takes a payment for as large as its energy, and finds no twin of it",
    edits: [
      {
        file: "workers/objects/account-ledger/tables.ts",
        from: "amount_minor = amount_minor + ?",
        to: "amount_minor = amount_minor + 0 * ?",
      },
    ],
    tests: workers("account-fees", "comes back with its debts"),
  },
  {
    name: "charged twice",
    breaks: "an account owes its connection twice",
    edits: [
      {
        file: "src/domain/fees/order.ts",
        from: `return standing === undefined || part === UNALLOCATED ? null : "already_charged";`,
        to: "return null;",
      },
    ],
    tests: workers("account-fees", "never a second time"),
  },
  {
    name: "more than is left",
    breaks: "a part of a payment is larger than what the parts before it left, and money is made",
    edits: [
      {
        file: "src/domain/fees/split.ts",
        from: "const amountMinor = Math.min(upToMinor, this.#leftMinor);",
        to: "const amountMinor = upToMinor;",
      },
    ],
    tests: unit("domain/fees/split", "add up to the payment"),
  },
];
