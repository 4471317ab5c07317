import { may, type Permission, type Role } from "./permission.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** One spelling of an e-mail address, whoever types it; null: it is none. Kept short: it names its person in the audit. */
export const EMAIL_CHARS_MAX = 80;
export function canonicalEmail(typed: string): string | null {
  const email = typed.normalize("NFKC").trim().toLowerCase();
  return email.length <= EMAIL_CHARS_MAX && /^[^\s@,;"<>]+@[^\s@,;"<>]+\.[^\s@.,;"<>]+$/.test(email) ? email : null;
}

export const PASSWORD_CHARS = { staff: { min: 10, max: 200 }, customer: { min: 8, max: 200 } } as const;
/** Passwords that everybody tries first, and what everybody here would think of. */
const OBVIOUS = /^(.)\1*$|^(0?123456789\d*|abcdefgh\w*|qwerty\w*|password\d*|letmein\d*|1pwr\w*|welcome\d*)$/i;

/** What is wrong with a password that somebody wants; null: nothing. `own` is what others know of the person. */
export function passwordFault(
  whose: keyof typeof PASSWORD_CHARS,
  password: string,
  own: readonly string[],
): string | null {
  const { min, max } = PASSWORD_CHARS[whose];
  const length = [...password].length;
  if (length < min || length > max) return `a password of ${min} to ${max} characters`;
  const plain = password.toLowerCase();
  if (OBVIOUS.test(plain) || own.some((known) => known !== "" && plain === known.toLowerCase()))
    return "a password that is not the first that others would try";
  return null;
}

/** The same password, however the keyboard composed its letters. */
export const canonicalPassword = (typed: string) => typed.normalize("NFKC");

/** Who moves money, sets its price, erases, takes back or manages staff shows a second factor. */
const SECOND_FACTOR = [
  "money.write",
  "tariffs.write",
  "tables.erase",
  "personal.erase",
  "audit.revert",
  "staff.manage",
] as const satisfies Permission[];
export const needsSecondFactor = (roles: readonly Role[]) => SECOND_FACTOR.some((permission) => may(roles, permission));

/** How long a session lives: without a word, and at most. */
export const SESSION = {
  staff: { idleMs: 2 * HOUR_MS, totalMs: 12 * HOUR_MS },
  /** Between the password and the second factor. */
  pending: { idleMs: 10 * MINUTE_MS, totalMs: 10 * MINUTE_MS },
  customer: { idleMs: 14 * DAY_MS, totalMs: 90 * DAY_MS },
} as const;

/** A code proves that somebody holds the phone on file: eight digits, a few tries, a few codes. */
export const CLAIM_CODE = {
  digits: 8,
  livesMs: 10 * MINUTE_MS,
  tries: 5,
  perHour: 3,
  perDay: 6,
  countryPerHour: 120,
} as const;

export const INVITATION_MS = 3 * DAY_MS;
export const RECOVERY_CODES = 10;

/** After `free` failures one waits 1 s, then 2 s, 4 s, … at most `capMs`; failures are forgotten after `forgetMs`. */
export type AttemptKey = { key: string; free: number; capMs: number; forgetMs: number };
const RULES = {
  /** Whoever says to be this person, from anywhere that person never signed in from. */
  identity: { free: 4, capMs: 15 * MINUTE_MS, forgetMs: DAY_MS },
  /** Whoever has a browser that this person signed in with before: not held up by what strangers do. */
  device: { free: 9, capMs: 15 * MINUTE_MS, forgetMs: DAY_MS },
  /** One address may be an office, or a whole mobile network. */
  address: { free: 30, capMs: 2 * MINUTE_MS, forgetMs: HOUR_MS },
  /** Whoever asks for codes by SMS: each costs money. */
  code: { free: 10, capMs: 5 * MINUTE_MS, forgetMs: HOUR_MS },
  /** Whoever has the password already. */
  factor: { free: 4, capMs: 15 * MINUTE_MS, forgetMs: DAY_MS },
} as const;
export const attemptKey = (rule: keyof typeof RULES, name: string): AttemptKey => ({
  key: `${rule}:${name}`,
  ...RULES[rule],
});

/** Where a request comes from, as it is counted: of an IPv6 address the network, since one household has all of it. */
export function addressKey(address: string): string {
  if (!address.includes(":")) return address;
  const [head = "", tail = ""] = address.split("::", 2);
  const groups = head.split(":").filter((group) => group !== "");
  const after = address.includes("::") ? tail.split(":").filter((group) => group !== "") : [];
  const zeros = address.includes("::") ? Math.max(0, 8 - groups.length - after.length) : 0;
  const whole = [...groups, ...Array.from({ length: zeros }, () => "0"), ...after];
  return `${whole
    .slice(0, 4)
    .map((group) => group.toLowerCase().replace(/^0+(?=.)/, ""))
    .join(":")}::/64`;
}
