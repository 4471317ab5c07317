import { type Mutant, unit, workers } from "./mutant.ts";

/** How operators' texts are read: what a payer typed is never the operator's own. */
export const TEXT_MUTANTS: Mutant[] = [
  {
    name: "a typed remark hides the code",
    breaks:
      "whoever pays chooses the receipt and the day: under the operator's own receipt the payment is credited again",
    edits: [
      {
        file: "src/domain/sms/ecocash.ts",
        from: "ids === null || ids.some(({ end }) => end <= index)",
        to: "ids !== undefined && index >= 0",
      },
    ],
    tests: unit("domain/sms/typed-words", "is never read as the operator's own"),
  },
  {
    name: "a typed balance is the till's",
    breaks: "one payer breaks a till's chain, and the payments of all others are held",
    edits: [
      {
        file: "src/domain/sms/momo.ts",
        from: "const last = lastBalance(after, country);",
        to: "const last = newBalance(after, country);",
      },
    ],
    tests: unit("domain/sms/typed-words", "is never read as the operator's own"),
  },
  {
    name: "read again under another receipt",
    breaks: "a newer parser credits a payment a second time, under the receipt that it reads now",
    edits: [
      {
        file: "src/services/process-sms.ts",
        from: "sms.claimed !== null && (",
        to: "sms.claimed === undefined && (",
      },
    ],
    tests: unit("services/process-sms-doubted", "a text that is read again"),
  },
  {
    name: "what was claimed is forgotten",
    breaks: "a newer parser credits a payment a second time, under the receipt that it reads now",
    edits: [{ file: "workers/objects/mailbox/inbound.ts", from: "coalesce(receipt, ?)", to: "coalesce(?, receipt)" }],
    tests: workers("mailbox-read-again", "says which receipt it claimed the first time"),
  },
  {
    name: "a typed receipt is taken back",
    breaks: "a payer whose payment is reversed has a neighbour's receipt blocked in its place, and keeps the energy",
    edits: [
      {
        file: "src/domain/statements/mpesa.ts",
        from: "otherReceipt(operatorWords(details), receipt)",
        to: "otherReceipt(details, receipt)",
      },
    ],
    tests: unit("domain/statements/typed-words", "a receipt of its own, its words repeated"),
  },
];
