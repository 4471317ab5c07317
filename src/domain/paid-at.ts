const DAY_MS = 86_400_000;
/** A text's own date is believed within this window around server receipt; outside it a person looks. */
export const PAID_BEFORE_RECEIPT_MS_MAX = 90 * DAY_MS;
export const PAID_AFTER_RECEIPT_MS_MAX = 12 * 3_600_000;

export type PaidAt = { at: number; from: "text" | "server"; inWindow: boolean };

/**
 * A payment's instant, fixed at the first claim: the printed one when it lies in the window. Outside the window the
 * payment is held, and server receipt stands in, so that a wrong year never picks a tariff. Both are UTC ms.
 */
export function paidAtOf(printedAt: number | "impossible" | null, receivedAt: number): PaidAt {
  if (printedAt === null) return { at: receivedAt, from: "server", inWindow: true };
  if (printedAt === "impossible") return { at: receivedAt, from: "server", inWindow: false };
  const inWindow =
    printedAt >= receivedAt - PAID_BEFORE_RECEIPT_MS_MAX && printedAt <= receivedAt + PAID_AFTER_RECEIPT_MS_MAX;
  return inWindow ? { at: printedAt, from: "text", inWindow } : { at: receivedAt, from: "server", inWindow };
}
