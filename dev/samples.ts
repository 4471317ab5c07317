/**
 * Operator texts as they reach a merchant's phone. People, numbers and receipts are invented. Web standards only, and
 * the same seed gives the same texts.
 */

export type SampleOperator = "mpesa" | "ecocash" | "momo";
export type SampleSms = { from: string; content: string };

export type SamplePayment = {
  /** As the payer typed it; null where the payer typed nothing. */
  account: string | null;
  amountMinor: number;
  receipt: string;
  /** The till's balance after the payment, minor units. */
  balanceMinor: number;
  /** International digits. */
  phone: string;
  name: string;
  /** UTC milliseconds; printed in the operator's zone. */
  at: number;
};

const SENDERS: Record<SampleOperator, string> = { mpesa: "MPESA", ecocash: "199", momo: "MobileMoney" };
/** Minutes the operator's zone is ahead of UTC. */
const OFFSET_MINUTES: Record<SampleOperator, number> = { mpesa: 120, ecocash: 120, momo: 60 };
const MINUTE_MS = 60_000;

/** One text that says a payment came in. */
export function paymentSms(operator: SampleOperator, payment: SamplePayment): SampleSms {
  const write = { mpesa: mpesaText, ecocash: ecocashText, momo: momoText }[operator];
  return { from: SENDERS[operator], content: write(payment) };
}

function mpesaText({ account, amountMinor, receipt, balanceMinor, phone, name, at }: SamplePayment): string {
  const t = clock(at, OFFSET_MINUTES.mpesa);
  const hour = t.hour % 12 === 0 ? 12 : t.hour % 12;
  const stamp = `${t.day}/${t.month}/${pad(t.year % 100)} at ${hour}:${pad(t.minute)} ${t.hour < 12 ? "AM" : "PM"}`;
  const reference = account === null ? "" : ` Reference: ${account}.`;
  const paid = `M${loti(amountMinor, 2)} received from ${phone} - ${name} ${phone}`;
  return `${receipt} Confirmed. on ${stamp} ${paid}.New M-Pesa balance is M${loti(balanceMinor, 2)}${reference}`;
}

function ecocashText({ account, amountMinor, receipt, balanceMinor, phone, name }: SamplePayment): string {
  const amount = amountMinor % 100 === 0 ? loti(amountMinor, 0) : loti(amountMinor, 2);
  const reason = account === null ? "" : ` for ${account}`;
  const from = `${name}-${phone.replace(/^266/, "")}`;
  const balance = loti(balanceMinor, 2).replaceAll(",", "").replace(/0$/, "");
  return `You have received M${amount} from ${from}${reason}. Approval Code: ${receipt}. New wallet balance: M${balance}.`;
}

function momoText({ account, amountMinor, receipt, balanceMinor, phone, name }: SamplePayment): string {
  const reason = account === null ? "" : ` Motif: ${account}.`;
  const paid = `Vous avez reçu ${spaced(amountMinor)} FCFA de ${name.toUpperCase()} (${phone}).`;
  return `${paid}${reason} ID transaction: ${receipt}. Nouveau solde: ${spaced(balanceMinor)} FCFA.`;
}

/** A receipt in the operator's own form; `n` makes it unique. EcoCash writes the time into it. */
export function sampleReceipt(operator: SampleOperator, n: number, at: number): string {
  if (operator === "momo") return String(5_000_000_000 + n);
  const t = clock(at, OFFSET_MINUTES[operator]);
  if (operator === "ecocash") {
    const time = `${pad(t.year % 100)}${pad(t.month)}${pad(t.day)}.${pad(t.hour)}${pad(t.minute)}`;
    return `MP${time}.A${String(10_000 + n).padStart(5, "0")}`;
  }
  return `${pad(t.month)}${pad(t.day)}T${n.toString(36).toUpperCase().padStart(7, "0")}`;
}

const FIRST_NAMES = ["Thabo", "Palesa", "Neo", "Lineo", "Puleng", "Tau", "Ayaba", "Koffi", "Sena", "Mpho"];

export type TillOptions = {
  operator: SampleOperator;
  /** Anything whole; another till takes another one, so that receipts differ. */
  seed: number;
  balanceMinor?: number;
};

