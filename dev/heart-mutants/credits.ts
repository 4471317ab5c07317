import { database, type Mutant, unit, workers } from "./mutant.ts";

/** What loses or doubles the money that a vendor's wallet must get, or books its echo as new money. */
export const CREDIT_MUTANTS: Mutant[] = [
  {
    name: "echo guard off",
    breaks: "our own credits come back in the platform's list and are booked as payments",
    edits: [
      {
        file: "src/domain/mirror.ts",
        from: 'if (isOurKey(externalId) || isOurMemo(memo)) return "ours";',
        to: "",
      },
    ],
    tests: unit("services/mirror-payments", "of every shape they had"),
  },
  {
    name: "status ignored",
    breaks: "a refusal without a list of errors counts as a credit that arrived",
    edits: [
      {
        file: "src/domain/judge-credit.ts",
        from: 'if (!isSuccess(status)) return failed(status, said.message ?? "", true);',
        to: "",
      },
    ],
    tests: unit("domain/vendor/judge-credit", "the answer to a credit of Koios"),
  },
  {
    name: "wallet keeps what was forgotten",
    breaks: "a payment that was taken back while its account had forgotten it, or its reversal, stays in the wallet",
    edits: [
      {
        file: "workers/objects/account-ledger/reconcile.ts",
        from: "credits.takeBackReversed(facts, isReversedIn(tables), now);",
        to: "",
      },
    ],
    tests: workers("vendor-credits-restore", "what was given up while it was not known", "what was sent although"),
  },
  {
    name: "woken before it knows",
    breaks: "an account that was set back sends what has been taken back, or darkens whose payment it has forgotten",
    edits: [
      {
        file: "workers/objects/account-ledger.ts",
        from: "if (recorded !== null && knowsAll(comparison, recorded)) await this.arm();",
        to: "await this.arm();",
      },
    ],
    tests: workers("vendor-credits-restore", "is woken by being compared"),
  },
  {
    name: "queued after the posting",
    breaks: "a payment is in the ledger, and a crash leaves nothing that is owed to the wallet",
    edits: [
      {
        file: "workers/objects/account-ledger.ts",
        from: "this.desks.credits.queuePayment(facts, { ...payment, amountMinor: energyMinor }, now);",
        to: "queueMicrotask(() => this.transact(() => this.desks.credits.queuePayment(facts, payment, now)));",
      },
    ],
    tests: workers("vendor-credits", "is not posted where its credit cannot be written down"),
  },
  {
    name: "sent again without a look",
    breaks: "after a crash the credit is sent again although it may have arrived",
    edits: [
      {
        file: "src/domain/vendor-credit.ts",
        from: '    next: "find",\n    state: credit.state === "blocked"',
        to: '    next: credit.next,\n    state: credit.state === "blocked"',
      },
    ],
    tests: workers("vendor-credits", "a machine that dies between two steps"),
  },
  {
    name: "reversal leaves the wallet",
    breaks: "a payment that was taken back here stays in the vendor's wallet, and nobody is told",
    edits: [
      {
        file: "workers/objects/account-ledger.ts",
        from: "if (filed.posting !== null) credits.takeBack(facts, order.entryKey, now);",
        to: "",
      },
    ],
    tests: workers("vendor-credits", "takes the vendor's credit back", "at ThunderCloud, which takes nothing back"),
  },
  {
    name: "kept there and called taken back",
    breaks: "what ThunderCloud keeps of a payment that was taken back counts as gone, and nobody is told",
    edits: [
      {
        file: "src/domain/vendor-credit.ts",
        from: 'return to(credit, { state: "rejected", because: "cannot_take_back", vendorId, nextAt: null });',
        to: 'return to(credit, { state: "taken_back", vendorId, nextAt: null });',
      },
    ],
    tests: workers("vendor-credits", "at ThunderCloud, which takes nothing back"),
  },
  {
    name: "stroke left in the name",
    breaks: "what may have left for ThunderCloud cannot be asked for by its name, and waits for a person",
    edits: [
      {
        file: "src/domain/external-id.ts",
        from: 'entryKey.replaceAll("~", "~0").replaceAll("/", "~1")',
        to: 'entryKey.replaceAll("~", "~0")',
      },
    ],
    tests: unit("domain/vendor/external-id", "as an external id of ThunderCloud"),
  },
  {
    name: "two keys, one name",
    breaks: "of two credits whose names are spelled alike the second is refused as known there, and never arrives",
    edits: [
      {
        file: "src/domain/external-id.ts",
        from: 'entryKey.replaceAll("~", "~0").replaceAll("/", "~1")',
        to: 'entryKey.replaceAll("/", "~1")',
      },
    ],
    tests: unit("domain/vendor/external-id", "is another for each key, and leads back to it"),
  },
  {
    name: "renamed while it is on its way",
    breaks: "what an earlier release sent under its key is looked for under another name, and credited a second time",
    edits: [
      {
        file: "workers/objects/account-ledger/vendor-credit-turn.ts",
        from: "credit.sentAs ?? credit.externalId",
        to: 'credit.externalId.replaceAll("/", "~1")',
      },
    ],
    tests: workers("vendor-credit-names", "is found under it and not sent a second time"),
  },
  {
    name: "credited by both systems",
    breaks: "a site is switched, and what the old system credited is sent a second time",
    edits: [
      {
        file: "src/domain/vendor-credit-gate.ts",
        from: 'if (facts.queuedAt !== null && inForce(writers, site, facts.queuedAt).writer === "legacy")',
        to: "if (false)",
      },
    ],
    tests: workers("vendor-credits", "was the old system's to send"),
  },
  {
    name: "mirrored and sent back",
    breaks: "a payment at the vendor's console is credited there a second time",
    edits: [
      {
        file: "workers/objects/account-ledger/vendor-credits.ts",
        from: '    if (road === "mirror") return;\n',
        to: "",
      },
    ],
    tests: workers("vendor-credits", "that was made at the vendor's console"),
  },
  {
    name: "echo without a payment",
    breaks: "the unmarked echo of a correction, or of a credit that went out late, is booked as cash",
    edits: [
      {
        file: "workers/objects/account-ledger/post.ts",
        from: "    ...echoed.map((credit) => heldAs(tables, credit, payment)),\n",
        to: "",
      },
    ],
    tests: workers(
      "vendor-credits",
      "as the unmarked echo of a correction is no payment",
      "went out days after its payment",
    ),
  },
  {
    name: "one person is two",
    breaks: "whoever orders a correction above the limit approves it, too",
    edits: [
      {
        file: "src/adapters/neon/second-person.ts",
        from: `AND \${plain("b.actor")} = \${plain("o.ordered_by")}`,
        to: "AND false",
      },
    ],
    tests: database("corrections", "is not approved by whoever ordered it"),
  },
];
