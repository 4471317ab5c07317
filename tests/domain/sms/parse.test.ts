import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { COUNTRIES, type CountryCode } from "../../../src/domain/country.ts";
import { parseSms } from "../../../src/domain/sms/parse.ts";
import { ECOCASH_SAMPLES, MOMO_SAMPLES, MPESA_SAMPLES, type Sample } from "./samples.ts";

const read = (text: string, country: CountryCode = "LS", sender = "MPESA") =>
  parseSms(text, sender, COUNTRIES[country]);
const samples = [...MPESA_SAMPLES, ...ECOCASH_SAMPLES, ...MOMO_SAMPLES];

describe.each([
  ["M-Pesa", MPESA_SAMPLES],
  ["EcoCash", ECOCASH_SAMPLES],
  ["MTN MoMo", MOMO_SAMPLES],
])("%s", (_, table) => {
  it.each(table)("it reads $name", ({ text, sender, country, want }) => {
    expect(read(text, country, sender)).toEqual(want);
  });
});

const HEAD = "6AB11C22DE Confirmed. on 3/11/18 at 7:41 AM";
const TAIL = "received from 26650000101. New M-Pesa balance is M412.35 Reference: 0045MAK.";

describe("an amount that is not strictly one", () => {
  it.each(["M2.O0", "M1,00.00", "M1 000.00", "M-5.00", "M1e3", "M2.005", "M99999999999999999999", "M,5", "M٢٥"])(
    "it refuses %s",
    (amount) => {
      expect(read(`${HEAD} ${amount} ${TAIL}`)).toEqual({ kind: "unparsed", because: "amount_unreadable" });
    },
  );

  it("it refuses nothing paid", () => {
    expect(read(`${HEAD} M0.00 ${TAIL}`)).toEqual({ kind: "unparsed", because: "amount_zero" });
    expect(read("Vous avez reçu 0 FCFA de 22997000122. ID: 12345678", "BJ")).toMatchObject({ because: "amount_zero" });
  });

  it("it refuses decimals of FCFA, since there are none", () => {
    const text = "Vous avez reçu 5000.50 FCFA de 22997000122. ID transaction: QWE456RTY.";
    expect(read(text, "BJ")).toEqual({ kind: "unparsed", because: "amount_unreadable" });
  });

  it.each([
    ["BJ", "Vous avez reçu 5000 NGN de KOFFI (22997000122). Motif: 0045GBO. ID transaction: QWE456RTY."],
    ["BJ", "You have received ZMW 50.00 from KOFFI (22997000122). Transaction ID: QWE456RTY."],
    ["LS", "EcoCash: You have received ZAR 50.00 from 26650000101. Approval code: MP260104.1234.A12345"],
  ] as const)("it says in %s of money of another country that it is that: %s", (country, text) => {
    expect(read(text, country, "x")).toMatchObject({
      kind: "unparsed",
      because: expect.stringMatching(/^(foreign_currency|amount_unreadable)$/),
    });
  });

  it.each([
    ["BJ", "Gagnez 5000 NGN aujourd'hui! Composez *123#"],
    ["BJ", "Bonjour, combien reste-t-il?"],
    ["LS", "Win USD 500 today, call us"],
    ["LS", "MY BALANCE"],
  ] as const)("it makes no money of what is none, in %s: %s", (country, text) => {
    expect(read(text, country, "x")).toEqual({ kind: "unparsed", because: "not_a_receipt" });
  });

  it("it takes no amount from what the payer typed", () => {
    const text = "07XX0TESTE03 Confirmed. M100.00 sent to 26650000107 ref M5 received from 26650000101";
    expect(read(text)).toMatchObject({ kind: "outgoing", amountMinor: 10_000 });
    expect(read(`${HEAD} M2.00 received from 26650000101. Reference: M900 received from 26650000102`)).toMatchObject({
      kind: "payment",
      amountMinor: 200,
    });
  });
});

