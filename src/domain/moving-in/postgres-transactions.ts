import type { Country } from "../country.ts";
import { wholeUnits } from "../decimal.ts";
import type { LegacyKind } from "../legacy.ts";
import { canonicalReceipt } from "../receipt.ts";
import type { NotTakenReason } from "./not-taken.ts";
import { accountOfCountry } from "./old-account.ts";
import type { PostgresRow } from "./postgres-records.ts";

const WH_DECIMALS = 3;
const OLD_DECIMALS = 4;
export const TRANSACTION_TABLE = "transactions";
const FEES = new Set(["connection_fee", "readyboard_fee"]);
/** What these wrote was no customer's payment: a balance that was made to agree, or money that had come before. */
const NO_PAYMENT: Readonly<Record<string, LegacyKind>> = {
  balance_seed: "correction",
  opening_anchor: "correction",
  manual_contract_credit_convert: "correction",
  sms_gateway_contract: "fee",
  sandbox: "unknown",
};
const PLATFORMS = new Set(["koios", "thundercloud", "steamaco"]);

/** A row of `transactions` as it was read, before anything is decided. */
export type PostgresTransaction = {
  table: typeof TRANSACTION_TABLE;
  id: number;
  /** In its one spelling where it is an account, else as it stands there. */
  account: string | null;
  /** Why its account is none that comes over, whatever the registers say. */
  accountFault: NotTakenReason | null;
  /** Wall time of the country, to the second. */
  wallMs: number | null;
  kind: LegacyKind;
  isPayment: boolean;
  amountMinor: number | null;
  /** Of consumption what the column of money holds; null: the old books do not know it. */
  energyWh: number | null;
  receipt: string | null;
  payerPhone: string | null;
  source: string;
  /** What tells two rows of one account and second apart: cents of a payment, else ten-thousandths. */
  size: number | null;
};

/** Null where money or energy is no number. */
export function readPostgresTransaction(row: PostgresRow, country: Country): PostgresTransaction | null {
  const [amount, kwh] = [row.transaction_amount ?? null, row.kwh_value ?? null];
  const isPayment = row.is_payment === "true" || row.is_payment === "t";
  const kwhWh = kwh === null ? null : wholeUnits(kwh, WH_DECIMALS);
  const minor = amount === null ? null : wholeUnits(amount, country.minorDigits);
  const size = amount === null ? null : wholeUnits(amount, OLD_DECIMALS);
  if ((kwh !== null && kwhWh === null) || (amount !== null && (minor === null || size === null))) return null;
  const source = row.source ?? "";
  // Without energy of its own, a row that is no payment has the energy used in the column of money.
  const isConsumption = row.is_payment !== null && !isPayment && (kwh === null || wholeUnits(kwh, OLD_DECIMALS) === 0);
  const given = FEES.has(row.payment_category ?? "") ? "fee" : NO_PAYMENT[source];
  const kind = given ?? (isPayment ? "payment" : isConsumption ? "consumption" : "unknown");
  const written = row.account_number?.trim() || null;
  const account = written === null ? { account: null } : accountOfCountry(written, country);
  const epoch = row.epoch ?? null;
  const receipt = canonicalReceipt(row.payment_reference ?? "");
  return {
    table: TRANSACTION_TABLE,
    id: Number(row.id),
    account: "account" in account ? account.account : written,
    accountFault: "reason" in account ? account.reason : null,
    wallMs: epoch === null ? null : Number(epoch) * 1_000 + country.utcOffsetMinutes * 60_000,
    kind,
    isPayment,
    amountMinor: kind === "consumption" ? null : minor,
    energyWh: kind === "consumption" ? (amount === null ? null : wholeUnits(amount, WH_DECIMALS)) : kwhWh,
    // A word without a digit is no operator's receipt: many payments would share it.
    receipt: receipt === null || !/\d/.test(receipt) ? null : receipt,
    payerPhone: row.sms_payer_phone ?? null,
    source,
    size: isPayment ? minor : size,
  };
}

export const isOfPlatform = ({ source }: PostgresTransaction) => PLATFORMS.has(source);
