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
        from: `return isFree ? null : "already_charged";`,
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
  {
    name: "contract money sold as energy",
    breaks: "what was paid to the number of the contract buys light instead of paying the fee",
    edits: [
      {
        file: "src/services/process-sms.ts",
        from: `road: sms.channel === "fees" ? "contract_sms" : "sms",`,
        to: `road: "sms",`,
      },
    ],
    tests: unit("services/process-sms", "which road its money came"),
  },
  {
    name: "contract money without a debt is light",
    breaks: "what was paid to the number of the contract buys light once nothing is owed",
    edits: [
      {
        file: "workers/objects/account-ledger/post.ts",
        from: ` && channel === "electricity") return null;`,
        to: ") return null;",
      },
    ],
    tests: workers("contract-channel", "all unallocated where nothing is owed"),
  },
  {
    name: "a repeated text is a duplicate",
    breaks: "a phone that sends a text to the number of the contract again is not given the first answer",
    edits: [
      {
        file: "workers/objects/receipt-book.ts",
        from: `if (!isByText(claim.road)) return "same";`,
        to: `if (claim.road !== "sms") return "same";`,
      },
    ],
    tests: workers("contract-channel", "however often its text comes"),
  },
  {
    name: "advance takes of the whole",
    breaks: "an advance takes its fraction of what the fees have taken already",
    edits: [
      {
        file: "src/domain/fees/split.ts",
        from: "Math.min(fractionOf(this.#leftMinor, fractionE4), outstandingMinor)",
        to: "Math.min(fractionOf(this.#facts.amountMinor, fractionE4), outstandingMinor)",
      },
    ],
    tests: workers("account-agreements", "of what the fees left"),
  },
  {
    name: "advance beside an open fee",
    breaks: "an advance is granted to somebody who owes a fee",
    edits: [{ file: "src/domain/fees/order.ts", from: `return "fee_owed";`, to: "return null;" }],
    tests: workers("account-agreements", "to nobody who owes a fee"),
  },
  {
    name: "month added twice",
    breaks: "an advance gets its monthly fee each time that somebody looks",
    edits: [
      {
        file: "src/domain/fees/accrual.ts",
        from: "if (amountMinor > 0 && !this.#periods.has(period))",
        to: "if (amountMinor > 0)",
      },
    ],
    tests: unit("domain/fees/accrual", "is added once a month"),
  },
  {
    name: "late month on what is left",
    breaks: "a monthly fee that is added late is on what was left by then, and not on what was owed on its day",
    edits: [
      {
        file: "src/domain/fees/accrual.ts",
        from: "(line.at < at ? sum - line.amountMinor : sum)",
        to: "sum - line.amountMinor",
      },
    ],
    tests: unit("domain/fees/accrual", "is on what was owed at that midnight"),
  },
  {
    name: "an old picture acted on",
    breaks: "two people who see the same rest of a payment sell energy for it twice",
    edits: [
      {
        file: "src/domain/fees/unallocated.ts",
        from: `  if (rest.leftMinor !== leftMinor) return "stale";\n`,
        to: "",
      },
    ],
    tests: unit("domain/fees/unallocated", "what somebody saw before it became less"),
  },
  {
    name: "sold after it was paid back",
    breaks: "energy is sold for money that the customer has back",
    edits: [
      {
        file: "src/domain/fees/unallocated.ts",
        from: "Math.max(0, Math.min(each.leftMinor, accountMinor))",
        to: "each.leftMinor",
      },
    ],
    tests: unit("domain/fees/unallocated", "no more than the account has"),
  },
  {
    name: "light stays where its payment goes",
    breaks: "a payment that is taken back leaves the energy that was sold for its rest, and its money buys light twice",
    edits: [
      {
        file: "workers/objects/account-ledger.ts",
        from: "const unapplied = fileUnapplied(tables, facts, order, now);",
        to: `const unapplied = fileUnapplied(tables, facts, { ...order, entryKey: "" }, now);`,
      },
    ],
    tests: workers("unallocated", "goes with its payment when that is taken back"),
  },
  {
    name: "light stays after a set-back",
    breaks: "an account that had forgotten the energy, or the move, keeps light that another account's money buys too",
    edits: [
      {
        file: "workers/objects/account-ledger/reconcile.ts",
        from: "for (const posting of fileLeftApplied(tables, facts, now))",
        to: "for (const posting of now > 0 ? [] : fileLeftApplied(tables, facts, now))",
      },
    ],
    tests: workers("unallocated-set-back", "goes with the payment that was moved"),
  },
  {
    name: "light stays where the copy was cut",
    breaks: "an account that lost its memory between two postings of one step keeps the light whose payment has gone",
    edits: [
      {
        file: "workers/objects/account-ledger/restore.ts",
        from: "settleReversed(desks, tables.meta()?.facts ?? facts, now);",
        to: "",
      },
    ],
    tests: workers("unallocated-set-back", "as the same entry"),
  },
  {
    name: "another amount is the same sale",
    breaks: "of two sales of one rest the larger one is forgotten, and nobody is told",
    edits: [
      {
        file: "src/domain/reconcile.ts",
        from: " || other.amountMinor !== row.amountMinor) return false;",
        to: ") return false;",
      },
    ],
    tests: unit("domain/reconcile", "leaves energy that was sold again"),
  },
  {
    name: "each share for itself",
    breaks: "two shares leave an account that has enough for one of them, and what was paid back goes out twice",
    edits: [
      {
        file: "src/domain/fees/unallocated.ts",
        from: "Math.max(0, leftMinor - Math.max(0, accountMinor))",
        to: "Math.max(0, leftMinor / Math.max(1, rests.length) - Math.max(0, accountMinor))",
      },
    ],
    tests: unit("domain/fees/unallocated", "of two shares that are moved together"),
  },
  {
    name: "the energy of a rest is its receipt's",
    breaks:
      "Postgres counts more postings of a receipt than its shard, which takes the energy of its rest for a holder",
    edits: [
      {
        file: "workers/objects/account-ledger/apply.ts",
        from: "      receipt: null,",
        to: "      receipt: tables.entry(paymentKey)?.receipt ?? null,",
      },
    ],
    tests: workers("unallocated", "is sold as for any payment"),
  },
  {
    name: "darkness after energy was sold",
    breaks: "an account that has just bought energy for the rest of a payment is put in the dark by an order of before",
    edits: [
      {
        file: "workers/objects/account-ledger/apply.ts",
        from: "return soldAt === null ? paidAt : Math.max(soldAt, paidAt ?? soldAt);",
        to: "return soldAt === null ? paidAt : (paidAt ?? soldAt);",
      },
    ],
    tests: workers("unallocated", "holds a disconnection back for minutes"),
  },
  {
    name: "paid back and moved without a word",
    breaks: "money that was paid back goes out a second time with its payment, and nobody was asked",
    edits: [
      {
        file: "workers/portal/ops-receipts.ts",
        from: "(force ? null : await paidBackFault(c, receipt, wanted))",
        to: "null",
      },
    ],
    tests: workers("moves", "asks before what was paid back goes out twice"),
  },
  {
    name: "paid back and moved by a cold shard",
    breaks: "a shard that cannot say yet what leaves lets money that was paid back go out a second time",
    edits: [
      {
        file: "workers/portal/ops-receipts.ts",
        from: 'if (state === "not_ready") return fail(c, 503, "not_ready", "not ready yet; send the same again");\n  if (state === null ||',
        to: 'if (state === null || state === "not_ready" ||',
      },
    ],
    tests: workers("moves", "moves nothing unasked while the shard cannot say"),
  },
  {
    name: "what paid a fee is a holder",
    breaks: "after a set-back a shard takes the part of a payment that paid a fee for a share, and takes it back twice",
    edits: [
      {
        file: "src/domain/receipt-evidence.ts",
        from: "if (FEE_PART.test(entryKey)) parts.push",
        to: "if (entryKey === FEE_PART.source) parts.push",
      },
    ],
    tests: unit("domain/receipt-evidence", "moved with what of it paid fees"),
  },
];
