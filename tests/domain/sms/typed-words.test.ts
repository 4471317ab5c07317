import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { COUNTRIES } from "../../../src/domain/country.ts";
import { parseSms } from "../../../src/domain/sms/parse.ts";

/**
 * Whoever pays types some of the text: the reference, the remark, what EcoCash prints behind "for". Whatever stands there, the receipt, the
 * amount, the day and the balance of the till are the operator's, or are not read: by a chosen receipt one payment would be credited twice,
 * by a chosen day it would have an old tariff, and by a chosen balance the till's chain breaks and everybody's payments are held.
 */
type Shape = {
  name: string;
  country: "LS" | "BJ";
  sender: string;
  text: (typed: string) => string;
  receipt: string | null;
  amountMinor: number;
  balanceMinor: number | null;
};
const CODE = "MP261129.1001.A77001";
const SHAPES: readonly Shape[] = [
  {
    ...{ name: "M-Pesa's reference", country: "LS", sender: "MPESA" },
    text: (typed) =>
      `6AB11C22DE Confirmed. on 29/11/26 at 10:01 AM M50.00 received from 26650000101 - Thabo Sample.New M-Pesa balance is M412.35 Reference: ${typed}.`,
    ...{ receipt: "6AB11C22DE", amountMinor: 5_000, balanceMinor: 41_235 },
  },
  {
    ...{ name: "M-Pesa's remark", country: "LS", sender: "MPESA" },
    text: (typed) =>
      `6AB11C22DE Confirmed. on 29/11/26 at 10:01 AM M50.00 received from 26650000101. New M-Pesa balance is M412.35. Remark: ${typed}`,
    ...{ receipt: "6AB11C22DE", amountMinor: 5_000, balanceMinor: 41_235 },
  },
  {
    ...{ name: "EcoCash behind “for”, with a code", country: "LS", sender: "199" },
    text: (typed) =>
      `You have received M50.00 from Thabo Sample-62000111 for ${typed}. Approval Code: ${CODE}. New wallet balance: M1234.50.`,
    ...{ receipt: CODE, amountMinor: 5_000, balanceMinor: 123_450 },
  },
  {
    ...{ name: "EcoCash behind “for”, with a reference", country: "LS", sender: "199" },
    text: (typed) => `You have received M50 from 26662000133 for ${typed}. Reference: 88112233`,
    ...{ receipt: "88112233", amountMinor: 5_000, balanceMinor: null },
  },
  {
    ...{ name: "EcoCash's remark", country: "LS", sender: "199" },
    text: (typed) => `EcoCash: M50.00 received from 26662000134. Ref 998811. Remark: ${typed}`,
    ...{ receipt: "998811", amountMinor: 5_000, balanceMinor: null },
  },
  {
    ...{ name: "EcoCash's reference, with an id in front", country: "LS", sender: "199" },
    text: (typed) => `EC77A1002 M50.00 received from 26662000136. Reference: ${typed}`,
    ...{ receipt: "EC77A1002", amountMinor: 5_000, balanceMinor: null },
  },
  {
    ...{ name: "MoMo's motif, before the id", country: "BJ", sender: "MobileMoney" },
    text: (typed) =>
      `Vous avez reçu 1 500 FCFA de AYABA SAMPLE (22901 97000123). Motif: ${typed}. ID transaction: 5512340987. Nouveau solde: 88 250 FCFA.`,
    ...{ receipt: "5512340987", amountMinor: 1_500, balanceMinor: 88_250 },
  },
  {
    ...{ name: "MoMo's motif, before the balance and the id", country: "BJ", sender: "MobileMoney" },
    text: (typed) =>
      `Vous avez reçu 1 500 FCFA de AYABA SAMPLE (22901 97000123). Message: ${typed}. Nouveau solde: 88 250 FCFA. ID transaction: 5512340987.`,
    ...{ receipt: "5512340987", amountMinor: 1_500, balanceMinor: 88_250 },
  },
  {
    ...{ name: "MoMo's motif, of a payer without a number", country: "BJ", sender: "MobileMoney" },
    text: (typed) =>
      `Vous avez reçu 1 500 FCFA de AYABA SAMPLE. Motif: ${typed}. ID transaction: 5512340987. Nouveau solde: 88 250 FCFA.`,
    ...{ receipt: "5512340987", amountMinor: 1_500, balanceMinor: 88_250 },
  },
  {
    ...{ name: "MoMo's motif, at the end", country: "BJ", sender: "MobileMoney" },
    text: (typed) => `Vous avez reçu 1 500 FCFA de 2290197000123. Réf: MP0099. Motif : ${typed}`,
    ...{ receipt: "MP0099", amountMinor: 1_500, balanceMinor: null },
  },
];