describe("the printed date", () => {
  it.each([
    ["31/2/18 at 7:41 AM", "impossible"],
    ["3/13/18 at 7:41 AM", "impossible"],
    ["3/11/18 at 45:00", "impossible"],
    ["3/11/18 at 13:05 PM", "impossible"],
    ["3/11/18 at 0:05 AM", "impossible"],
    ["some day", "impossible"],
    ["3/11/18 at 12:00 AM", Date.UTC(2018, 10, 2, 22, 0)],
    ["3/11/18 at 12:00 PM", Date.UTC(2018, 10, 3, 10, 0)],
    ["3/11/2018 at 23:59", Date.UTC(2018, 10, 3, 21, 59)],
    ["29/2/2024 at 7:41 AM", Date.UTC(2024, 1, 29, 5, 41)],
    ["1/1/1970 at 7:41 AM", Date.UTC(1970, 0, 1, 5, 41)],
    ["1/1/2099 at 7:41 AM", Date.UTC(2099, 0, 1, 5, 41)],
  ])("it reads %s as %s", (when, printedAt) => {
    expect(read(`6AB11C22DE Confirmed. on ${when} M2.00 ${TAIL}`)).toMatchObject({ kind: "payment", printedAt });
  });

  it("it is impossible in an approval code as well", () => {
    const text = "You have received M25 from Tau Sample-62000131 for 0119mat. Approval Code: MP261399.2561.A90051.";
    expect(read(text, "LS", "199")).toMatchObject({ receipt: "MP261399.2561.A90051", printedAt: "impossible" });
  });

  it("it is none where the text prints none, whatever was typed", () => {
    expect(read("6AB11C22DE Confirmed. M2.00 received from 26650000101. Reference: 1/1/2020")).toMatchObject({
      printedAt: null,
      reference: "1/1/2020",
    });
  });

  it("it is read from a French text in Benin's zone", () => {
    const text = "Vous avez reçu 1 500 FCFA de AYABA SAMPLE (22901 97000123) le 10/04/2026 à 17:57. ID: 5512340987.";
    expect(read(text, "BJ")).toMatchObject({ printedAt: Date.UTC(2026, 3, 10, 16, 57) });
  });
});

describe("the receipt", () => {
  it("it is the operator's approval code, not one the payer typed before it", () => {
    const text =
      "You have received M25 from Tau Sample-62000131 for 0119mat. Approval Code: MP260618.0953.A99999. Approval Code: MP260618.0953.A90051. New wallet balance: M7410.0.";
    expect(read(text, "LS", "199")).toMatchObject({ receipt: "MP260618.0953.A90051", newBalanceMinor: 741_000 });
  });

  it("it is none when one of two MoMo ids may have been typed", () => {
    const text =
      "Vous avez reçu 500 FCFA de 22997000122. Motif: 0045SAM. ID transaction: 11112222. ID transaction: 33334444.";
    expect(read(text, "BJ")).toMatchObject({ kind: "payment", receipt: null, remark: "0045SAM" });
  });

  it.each([
    ["You have received M30 from 26662000133. Reference: 0045MAK", "LS"],
    ["You have received M30 from 26662000133. Reference: 26662000133", "LS"],
    ["Vous avez reçu 500 FCFA de 22997000122. Ref: 0045SAM", "BJ"],
    ["Vous avez reçu 500 FCFA de 22997000122. Ref: 0197000122", "BJ"],
  ] as const)("it is neither an account number nor the payer's phone: %s", (text, country) => {
    expect(read(text, country, "199")).toMatchObject({ kind: "payment", receipt: null });
  });
});

describe("the provider", () => {
  const text = `${HEAD} M2.00 received from 26650000101. Reference: 0045MAK`;
  it.each([
    [text, "199", "ecocash"],
    [text, "26650000199", "ecocash"],
    [text, "MPESA", "mpesa"],
    [text, "26650000100", "mpesa"],
    [`${text} ecocash`, "26650000100", "ecocash"],
    [`${text} econet`, "26650000100", "ecocash"],
    [`${text} by ecocash`, "MPESA", "mpesa"],
  ])("it reads %j from %s as %s", (body, sender, provider) => {
    expect(read(body, "LS", sender)).toMatchObject({ provider });
  });
});

