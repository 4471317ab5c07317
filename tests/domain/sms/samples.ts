import type { CountryCode } from "../../../src/domain/country.ts";
import type { ParsedPayment, ParsedSms } from "../../../src/domain/sms/parsed.ts";

/** Every sample text by its name, with what it must be read as. People, phones and receipts are invented. */
export type Sample = { name: string; country: CountryCode; sender: string; text: string; want: ParsedSms };

const payment = (want: Partial<ParsedPayment> & Pick<ParsedPayment, "provider" | "amountMinor">): ParsedPayment => ({
  kind: "payment",
  receipt: null,
  payerPhone: null,
  printedAt: null,
  newBalanceMinor: null,
  reference: null,
  remark: null,
  otherText: null,
  ...want,
});

/** Lesotho wall clock, two hours ahead of UTC. */
const maseru = (local: string) => Date.parse(`${local}:00+02:00`);

const mpesa = (name: string, text: string, want: ParsedSms): Sample => ({
  name,
  country: "LS",
  sender: "MPESA",
  text,
  want,
});
const ecocash = (name: string, text: string, want: ParsedSms): Sample => ({
  name,
  country: "LS",
  sender: "199",
  text,
  want,
});
const momo = (name: string, text: string, want: ParsedSms): Sample => ({
  name,
  country: "BJ",
  sender: "MobileMoney",
  text,
  want,
});

export const MPESA_SAMPLES: Sample[] = [
  mpesa(
    "M1",
    "6AB11C22DE Confirmed. on 3/11/18 at 7:41 AM M2.00 received from 26650000101 - Thabo Sample 26650000101.New M-Pesa balance is M412.35 Reference: 415000084.",
    payment({
      provider: "mpesa",
      receipt: "6AB11C22DE",
      amountMinor: 200,
      payerPhone: "26650000101",
      printedAt: maseru("2018-11-03T07:41"),
      newBalanceMinor: 41235,
      reference: "415000084",
      otherText: "Thabo Sample",
    }),
  ),
  mpesa(
    "the 2018 shape, whose reference is an old channel id",
    "5L956Z39DJ Confirmed. on 9/12/18 at 8:59 AM M1.00 received from 26650000110 - Name 26650000110.New M-Pesa balance is M387.80 Reference: 315103084.",
    payment({
      provider: "mpesa",
      receipt: "5L956Z39DJ",
      amountMinor: 100,
      payerPhone: "26650000110",
      printedAt: maseru("2018-12-09T08:59"),
      newBalanceMinor: 38780,
      reference: "315103084",
      otherText: "Name",
    }),
  ),
  mpesa(
    "the 2018 shape with its phones masked",
    "5L956Z39DJ Confirmed. on 9/12/18 at 8:59 AM M1.00 received from 266XXXXXXXX - Name 266XXXXXXXX.New M-Pesa balance is M387.80 Reference: 315103084.",
    payment({
      provider: "mpesa",
      receipt: "5L956Z39DJ",
      amountMinor: 100,
      printedAt: maseru("2018-12-09T08:59"),
      newBalanceMinor: 38780,
      reference: "315103084",
      otherText: "Name",
    }),
  ),
  mpesa(
    "M2",
    "08XX0TESTA57 Confirmed. on 10/4/26 at 5:57 PM M20.00 received from 26650000102 - Palesa Sample 26650000102.New M-Pesa balance is M1,204.55 Reference: 0252SHG.",
    payment({
      provider: "mpesa",
      receipt: "08XX0TESTA57",
      amountMinor: 2000,
      payerPhone: "26650000102",
      printedAt: maseru("2026-04-10T17:57"),
      newBalanceMinor: 120455,
      reference: "0252SHG",
      otherText: "Palesa Sample",
    }),
  ),
  mpesa(
    "M3",
    "08XX0TESTB58 Confirmed. on 17/9/24 at 1:25 PM M13,450.25 received from 26650000103 - Neo Sample 26650000103.New M-Pesa balance is M20,001.10 Reference: 0065 MAS.",
    payment({
      provider: "mpesa",
      receipt: "08XX0TESTB58",
      amountMinor: 1345025,
      payerPhone: "26650000103",
      printedAt: maseru("2024-09-17T13:25"),
      newBalanceMinor: 2000110,
      reference: "0065 MAS",
      otherText: "Neo Sample",
    }),
  ),
  mpesa(
    "M4",
    "TJK0XYZ1A2 Confirmed. on 11/4/2026 at 9:20 AM\nM135.50 received from 26650000104. New M-Pesa balance is M500.00.\nReference: 516000021\nRemark: 0252 SHG electricity",
    payment({
      provider: "mpesa",
      receipt: "TJK0XYZ1A2",
      amountMinor: 13550,
      payerPhone: "26650000104",
      printedAt: maseru("2026-04-11T09:20"),
      newBalanceMinor: 50000,
      reference: "516000021",
      remark: "0252 SHG electricity",
    }),
  ),
  mpesa(
    "M5",
    "QRS1CONF01 Confirmed. on 2/1/2026 at 12:30 PM M55.00 received from 26650000105. Reference: 111 Remark:0252SHG bill",
    payment({
      provider: "mpesa",
      receipt: "QRS1CONF01",
      amountMinor: 5500,
      payerPhone: "26650000105",
      printedAt: maseru("2026-01-02T12:30"),
      reference: "111",
      remark: "0252SHG bill",
    }),
  ),
  mpesa(
    "M6",
    "07XX0TESTC01 Confirmed. on 7/5/26 at 2:13 PM M501.00 received from 26650000106 - Lineo Sample. New M-Pesa balance is M2,501.00 Reference: plot 1101 MAS 1101 HH",
    payment({
      provider: "mpesa",
      receipt: "07XX0TESTC01",
      amountMinor: 50100,
      payerPhone: "26650000106",
      printedAt: maseru("2026-05-07T14:13"),
      newBalanceMinor: 250100,
      reference: "plot 1101 MAS 1101 HH",
      otherText: "Lineo Sample",
    }),
  ),
  mpesa(
    "M7",
    "07XX0TESTD02 Confirmed. on 7/5/26 at 2:13 PM M100.00 received from 26650000107 - Lineo Sample. New M-Pesa balance is M2,501.00",
    payment({
      provider: "mpesa",
      receipt: "07XX0TESTD02",
      amountMinor: 10000,
      payerPhone: "26650000107",
      printedAt: maseru("2026-05-07T14:13"),
      newBalanceMinor: 250100,
      otherText: "Lineo Sample",
    }),
  ),
  mpesa(
    "M8",
    "M25.00 received from 26650000108. Reference 42",
    payment({ provider: "mpesa", amountMinor: 2500, payerPhone: "26650000108", reference: "42" }),
  ),
  mpesa("M9", "07XX0TESTE03 Confirmed. M100.00 sent to 26650000107 on 7/5/26", {
    kind: "outgoing",
    provider: "mpesa",
    receipt: "07XX0TESTE03",
    amountMinor: 10000,
    newBalanceMinor: null,
    printedAt: maseru("2026-05-07T00:00"),
  }),
  mpesa(
    "M10",
    "M40.00 received from 266 50 000 109. Remark: 0007 MAT",
    payment({ provider: "mpesa", amountMinor: 4000, payerPhone: "26650000109", remark: "0007 MAT" }),
  ),
];

