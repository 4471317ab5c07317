import { canonicalAccount } from "./account.ts";
import type { Provider } from "./claim.ts";
import type { Country, Currency } from "./country.ts";
import { AMOUNT_MINOR_MAX, divideHalfEven } from "./money.ts";
import { canonicalPhone } from "./phone.ts";
import { canonicalReceipt } from "./receipt.ts";
import { err, ok, type Result } from "./result.ts";

export type LegacyKind = "payment" | "fee" | "consumption" | "correction" | "unknown";

/** One row of the old system's history. */
export type LegacyTransaction = {
  source: string;
  /** Unique within its source: the two together name the row for ever. */
  sourceId: string;
  kind: LegacyKind;
  /** Canonical where it has that shape, else as it stood there. */
  account: string | null;
  amountMinor: number | null;
  currency: Currency;
  energyWh: number | null;
  /** UTC ms; null where the row has none, or one that cannot be believed. */
  paidAt: number | null;
  receipt: string | null;
  payerPhone: string | null;
};

/** A row as a file has it: text by the name of its column. */
export type LegacyRow = Readonly<Record<string, string | null | undefined>>;
export type LegacyFault = { field: string; value: string; expected: string };
export type LegacyRead = { transaction: LegacyTransaction; provider: Provider; dateDoubted: boolean };

/** Columns by their own name first, then as exports of the old system and of its Access files name them. */
const COLUMNS = {
  source: ["source"],
  sourceId: ["source_id", "id"],
  account: ["account", "account_number", "accountnumber"],
  amount: ["amount", "transaction_amount", "transaction amount"],
  paidAt: ["paid_at", "transaction_date", "transaction date"],
  receipt: ["receipt", "payment_reference"],
  payerPhone: ["payer_phone", "sms_payer_phone"],
  kind: ["kind"],
  isPayment: ["is_payment", "payment"],
  category: ["payment_category"],
  kwh: ["kwh", "kwh_value", "kwh value"],
  provider: ["provider"],
} as const;
const FEES = new Set(["connection_fee", "readyboard_fee"]);
const KINDS: ReadonlySet<string> = new Set<LegacyKind>(["payment", "fee", "consumption", "correction", "unknown"]);
const PROVIDERS: ReadonlySet<string> = new Set<Provider>(["mpesa", "ecocash", "momo", "cash"]);

