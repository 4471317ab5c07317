/** How many days something is kept that is only kept for a time: what is delivered, and what people may set. */
type Kept = { days: number; min: number; max: number };

/**
 * What a country keeps for a time, in days. The bounds are part of the code, since a person may not set what would break a promise:
 *
 * - `mailboxDays`: SMS and requests of a gateway phone, after all of them is copied and forwarded. More than the 30 days by which Neon may set the
 *   database back, so that a Mailbox can send it again what it lost. That an SMS was seen is kept for ever, however long a phone sends it again.
 * - `claimCodeDays`: codes that open a customer's page. They are counted by the hour and by the day.
 * - `sessionDays`: sessions of staff and customers, after their end.
 */
export const RETENTION = {
  mailboxDays: { days: 35, min: 31, max: 366 },
  claimCodeDays: { days: 2, min: 2, max: 90 },
  sessionDays: { days: 30, min: 7, max: 400 },
} as const satisfies Record<string, Kept>;

export type RetentionKind = keyof typeof RETENTION;
export type Retention = Record<RetentionKind, number>;
export const RETENTION_KINDS = Object.keys(RETENTION) as RetentionKind[];

/** As it is kept: what nobody has set, or what is no whole number within its bounds, is as it is delivered. */
export function retentionOf(kept: unknown): Retention {
  const said = (typeof kept === "object" && kept !== null ? kept : {}) as Partial<Record<RetentionKind, unknown>>;
  const daysOf = (kind: RetentionKind): number => {
    const { days, min, max } = RETENTION[kind];
    const value = said[kind];
    return typeof value === "number" && Number.isInteger(value) && value >= min && value <= max ? value : days;
  };
  return {
    mailboxDays: daysOf("mailboxDays"),
    claimCodeDays: daysOf("claimCodeDays"),
    sessionDays: daysOf("sessionDays"),
  };
}