/** One merchant line: its balances form a chain, and its receipts never repeat. */
export class SampleTill {
  readonly operator: SampleOperator;
  balanceMinor: number;
  #n: number;
  readonly #draw: () => number;

  constructor({ operator, seed, balanceMinor = 40_000 }: TillOptions) {
    this.operator = operator;
    this.balanceMinor = balanceMinor;
    this.#n = seed * 10_000;
    this.#draw = randomFrom(seed);
  }

  /** A customer pays. What is not given is drawn. */
  pay(given: Partial<SamplePayment> & { amountMinor: number; at: number }): { sms: SampleSms; payment: SamplePayment } {
    this.#n += 1;
    this.balanceMinor += given.amountMinor;
    const dial = this.operator === "momo" ? "22901" : "266";
    const prefix = { mpesa: "5", ecocash: "6", momo: "97" }[this.operator];
    const payment: SamplePayment = {
      account: null,
      receipt: sampleReceipt(this.operator, this.#n, given.at),
      phone:
        dial + prefix + String(Math.floor(this.#draw() * 10 ** (8 - prefix.length))).padStart(8 - prefix.length, "0"),
      name: `${FIRST_NAMES[Math.floor(this.#draw() * FIRST_NAMES.length)] ?? "Neo"} Sample`,
      balanceMinor: this.balanceMinor,
      ...given,
    };
    return { sms: paymentSms(this.operator, payment), payment };
  }

  /** The merchant pays out: no income, but the chain of balances moves. */
  payOut(amountMinor: number, at: number): SampleSms {
    this.#n += 1;
    this.balanceMinor -= amountMinor;
    const receipt = sampleReceipt(this.operator, this.#n, at);
    const t = clock(at, OFFSET_MINUTES[this.operator]);
    const content = {
      mpesa: `${receipt} Confirmed. M${loti(amountMinor, 2)} sent to 26650000107 on ${t.day}/${t.month}/${pad(t.year % 100)}. New M-Pesa balance is M${loti(this.balanceMinor, 2)}`,
      ecocash: `You have sent M${loti(amountMinor, 2)} to Neo Sample-62000140. Approval Code: ${receipt}. New wallet balance: M${loti(this.balanceMinor, 2)}.`,
      momo: `Vous avez transféré ${spaced(amountMinor)} FCFA à 22901970001. ID: ${receipt}. Nouveau solde: ${spaced(this.balanceMinor)} FCFA.`,
    }[this.operator];
    return { from: SENDERS[this.operator], content };
  }
}

/** Texts that are no payment at all. */
export const CHATTER: Record<SampleOperator, readonly SampleSms[]> = {
  mpesa: [
    { from: "26650000110", content: "Lumela ntate, motlakase o teng neng?" },
    { from: "Vodacom", content: "Buy 1GB for M25 today. Dial *100#." },
    { from: "26650000111", content: "BAL" },
    { from: "MPESA", content: "Your M-Pesa PIN was changed. If this was not you, call 100." },
  ],
  ecocash: [
    { from: "199", content: "EcoCash: your statement is ready. Dial *199#." },
    { from: "26662000141", content: "Please call me 🔌" },
  ],
  momo: [
    { from: "MTN", content: "Bonjour, votre forfait internet expire bientôt" },
    { from: "2290197000130", content: "Bonsoir, le courant est coupé depuis hier" },
  ],
};

function clock(at: number, offsetMinutes: number) {
  const local = new Date(at + offsetMinutes * MINUTE_MS);
  return {
    year: local.getUTCFullYear(),
    month: local.getUTCMonth() + 1,
    day: local.getUTCDate(),
    hour: local.getUTCHours(),
    minute: local.getUTCMinutes(),
  };
}

const pad = (n: number) => String(n).padStart(2, "0");
const grouped = (whole: number, separator: string) => String(whole).replace(/\B(?=(\d{3})+$)/g, separator);
const spaced = (whole: number) => grouped(whole, " ");

function loti(minor: number, decimals: 0 | 2): string {
  const sign = minor < 0 ? "-" : "";
  const whole = Math.abs(minor);
  return `${sign}${grouped(Math.trunc(whole / 100), ",")}${decimals === 0 ? "" : `.${pad(whole % 100)}`}`;
}

/** A small generator of even numbers between 0 and 1 (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