const E1_WANT = payment({
  provider: "ecocash",
  receipt: "MP260618.0953.A90051",
  amountMinor: 2500,
  payerPhone: "26662000131",
  printedAt: maseru("2026-06-18T09:53"),
  newBalanceMinor: 741000,
  reference: "0119mat",
  otherText: "Tau Sample",
});

export const ECOCASH_SAMPLES: Sample[] = [
  ecocash(
    "E1",
    "You have received M25 from Tau Sample-62000131 for 0119mat. Approval Code: MP260618.0953.A90051. New wallet balance: M7410.0.",
    E1_WANT,
  ),
  ecocash(
    "E2",
    "You have received M25\nfrom Tau Sample-62000131\nfor 0119mat. Approval Code:\nMP260618.0953.A90051. New\nwallet balance: M7410.0.",
    E1_WANT,
  ),
  ecocash(
    "E3",
    "You have received M1,250.50 from Puleng Sample-62000132 for 0155 KET. Approval Code: MP260617.1012.B77812. New wallet balance: M8660.5.",
    payment({
      provider: "ecocash",
      receipt: "MP260617.1012.B77812",
      amountMinor: 125050,
      payerPhone: "26662000132",
      printedAt: maseru("2026-06-17T10:12"),
      newBalanceMinor: 866050,
      reference: "0155 KET",
      otherText: "Puleng Sample",
    }),
  ),
  ecocash(
    "E4",
    "You have received M30 from 26662000133 for 0007MAT. Reference: 88112233",
    payment({
      provider: "ecocash",
      receipt: "88112233",
      amountMinor: 3000,
      payerPhone: "26662000133",
      reference: "0007MAT",
    }),
  ),
  ecocash(
    "E5",
    "EcoCash: M80.00 received from 26662000134. Ref 998811. Remark: 1234MAT",
    payment({
      provider: "ecocash",
      receipt: "998811",
      amountMinor: 8000,
      payerPhone: "26662000134",
      remark: "1234MAT",
    }),
  ),
  ecocash(
    "E6",
    "EcoCash: M10.50 received from 266 62 000 135. Remark: 0100MAT electricity",
    payment({ provider: "ecocash", amountMinor: 1050, payerPhone: "26662000135", remark: "0100MAT electricity" }),
  ),
  ecocash(
    "E7",
    "Econet: M15.00 received from 26662000136. Remark: 0200MAT",
    payment({ provider: "ecocash", amountMinor: 1500, payerPhone: "26662000136", remark: "0200MAT" }),
  ),
  ecocash(
    "E8",
    "EC01TXN2XX Confirmed. on 15/4/2026 at 10:40 AM\nEcoCash: M160.00 received from 26662000137. New balance M410.00.\nReference: 1133557799\nRemark: 0046 MAT electricity",
    payment({
      provider: "ecocash",
      receipt: "EC01TXN2XX",
      amountMinor: 16000,
      payerPhone: "26662000137",
      printedAt: maseru("2026-04-15T10:40"),
      newBalanceMinor: 41000,
      reference: "1133557799",
      remark: "0046 MAT electricity",
    }),
  ),
  ecocash(
    "E9",
    "You have received M25 from Tau Sample-62000131. Approval Code: MP260618.0954.A90052.",
    payment({
      provider: "ecocash",
      receipt: "MP260618.0954.A90052",
      amountMinor: 2500,
      payerPhone: "26662000131",
      printedAt: maseru("2026-06-18T09:54"),
      otherText: "Tau Sample",
    }),
  ),
  ecocash(
    "an id in front of the amount",
    "EC77A1002 M15.00 received from 26662000136. Remark: 0200MAT",
    payment({
      provider: "ecocash",
      receipt: "EC77A1002",
      amountMinor: 1500,
      payerPhone: "26662000136",
      remark: "0200MAT",
    }),
  ),
];

