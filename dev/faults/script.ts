/** What happens in one seed: its texts, who brings which and in what order, the other roads, and what staff do. */
import { CHATTER, type SamplePayment, type SampleSms, SampleTill } from "../samples.ts";
import { ACCOUNTS_PER_SEED, accountName, phoneName, tillName } from "./names.ts";
import { type Rests, restsOf } from "./rests.ts";
import { type Draw, drawFrom } from "./seeded.ts";

export type PhoneKey = "a" | "b" | "c";
const PHONES = ["a", "b", "c"] as const satisfies [PhoneKey, ...PhoneKey[]];
const MINUTE_MS = 60_000;
const PAYMENTS_MIN = 9;
const PAYMENTS_SPREAD = 5;
/** Amounts of a seed differ, so that none is taken for the twin of another. */
const AMOUNT_MIN = 1_100;
const AMOUNT_STEP = 130;

export type Text = SampleSms & {
  what: "payment" | "conflict" | "without receipt" | "withdrawal" | "reversal" | "noise" | "poison";
  receipt: string | null;
};
/** A phone stores these texts together and then polls. */
export type Delivery = { phone: PhoneKey; texts: number[] };
export type Stated = {
  road: "webhook of a provider" | "webhook of the old system" | "by hand";
  reference: string;
  receipt: string;
  provider: "mpesa" | "ecocash";
  account: string;
  amountMinor: number;
  actor: string;
};
export type StaffMove = {
  what: "assign" | "split" | "treasury" | "returned" | "reverse" | "unblock";
  receipt: string;
  accounts: string[];
  /** Acts on what was true before, and must be refused. */
  stale: boolean;
  actor: string;
};

/** What is known of a receipt before anything happens: where its money may end. */
export type Expected = {
  receipt: string;
  /** Of whichever sighting comes first. */
  amounts: number[];
  /** Accounts that a road may credit by itself. */
  accounts: string[];
  mayWait: boolean;
  staff: boolean;
  reversed: boolean;
};

export type Script = {
  seed: number;
  place: number;
  till: string;
  phones: Record<PhoneKey, string>;
  accounts: {
    account: string;
    phone: string;
    status: "live" | "terminated";
    thing: string | null;
    atVendor: boolean;
  }[];
  texts: Text[];
  deliveries: Delivery[];
  /** Texts that the old system's mirror brings, too. */
  mirrored: number[];
  stated: Stated[];
  staff: StaffMove[];
  /** A text without a receipt, for which somebody types this one. */
  typed: { receipt: string; account: string; amountMinor: number; text: number } | null;
  expected: Expected[];
  rests: Rests;
  /** The M-Pesa chain has one text that no phone ever gets. */
  textLost: boolean;
};

const TERMINATED = 6;
/** From this one on the meters and wallets of the living are on the vendor's platform. */
const AT_VENDOR = 4;
const LIVE = 6;
const isAtVendor = (index: number) => index >= AT_VENDOR && index < LIVE;
const UNKNOWN_ACCOUNT = "9999MAK";

export function writeScript(seed: number, place: number, at: number): Script {
  const draw = drawFrom(seed);
  const accounts = Array.from({ length: ACCOUNTS_PER_SEED - 1 }, (_, index) => ({
    account: accountName(place, index),
    phone: `2665${1_000_000 + place * ACCOUNTS_PER_SEED + index}`,
    status: index === TERMINATED ? ("terminated" as const) : ("live" as const),
    thing: isAtVendor(index) ? null : `F-${place}-${index}`,
    atVendor: isAtVendor(index),
  }));
  const live = accounts.slice(0, LIVE).map(({ account }) => account);
  const terminated = accounts[TERMINATED]?.account ?? "";
  const writer = new Writer(seed, at, draw, live, terminated);
  writer.write();
  return {
    seed,
    place,
    till: tillName(place),
    phones: { a: phoneName(place, "a"), b: phoneName(place, "b"), c: phoneName(place, "c") },
    accounts,
    texts: writer.texts,
    deliveries: deliveriesOf(draw, writer.texts.length, writer.lost),
    mirrored: writer.mirrored,
    stated: writer.stated,
    staff: writer.staff,
    typed: writer.typed,
    rests: restsOf(seed, live),
    expected: [...writer.expected.values()],
    textLost: writer.lost !== null,
  };
}

class Writer {
  readonly texts: Text[] = [];
  readonly stated: Stated[] = [];
  readonly staff: StaffMove[] = [];
  readonly mirrored: number[] = [];
  readonly expected = new Map<string, Expected>();
  typed: Script["typed"] = null;
  lost: number | null = null;
  #n = 0;
  readonly #seed: number;
  readonly #at: number;
  readonly #draw: Draw;
  readonly #live: string[];
  readonly #terminated: string;
  readonly #mpesa: SampleTill;
  readonly #ecocash: SampleTill;