/** What a payer may try, with all the words that operators use. */
const WORDS = [
  ...["0045MAK", "0045GBO", "electricity", ".", ". ", "|", ":", "12345678", "ABC1234567", "MP261125.1200.A12345"],
  ...[
    "Approval Code:",
    "Approval Code",
    "Ref",
    "Ref:",
    "Réf.",
    "Reference:",
    "Transaction ID",
    "ID transaction:",
    "ID",
    "Txn ID:",
  ],
  ...["Remark:", "Remarks:", "Motif:", "Message:", "for", " for ", "de", "from", "received from", "reçu", "Confirmed."],
  ...[
    "New balance M5.00",
    "New wallet balance: M7.00",
    "Nouveau solde: 7 FCFA",
    "New M-Pesa balance is M1.00",
    "Solde: 9 FCFA",
  ],
  ...[
    "1/11/26",
    "2026-11-01 10:00",
    "on 1/1/26 at 1:00 AM",
    "M99.00",
    "9 000 FCFA",
    "reçu 9 000 FCFA",
    "received M99.00",
  ],
  ...[
    "reversed",
    "reversal of",
    "has been reversed",
    "annulé",
    "annulation transaction 12345678",
    "sent",
    "paid",
    "envoyé",
  ],
  ...["transaction", "26662000199", "22997000122", "Thabo-62000112", "EcoCash:", "\n", "é", "\u00a0"],
];
const typedWords = fc
  .tuple(
    fc.array(fc.oneof(fc.constantFrom(...WORDS), fc.string({ maxLength: 5 })), { maxLength: 12 }),
    fc.constantFrom(" ", "", ". "),
  )
  .map(([words, between]) => words.join(between));

describe.each(SHAPES)(
  "what a payer types into $name",
  ({ text, country, sender, receipt, amountMinor, balanceMinor }) => {
    const read = (typed: string) => parseSms(text(typed), sender, COUNTRIES[country]);

    it("leaves the operator's figures as they are", () => {
      expect(read("0045MAK")).toMatchObject({ kind: "payment", receipt, amountMinor, newBalanceMinor: balanceMinor });
    });

    it("is never read as the operator's own: the payment stays one, and what is not sure is left to a person", () => {
      const plain = read("0045MAK");
      if (plain.kind !== "payment") throw new Error("no payment");
      fc.assert(
        fc.property(typedWords, (typed) => {
          const found = read(typed);
          expect(found).toMatchObject({ kind: "payment", amountMinor, newBalanceMinor: balanceMinor });
          if (found.kind !== "payment") return;
          expect([receipt, null]).toContain(found.receipt);
          if (found.receipt !== null) expect(found.printedAt).toBe(plain.printedAt);
          else expect([plain.printedAt, null]).toContain(found.printedAt);
        }),
        { numRuns: 1_500 },
      );
    });
  },
);