const B8_WANT = payment({
  provider: "momo",
  receipt: "12345678",
  amountMinor: 10000,
  payerPhone: "2290197000124",
  otherText: "Vous avez de",
});

export const MOMO_SAMPLES: Sample[] = [
  momo(
    "B1",
    "Vous avez recu 5000 FCFA de 22997000122. ID transaction: QWE456RTY. Merci.",
    payment({
      provider: "momo",
      receipt: "QWE456RTY",
      amountMinor: 5000,
      payerPhone: "2290197000122",
      otherText: "Vous avez de . Merci",
    }),
  ),
  momo(
    "B2",
    "Montant: 10 000 FCFA de +229 97 00 11 22",
    payment({ provider: "momo", amountMinor: 10000, payerPhone: "2290197001122", otherText: "de" }),
  ),
  momo(
    "B3",
    "Montant: 2000 XOF. Motif: 0123GBO prepaid. de 22996000456",
    payment({
      provider: "momo",
      amountMinor: 2000,
      payerPhone: "2290196000456",
      remark: "0123GBO prepaid",
      otherText: "de",
    }),
  ),
  momo(
    "B4",
    "Vous avez reçu 1 500 FCFA de AYABA SAMPLE (22901 97000123). Motif: 0045SAM. ID transaction: 5512340987. Nouveau solde: 88 250 FCFA.",
    payment({
      provider: "momo",
      receipt: "5512340987",
      amountMinor: 1500,
      payerPhone: "2290197000123",
      newBalanceMinor: 88250,
      remark: "0045SAM",
      otherText: "Vous avez de AYABA SAMPLE",
    }),
  ),
  momo(
    "B5",
    "Vous avez reçu 1 500 FCFA de 2290197000123. Réf: MP0099. Motif : 45 SAM",
    payment({
      provider: "momo",
      receipt: "MP0099",
      amountMinor: 1500,
      payerPhone: "2290197000123",
      remark: "45 SAM",
      otherText: "Vous avez de",
    }),
  ),
  momo(
    "B6",
    "You have received 2500 XOF from 22966000789. Transaction ID: 7788990011. Message: 0190GBO",
    payment({
      provider: "momo",
      receipt: "7788990011",
      amountMinor: 2500,
      payerPhone: "2290166000789",
      remark: "0190GBO",
      otherText: "You have from",
    }),
  ),
  momo(
    "B7",
    "Paiement de 500 FCFA effectue par 97000125. Ref. 4455667788 Libellé: 0201GBO",
    payment({
      provider: "momo",
      receipt: "4455667788",
      amountMinor: 500,
      payerPhone: "2290197000125",
      remark: "0201GBO",
      otherText: "effectue par",
    }),
  ),
  momo("B8 with a no-break space", "Vous avez reçu 10\u00a0000 FCFA de 22997000124 ID: 12345678", B8_WANT),
  momo("B8 with a narrow no-break space", "Vous avez reçu 10\u202f000\u202fFCFA de 22997000124 ID: 12345678", B8_WANT),
  momo("B8 with a comma", "Vous avez reçu 10,000 FCFA de 22997000124 ID: 12345678", B8_WANT),
  momo("B8 with a point", "Vous avez reçu 10.000 FCFA de 22997000124 ID: 12345678", B8_WANT),
  momo("B9", "Vous avez transféré 3000 FCFA à 22997000126. ID: 99887766", {
    kind: "outgoing",
    provider: "momo",
    receipt: "99887766",
    amountMinor: 3000,
    newBalanceMinor: null,
    printedAt: null,
  }),
  momo("B10", "Bonjour, votre forfait internet expire bientôt", { kind: "unparsed", because: "not_a_receipt" }),
];