describe("money that left", () => {
  it.each([
    [
      "07XX0TESTE03 Confirmed. on 7/5/26 at 2:13 PM M500.00 paid to Shop. New M-Pesa balance is M2,001.00",
      "LS",
      50_000,
      200_100,
    ],
    [
      "07XX0TESTE03 Confirmed. on 7/5/26 at 2:13 PM Withdraw M500.00 from 1234 - Agent Sample. New M-Pesa balance is M2,001.00",
      "LS",
      50_000,
      200_100,
    ],
    [
      "You have sent M25 to Tau Sample-62000131. Approval Code: MP260618.0953.A90051. New wallet balance: M7410.0.",
      "LS",
      2500,
      741_000,
    ],
    ["Paiement de 500 FCFA à BOUTIQUE SAMPLE effectué. ID: 5566778899. Nouveau solde: 1 000 FCFA", "BJ", 500, 1000],
    ["Vous avez envoyé 3000 FCFA à 22997000126. ID: 99887766. Nouveau solde: 4 000 FCFA", "BJ", 3000, 4000],
    ["Vous avez payé 3000 FCFA à 22997000126. ID: 99887766", "BJ", 3000, null],
    ["Retrait de 3 000 FCFA effectué. ID: 99887766", "BJ", 3000, null],
  ] as const)("it is never income: %s", (text, country, amountMinor, newBalanceMinor) => {
    expect(read(text, country, "x")).toMatchObject({ kind: "outgoing", amountMinor, newBalanceMinor });
  });

  it("it is income when somebody else sent it", () => {
    expect(read("AYABA SAMPLE vous a envoyé 3000 FCFA. ID: 99887766", "BJ")).toMatchObject({
      kind: "payment",
      amountMinor: 3000,
    });
  });
});

describe("a payment taken back", () => {
  it.each([
    [
      "08XX0TESTA57 Confirmed. on 10/4/26 at 5:57 PM Transaction 6AB11C22DE of M20.00 has been reversed. New M-Pesa balance is M1,184.55",
      "LS",
      "6AB11C22DE",
      2000,
    ],
    [
      "08XX0TESTA57 Confirmed. Reversal of transaction 6AB11C22DE has been successfully reversed on 10/4/26 at 5:57 PM and M20.00 is debited from your M-Pesa account.",
      "LS",
      "6AB11C22DE",
      2000,
    ],
    [
      "6AB11C22DE Confirmed. on 3/11/18 at 7:41 AM M2.00 received from 26650000101 has been reversed.",
      "LS",
      "6AB11C22DE",
      200,
    ],
    ["Transaction 6AB11C22DE has been reversed.", "LS", "6AB11C22DE", null],
    [
      "EcoCash: Transaction MP260618.0953.A90051 of M25 has been reversed. New wallet balance: M10.0",
      "LS",
      "MP260618.0953.A90051",
      2500,
    ],
    ["La transaction 5512340987 de 1 500 FCFA a été annulée. Nouveau solde: 86 750 FCFA", "BJ", "5512340987", 1500],
    ["Annulation du transfert 5512340987 de 1 500 FCFA.", "BJ", "5512340987", 1500],
  ] as const)("it names the receipt: %s", (text, country, receipt, amountMinor) => {
    expect(read(text, country, "x")).toMatchObject({ kind: "reversal", receipt, amountMinor });
  });

  it.each([
    ["08XX0TESTA57 Confirmed. Transaction of M50.00 has been reversed.", "LS", "08XX0TESTA57"],
    ["Transaction of M50.00 has been reversed. New wallet balance: M10.0", "LS", null],
  ] as const)("an amount is no receipt: %s", (text, country, receipt) => {
    expect(read(text, country, "x")).toMatchObject({ kind: "reversal", receipt, amountMinor: 5_000 });
  });

  it("it is not a word the payer typed", () => {
    expect(read(`${HEAD} M2.00 received from 26650000101. Reference: reversed 0045MAK`)).toMatchObject({
      kind: "payment",
    });
    expect(read("Vous avez reçu 500 FCFA de 22997000122. Motif: annulation 0045SAM. ID: 12345678", "BJ")).toMatchObject(
      {
        kind: "payment",
      },
    );
  });
});

