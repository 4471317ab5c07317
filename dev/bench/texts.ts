/** The SMS of a run, made before the clock starts; the same seed gives the same texts. */
import { CHATTER, type SampleOperator, SampleTill } from "../samples.ts";

export type BenchSms = { from: string; content: string; sentAt: number };
export type Expected = { receipt: string; account: string; amountMinor: number };
export type Texts = {
  /** By phone id, in the order in which the phone got them. */
  byPhone: Map<string, BenchSms[]>;
  payments: Expected[];
  repeats: number;
  noise: number;
  sms: number;
};

/** Two phones of each till share its texts; both tills' balances are chains. */
export const TILLS: readonly { tillId: string; operator: SampleOperator; phones: readonly [string, string] }[] = [
  { tillId: "bench-till-north", operator: "mpesa", phones: ["bench-north-a", "bench-north-b"] },
  { tillId: "bench-till-south", operator: "ecocash", phones: ["bench-south-a", "bench-south-b"] },
];

const SITES = ["MAK", "MAS", "SHG", "MAT", "KET"];
export const accountAt = (n: number) => `${String(n + 1).padStart(4, "0")}${SITES[n % SITES.length]}`;
export const accountsOf = (count: number) => Array.from({ length: count }, (_, n) => accountAt(n));

/** Of the SMS, the share that is no payment; and of the payments, the share that comes a second time. */
const NOISE_SHARE = 0.2;
const REPEAT_SHARE = 0.1;
/** Between two repeats of one text: the other phone had it a little later. */
const REPEAT_LATE = 5;
/** Whole maloti, so that a balance in watt-hours is exact. */
const AMOUNT_MINOR_MIN = 500;
const AMOUNT_STEPS = 60;
const AMOUNT_STEP_MINOR = 500;
const OPENING_MINOR = 50_000_000;
/** The texts are spread over so long a time before now. */
const SPREAD_MS = 45 * 60_000;

type Options = { sms: number; seed: number; accounts: readonly string[]; now: number; noiseShare?: number };

/** `sms` texts, a fifth of them noise, and on top of them the repeats of a tenth of the payments. */
export function makeTexts({ sms, seed, accounts, now, noiseShare = NOISE_SHARE }: Options): Texts {
  const draw = randomFrom(seed);
  const tills = TILLS.map((till, index) => ({
    ...till,
    sample: new SampleTill({ operator: till.operator, seed: seed * 10 + index, balanceMinor: OPENING_MINOR }),
  }));
  const byPhone = new Map<string, BenchSms[]>(TILLS.flatMap(({ phones }) => phones.map((phone) => [phone, []])));
  const payments: Expected[] = [];
  const noise = Math.round(sms * noiseShare);
  const repeatEvery = Math.round(1 / REPEAT_SHARE);
  const late: { phone: string; sms: BenchSms; at: number }[] = [];
  let repeats = 0;
  for (let n = 0; n < sms; n++) {
    const till = tills[n % tills.length] ?? tills[0];
    if (till === undefined) break;
    const at = now - SPREAD_MS + Math.floor((n / sms) * SPREAD_MS);
    const isFirst = draw() < 0.5;
    const [phone, other] = isFirst ? till.phones : [till.phones[1], till.phones[0]];
    // Spread evenly, so that the count is exact.
    const isNoise = Math.floor(((n + 1) * noise) / sms) > Math.floor((n * noise) / sms);
    if (isNoise) {
      byPhone.get(phone)?.push({ ...noiseSms(till, draw, at), sentAt: at });
    } else {
      const amountMinor = AMOUNT_MINOR_MIN + Math.floor(draw() * AMOUNT_STEPS) * AMOUNT_STEP_MINOR;
      const account = accounts[Math.floor(draw() * accounts.length)] ?? accountAt(0);
      const made = till.sample.pay({ account, amountMinor, at });
      const text = { ...made.sms, sentAt: at };
      byPhone.get(phone)?.push(text);
      payments.push({ receipt: made.payment.receipt, account, amountMinor });
      if (payments.length % repeatEvery === 0) {
        late.push({ phone: other, sms: text, at: n + REPEAT_LATE });
        repeats += 1;
      }
    }
    for (let next = late[0]; next !== undefined && (next.at <= n || n === sms - 1); next = late[0]) {
      byPhone.get(next.phone)?.push(next.sms);
      late.shift();
    }
  }
  return { byPhone, payments, repeats, noise, sms: sms + repeats };
}

/** Chatter and promotions as they are, and every third time a withdrawal. */
function noiseSms(till: { operator: SampleOperator; sample: SampleTill }, draw: () => number, at: number) {
  if (draw() < 1 / 3) return till.sample.payOut(1_000 + Math.floor(draw() * 20) * 500, at);
  const chatter = CHATTER[till.operator];
  return chatter[Math.floor(draw() * chatter.length)] ?? { from: "Vodacom", content: "Dial *100#." };
}

/** mulberry32. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
