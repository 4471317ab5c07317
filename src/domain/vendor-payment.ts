import { wholeUnits } from "./decimal.ts";
import { accountOfCode } from "./vendor-reading.ts";
import { vendorInstant } from "./vendor-time.ts";

/** A line of a platform's list of payments, as it was found. */
export type PaymentRow = {
  id: string | null | undefined;
  externalId: string | number | null | undefined;
  code: string | null | undefined;
  serial: string | null | undefined;
  amount: string | number | null | undefined;
  /** Null: the list has only the country's own. */
  currency: string | null | undefined;
  memo: string | null | undefined;
  status: string | null | undefined;
  type: string | null | undefined;
  at: string | null | undefined;
};

/** A credit as the platform's own list has it, whoever made it: we, the old system, or a person at the vendor's console. */
export type PlatformPayment = {
  /** One name for ever: the vendor's number of it, and where it has none its external id, or its content. */
  key: string;
  vendorId: string | null;
  externalId: string | null;
  /** The account that its code names; null: no account's code. */
  customerCode: string | null;
  serial: string | null;
  /** Below zero in a reversal. */
  amountMinor: number;
  memo: string | null;
  /** As the vendor writes it, in lower case: "processed", "pending", "reversed". */
  status: string;
  isReversal: boolean;
  /** UTC ms. */
  at: number;
};

const some = (text: string | number | null | undefined) => {
  const clean = String(text ?? "").trim();
  return clean === "" || clean === "None" ? null : clean;
};

/** Why a line is left out: another country's money is nobody's here. */
export type PaymentLeftOut = "unreadable" | "other_currency";

export function readPayment(row: PaymentRow, currency: string, minorDigits: 0 | 2): PlatformPayment | PaymentLeftOut {
  if (row.currency !== null && row.currency !== undefined && row.currency !== currency) return "other_currency";
  const at = row.at ? vendorInstant(row.at) : null;
  const amount = row.amount === null || row.amount === undefined ? null : wholeUnits(row.amount, minorDigits);
  if (at === null || amount === null) return "unreadable";
  const [vendorId, externalId, serial] = [some(row.id), some(row.externalId), some(row.serial)?.toUpperCase() ?? null];
  const isReversal = /revers/i.test(row.type ?? "") || amount < 0;
  const amountMinor = isReversal ? -Math.abs(amount) : amount;
  const customerCode = accountOfCode(row.code);
  const who = customerCode ?? serial ?? "nobody";
  return {
    key: vendorId ?? (externalId === null ? `${who}|${at}|${amountMinor}` : `external:${externalId}`),
    vendorId,
    externalId,
    customerCode,
    serial,
    amountMinor,
    memo: some(row.memo),
    status: (row.status ?? "processed").trim().toLowerCase(),
    isReversal,
    at,
  };
}