  constructor(seed: number, at: number, draw: Draw, live: string[], terminated: string) {
    this.#seed = seed;
    this.#at = at;
    this.#draw = draw;
    this.#live = live;
    this.#terminated = terminated;
    this.#mpesa = new SampleTill({ operator: "mpesa", seed, balanceMinor: 40_000 + draw.below(9_000) });
    this.#ecocash = new SampleTill({ operator: "ecocash", seed, balanceMinor: 90_000 + draw.below(9_000) });
  }

  write() {
    const draw = this.#draw;
    const count = PAYMENTS_MIN + draw.below(PAYMENTS_SPREAD);
    for (let n = 0; n < count; n++) {
      this.#payment();
      if (draw.chance(0.15)) this.#add(this.#mpesa.payOut(500 + draw.below(4) * 100, this.#time()), "withdrawal", null);
      if (draw.chance(0.15)) this.#add(draw.pick([noise(draw)]), "noise", null);
    }
    this.#add(poison(draw), "poison", null);
    if (draw.chance(0.5)) this.#withoutReceipt();
    if (draw.chance(0.4)) this.#reversal();
    const clean = this.texts.findIndex(({ what }, index) => what === "payment" && index > 3);
    // Only one that a text follows and precedes leaves a gap, and only its own receipt is unknown then.
    if (draw.chance(0.25) && clean > 0) this.#lose(clean);
  }

  #payment() {
    const draw = this.#draw;
    const account = draw.pick(this.#live as [string, ...string[]]);
    const other = this.#live.find((each) => each !== account) ?? account;
    const kind = draw.pick(["token", "token", "token", "token", "none", "two", "closed", "unknown", "conflict"]);
    const written = {
      token: account,
      conflict: account,
      none: null,
      two: `${account} ${other}`,
      closed: this.#terminated,
      unknown: UNKNOWN_ACCOUNT,
    }[kind];
    const { sms, payment } = this.#pay(written ?? null, kind === "conflict" || draw.chance(0.2));
    const own = kind === "token" || kind === "conflict" ? [account] : [];
    const expected: Expected = {
      receipt: payment.receipt,
      amounts: [payment.amountMinor],
      accounts: own,
      mayWait: own.length === 0,
      staff: false,
      reversed: false,
    };
    this.expected.set(payment.receipt, expected);
    const index = this.#add(sms, "payment", payment.receipt);
    if (draw.chance(0.15)) this.mirrored.push(index);
    if (kind === "conflict") this.#conflict(expected, payment, account);
    if (draw.chance(0.35)) this.#state(expected, payment, draw.chance(0.8) ? account : other);
    if (draw.chance(0.1)) this.#state(expected, payment, account);
    if (draw.chance(0.3)) this.#moves(expected, account, other);
  }