describe("chatter", () => {
  it.each([
    ["I have sent M20 to you please connect 0045MAK", "LS"],
    ["M20 received from my brother", "LS"],
    ["Please reverse my payment", "LS"],
    ["Win M5000! Dial *123#", "LS"],
    ["Is my account 0045MAK confirmed?", "LS"],
    ["Vous avez reçu 500 FCFA de bonus! Composez *123#", "BJ"],
    ["Bonjour, j'ai payé 3000 FCFA hier", "BJ"],
    ["Annulation 5000 FCFA svp", "BJ"],
    ["Pour annuler votre forfait à 500 FCFA, composez *123#", "BJ"],
  ] as const)("it is not a receipt: %s", (text, country) => {
    expect(read(text, country, "26650000101")).toEqual({ kind: "unparsed", because: "not_a_receipt" });
  });

  it("it says when a text is empty or too long", () => {
    expect(read(" \n\u00a0 ")).toEqual({ kind: "unparsed", because: "empty" });
    expect(read(`${HEAD} M2.00 ${TAIL}${"x".repeat(2000)}`)).toEqual({ kind: "unparsed", because: "too_long" });
  });
});

const countries = fc.constantFrom<CountryCode>("LS", "BJ", "ZM");
const senders = fc.constantFrom("MPESA", "199", "MobileMoney", "26650000101", "");
const words = samples.flatMap(({ text }) => text.split(/(?<=[ .\n])/));
const scrambled = fc.array(fc.oneof(fc.constantFrom(...words), fc.string({ unit: "binary", maxLength: 6 })), {
  maxLength: 40,
});
const damaged = fc
  .record({
    sample: fc.constantFrom<Sample>(...samples),
    at: fc.nat(200),
    cut: fc.nat(12),
    put: fc.string({ maxLength: 8 }),
  })
  .map(({ sample, at, cut, put }) => sample.text.slice(0, at) + put + sample.text.slice(at + cut));
const anyText = fc.oneof(
  scrambled.map((parts) => parts.join("")),
  damaged,
  fc.string({ unit: "binary", maxLength: 400 }),
);

describe("whatever the text", () => {
  it("it never throws, and invents no amount: its digits stand in the text", () => {
    fc.assert(
      fc.property(anyText, senders, countries, (text, sender, code) => {
        const parsed = parseSms(text, sender, COUNTRIES[code]);
        if (parsed.kind === "unparsed" || parsed.amountMinor === null) return;
        expect(Number.isSafeInteger(parsed.amountMinor) && parsed.amountMinor >= 0).toBe(true);
        const { minorDigits } = COUNTRIES[code];
        const digits = String(parsed.amountMinor).padStart(minorDigits + 1, "0");
        const split = digits.length - minorDigits;
        const printed = digits.slice(0, split) + digits.slice(split).replace(/0+$/, "");
        expect(text.replace(/(?<=\d)[\s,.](?=\d)/g, "")).toContain(printed);
      }),
      { numRuns: 2000 },
    );
  });

  it("it reads a known text the same, however its spaces are broken", () => {
    const gap = fc.constantFrom(" ", "  ", "\n", "\r\n", "\u00a0", " \u202f ", "\t");
    fc.assert(
      fc.property(
        fc.constantFrom<Sample>(...samples),
        fc.array(gap, { minLength: 1, maxLength: 60 }),
        (sample, gaps) => {
          let n = 0;
          const text = sample.text.replace(/\s/g, () => gaps[n++ % gaps.length] ?? " ");
          expect(read(text, sample.country, sample.sender)).toEqual(sample.want);
        },
      ),
    );
  });
});