describe("a payment by EcoCash", () => {
  const read = (typed: string, rest = `. Approval Code: ${CODE}. New wallet balance: M1234.50.`) =>
    parseSms(`You have received M50.00 from Thabo Sample-62000111 for ${typed}${rest}`, "199", COUNTRIES.LS);

  it("has the operator's code and its day, not one that was typed before it", () => {
    expect(read("0871MAK Approval Code MP261125.1200.A12345")).toMatchObject({
      ...{ kind: "payment", receipt: CODE, newBalanceMinor: 123_450, reference: expect.stringContaining("0871MAK") },
      printedAt: Date.parse("2026-11-29T08:01:00Z"),
    });
  });

  it("has neither receipt nor day where a code stands on both sides of a remark, and the till's balance all the same", () => {
    expect(read("0871MAK Approval Code MP261125.1200.A12345 Remark:")).toMatchObject({
      ...{ kind: "payment", receipt: null, printedAt: null, newBalanceMinor: 123_450 },
    });
  });

  it.each([
    [
      ". Approval Code: MP260618.0953.A90051. New wallet balance: M7410.0. Remark: 0007MAT reversed",
      "MP260618.0953.A90051",
      741_000,
    ],
    [". Reference: 88112233 Remark: for 0007MAT", "88112233", null],
    [". Approval Code: MP260618.0953.A90051. Reference: 0007MAT", "MP260618.0953.A90051", null],
  ])(
    "is read where a remark, or what is no id, stands behind the operator's own: %s",
    (rest, receipt, newBalanceMinor) => {
      expect(read("0119mat", rest)).toMatchObject({ kind: "payment", receipt, newBalanceMinor, reference: "0119mat" });
    },
  );

  it.each([
    ["EC01TXN2XX M160.00 received from 26662000137. Reference: reversed", "EC01TXN2XX", "reversed"],
    ["EC77A1002 M15.00 received from 26662000136. Reference: 516000021", "EC77A1002", "516000021"],
    ["EC77A1002 M15.00 received from 26662000136. Reference: Ref 516000021", "EC77A1002", "Ref 516000021"],
    ["EcoCash: M80.00 received from 26662000134. Ref 998811. Reference: reversal", "998811", "reversal"],
    ["EcoCash: M10.50 received from 26662000135. Reference: reversal 0007MAT", null, "reversal 0007MAT"],
  ])("has the id that is printed, not what was typed as a reference: %s", (text, receipt, reference) => {
    const found = parseSms(text, "199", COUNTRIES.LS);
    expect(found).toMatchObject({ kind: "payment", receipt });
    expect(found.kind === "payment" && `${found.reference}`).toContain(reference.split(" ")[0]);
  });

  it("has the operator's code where it is printed twice, or in other letters", () => {
    expect(read(`0871MAK Approval Code ${CODE.toLowerCase()}`)).toMatchObject({ receipt: CODE });
  });

  it("takes back nobody's payment", () => {
    expect(read("1 Ref MP261129.0900.A88001 reversed Remark:")).toMatchObject({ kind: "payment", receipt: null });
    expect(read("1 Ref MP261129.0900.A88001 reversed")).toMatchObject({ kind: "payment", receipt: CODE });
  });

  it("has no receipt where a code was typed before the operator's reference: a person types it", () => {
    expect(read("0871MAK Approval Code: MP261125.1200.A12345", ". Reference: 88112233")).toMatchObject({
      ...{ kind: "payment", receipt: null },
    });
  });
});

describe("a payment by MoMo", () => {
  const read = (typed: string) =>
    parseSms(
      `Vous avez reçu 1 500 FCFA de AYABA SAMPLE (22901 97000123). Motif: ${typed}. ID transaction: 5512340987. Nouveau solde: 88 250 FCFA.`,
      "MobileMoney",
      COUNTRIES.BJ,
    );

  it.each(["0045GBO. Le paiement d'hier a été annulé", "0045GBO. annulation transaction 12345678"])(
    "of which somebody may have typed that it was taken back waits for a person: %s",
    (typed) => {
      expect(read(typed)).toMatchObject({
        kind: "payment",
        receipt: null,
        amountMinor: 1_500,
        newBalanceMinor: 88_250,
      });
    },
  );

  it("with a second id behind what was typed waits for a person", () => {
    expect(read("0045GBO. 1/11/26 ID 55555555 Ref")).toMatchObject({ kind: "payment", receipt: null, printedAt: null });
  });
});