  #pay(account: string | null, byEcocash: boolean) {
    const till = byEcocash ? this.#ecocash : this.#mpesa;
    const amountMinor = AMOUNT_MIN + AMOUNT_STEP * this.#n;
    const phone = `266${byEcocash ? "6" : "5"}${9_000_000 + this.#draw.below(900_000)}`;
    this.#n += 1;
    return till.pay({ account, amountMinor, at: this.#time(), phone });
  }

  /** The same receipt with another amount, by a text of the other kind or by a road. */
  #conflict(expected: Expected, payment: SamplePayment, account: string) {
    const other = payment.amountMinor + 1;
    expected.amounts.push(other);
    if (this.#draw.chance(0.5)) return this.#state(expected, { ...payment, amountMinor: other }, account);
    const till = new SampleTill({ operator: "ecocash", seed: this.#seed, balanceMinor: 1 });
    const { sms } = till.pay({ ...payment, amountMinor: other, balanceMinor: payment.balanceMinor + 1 });
    this.#add(sms, "conflict", payment.receipt);
  }

  #state(expected: Expected, payment: SamplePayment, account: string) {
    const draw = this.#draw;
    if (!expected.accounts.includes(account)) expected.accounts.push(account);
    const road = draw.pick(["webhook of a provider", "webhook of the old system", "by hand"] as const);
    this.stated.push({
      road,
      reference: spelled(draw, payment.receipt),
      receipt: payment.receipt,
      provider: payment.receipt.startsWith("MP") ? "ecocash" : "mpesa",
      account: draw.chance(0.5) ? account : account.toLowerCase(),
      amountMinor: payment.amountMinor,
      actor: draw.pick(["thabo", "palesa"]),
    });
  }

  #moves(expected: Expected, account: string, other: string) {
    const draw = this.#draw;
    expected.staff = true;
    const count = 1 + draw.below(3);
    for (let n = 0; n < count; n++)
      this.staff.push({
        what: draw.pick(["assign", "assign", "split", "treasury", "returned", "reverse"] as const),
        receipt: expected.receipt,
        accounts: draw.shuffle([account, other]),
        stale: draw.chance(0.3),
        actor: draw.pick(["thabo", "palesa"]),
      });
  }

  #withoutReceipt() {
    const { sms, payment } = this.#pay(this.#draw.pick(this.#live as [string, ...string[]]), false);
    const text = this.#add(
      { ...sms, content: sms.content.replace(/^.*? (?=M[\d,.]+ received)/, "") },
      "without receipt",
      null,
    );
    const receipt = `TYPED${this.#seed}X${this.#n}`;
    this.typed = { receipt, account: payment.account ?? "", amountMinor: payment.amountMinor, text };
    const accounts = payment.account === null ? [] : [payment.account];
    const amounts = [payment.amountMinor];
    this.expected.set(receipt, { receipt, amounts, accounts, mayWait: false, staff: false, reversed: false });
  }

  #reversal() {
    const draw = this.#draw;
    const { sms, payment } = this.#pay(draw.pick(this.#live as [string, ...string[]]), false);
    this.#add(sms, "payment", payment.receipt);
    const accounts = payment.account === null ? [] : [payment.account];
    this.expected.set(payment.receipt, {
      receipt: payment.receipt,
      amounts: [payment.amountMinor],
      accounts,
      mayWait: true,
      staff: true,
      reversed: true,
    });
    const out = this.#mpesa.payOut(payment.amountMinor, this.#time());
    const content = out.content.replace(
      / Confirmed\. M([\d,.]+) sent to \S+ on /,
      ` Confirmed. Reversal of transaction ${payment.receipt}. M$1 was reversed on `,
    );
    this.#add({ ...out, content }, "reversal", payment.receipt);
    if (draw.chance(0.5))
      this.staff.push({ what: "unblock", receipt: payment.receipt, accounts: [], stale: false, actor: "palesa" });
  }

  #lose(index: number) {
    const receipt = this.texts[index]?.receipt ?? "";
    const isPlain =
      !this.stated.some((each) => each.receipt === receipt) &&
      !this.mirrored.includes(index) &&
      this.texts.slice(0, index).some(isLink) &&
      this.texts.slice(index + 1).some(isLink) &&
      !receipt.startsWith("MP") &&
      this.texts.filter((each) => each.receipt === receipt).length === 1;
    if (!isPlain) return;
    this.lost = index;
    this.expected.delete(receipt);
    const kept = this.staff.filter((move) => move.receipt !== receipt);
    this.staff.splice(0, this.staff.length, ...kept);
  }

  #add(sms: SampleSms, what: Text["what"], receipt: string | null): number {
    return this.texts.push({ ...sms, what, receipt }) - 1;
  }

  #time(): number {
    return this.#at - (40 - this.texts.length) * MINUTE_MS;
  }
}

/** A text of the M-Pesa chain. */
const isLink = ({ content }: Text) => content.includes("M-Pesa balance is");

/** Who brings what: every text but a lost one reaches one phone at least, some reach several, some one phone twice. */
function deliveriesOf(draw: Draw, texts: number, lost: number | null): Delivery[] {
  const of: Record<PhoneKey, number[]> = { a: [], b: [], c: [] };
  for (let text = 0; text < texts; text++) {
    if (text === lost) continue;
    of[draw.pick(PHONES)].push(text);
    for (const phone of PHONES) if (draw.chance(0.25)) of[phone].push(text);
  }
  return PHONES.flatMap((phone) => {
    const left = draw.chance(0.3) ? of[phone] : draw.shuffle(of[phone]);
    const deliveries: Delivery[] = [];
    while (left.length > 0) deliveries.push({ phone, texts: left.splice(0, 1 + draw.below(7)) });
    return deliveries;
  });
}

/** As people and programs write a receipt. */
function spelled(draw: Draw, receipt: string): string {
  const written = draw.pick([receipt, receipt.toLowerCase(), ` ${receipt} `, `${receipt}.`]);
  return draw.chance(0.2) ? `${written.slice(0, 5)} ${written.slice(5)}` : written;
}

function noise(draw: Draw): SampleSms {
  return draw.pick([...CHATTER.mpesa, ...CHATTER.ecocash] as [SampleSms, ...SampleSms[]]);
}

function poison(draw: Draw): SampleSms {
  const content = draw.pick([
    "x".repeat(10_000),
    "QK7NUL\u0000 Confirmed. M1.00 received from\u0000",
    "🔌".repeat(300),
    "'); DROP TABLE payments; --",
    "QK7WRONG1 Confirmed. on 99/99/99 at 99:99 XX M1,0,0.0.0 received from nobody",
    "\ud800 half a pair",
    '{"messages":[{"id":null}]}',
  ]);
  return { from: "MPESA", content };
}