const NAME_CHARS_MAX = 80;
const ECHO_CHARS_MAX = 60;
const DECIMAL = /^(-?)(\d{1,13})(?:\.(\d{1,20}))?$/;
const INSTANT =
  /^(\d{4})-(\d{2})-(\d{2})(?:[ T](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?)? ?(Z|[+-]\d{2}(?::?\d{2})?)?$/;
const WH_DIGITS = 3;
/** No utility of ours is older; an earlier date is an empty cell of some program. */
export const BELIEVED_FROM = Date.UTC(2010, 0, 1);
const PAID_AHEAD_MS_MAX = 12 * 3_600_000;

/**
 * Reads a row of the old books strictly: what is filled in and does not read is a fault that names its field, so that
 * nothing is dropped in silence. An empty cell is null. `now` tells a date that has not come yet.
 */
export function readLegacyRow(
  row: LegacyRow,
  country: Country,
  defaultSource: string,
  now: number,
): Result<LegacyRead, LegacyFault> {
  const text = (column: keyof typeof COLUMNS): string =>
    COLUMNS[column].map((name) => row[name]?.trim() ?? "").find((value) => value !== "") ?? "";
  const fault = (column: keyof typeof COLUMNS, expected: string) =>
    err({ field: COLUMNS[column][0], value: text(column).slice(0, ECHO_CHARS_MAX), expected });

  const source = text("source") || defaultSource;
  const sourceId = text("sourceId");
  if (source === "" || source.length > NAME_CHARS_MAX) return fault("source", "the table or file the row stood in");
  if (sourceId === "" || sourceId.length > NAME_CHARS_MAX) return fault("sourceId", "the row's number in its source");
  const kind = kindOf(text("kind"), text("isPayment"), text("category"), text("kwh"));
  if (kind === null) return fault("kind", "payment, fee, consumption, correction or unknown");
  const amount = decimal(text("amount"), kind === "consumption" ? WH_DIGITS : country.minorDigits);
  if (amount === "unreadable") return fault("amount", "a number such as 25.00");
  const kwh = decimal(text("kwh"), WH_DIGITS);
  if (kwh === "unreadable") return fault("kwh", "a number such as 4.0");
  const at = instant(text("paidAt"), country);
  if (at === "unreadable") return fault("paidAt", "an instant such as 2025-10-16 14:05:00, local or with its offset");
  const named = text("provider").toLowerCase();
  if (named !== "" && !PROVIDERS.has(named)) return fault("provider", "mpesa, ecocash, momo or cash");
  const dateDoubted = at !== null && (at < BELIEVED_FROM || at > now + PAID_AHEAD_MS_MAX);
  const isEnergy = kind === "consumption";
  return ok({
    dateDoubted,
    provider: named === "" ? (country.operators[0] ?? "cash") : (named as Provider),
    transaction: {
      source,
      sourceId,
      kind,
      account: accountOf(text("account")),
      // Without energy of its own, such a row of the old books has the energy used in the column of money.
      amountMinor: isEnergy ? null : amount,
      currency: country.currency,
      energyWh: isEnergy && (kwh === null || kwh === 0) ? amount : kwh,
      paidAt: dateDoubted ? null : at,
      receipt: receiptOf(text("receipt")),
      payerPhone: phoneOf(text("payerPhone"), country),
    },
  });
}

/** A word without a digit ("cash", "paid at office") is no operator's receipt: many payments would share it. */
function receiptOf(text: string): string | null {
  const receipt = canonicalReceipt(text);
  return receipt === null || !/\d/.test(receipt) ? null : receipt;
}

function accountOf(text: string): string | null {
  if (text === "") return null;
  const account = canonicalAccount(text);
  return account.ok ? account.value : text.toUpperCase().slice(0, NAME_CHARS_MAX);
}

/** Old phones are of many shapes; the last eight digits are what is compared. */
function phoneOf(text: string, country: Country): string | null {
  const whole = text.replace(/\.0+$/, "");
  const digits = whole.replace(/\D/g, "");
  return canonicalPhone(whole, country) ?? (digits.length >= 6 && digits.length <= 15 ? digits : null);
}

/** Without a kind: a payment flag, as the old books had it; false with money and energy both filled means nobody knows. */
function kindOf(kind: string, isPayment: string, category: string, kwh: string): LegacyKind | null {
  if (FEES.has(category)) return "fee";
  if (kind !== "") return KINDS.has(kind) ? (kind as LegacyKind) : null;
  const flag = isPayment.toLowerCase();
  if (["true", "t", "1", "-1", "yes"].includes(flag) || flag === "") return "payment";
  if (!["false", "f", "0", "no"].includes(flag)) return null;
  return kwh === "" || Number(kwh) === 0 ? "consumption" : "unknown";
}

/** Whole units of the last of `digits` decimals, half to even: doubles of the old books carry binary noise. */
function decimal(text: string, digits: number): number | null | "unreadable" {
  if (text === "") return null;
  const match = DECIMAL.exec(text);
  if (match === null) return "unreadable";
  const [, sign, whole = "", decimals = ""] = match;
  const size = Number(divideHalfEven(BigInt(whole + decimals) * 10n ** BigInt(digits), 10n ** BigInt(decimals.length)));
  if (size > AMOUNT_MINOR_MAX) return "unreadable";
  return sign === "-" && size !== 0 ? -size : size;
}

/** An instant without an offset is the country's wall time. */
function instant(text: string, country: Country): number | null | "unreadable" {
  if (text === "") return null;
  const match = INSTANT.exec(text);
  if (match === null) return "unreadable";
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0));
  const ms = Number((match[7] ?? "").padEnd(3, "0").slice(0, 3));
  const wall = Date.UTC(year ?? 0, (month ?? 0) - 1, day, hour, minute, second, ms);
  // 31 February and 25 o'clock roll over: then it was no date.
  if (new Date(wall).toISOString().slice(0, 19) !== wallText(match)) return "unreadable";
  return wall - offsetMinutes(match[8], country) * 60_000;
}

const wallText = ([, y, mo, d, h = "00", mi = "00", s = "00"]: RegExpExecArray) => `${y}-${mo}-${d}T${h}:${mi}:${s}`;

function offsetMinutes(zone: string | undefined, country: Country): number {
  if (zone === undefined) return country.utcOffsetMinutes;
  if (zone === "Z") return 0;
  const size = Number(zone.slice(1, 3)) * 60 + Number(zone.replace(":", "").slice(3, 5) || 0);
  return zone.startsWith("-") ? -size : size;
}

/** How long after cut-over an undated payment is first looked for in the old books. */
export const UNDATED_DOUBT_MS = 30 * 86_400_000;

/** True when a payment that carries no date, received at `receivedAt`, may be one that the old system had credited. */
export const mayBeLegacy = (cutoverAt: number | null, receivedAt: number): boolean =>
  cutoverAt !== null && receivedAt >= cutoverAt && receivedAt < cutoverAt + UNDATED_DOUBT_MS;
