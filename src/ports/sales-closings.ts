import type { Channel, SalesChange, SiteSales, Wait } from "../domain/metrics/day-closing.ts";

export type ClosedDay = { day: string; channel: Channel };
/** `nth`: of the closing that no longer holds. */
export type ReopenedDay = ClosedDay & { nth: number; because: { changes: SalesChange[]; waits: Wait[] } };
/** `nth`: of this closing. */
export type ClosingDay = ClosedDay & { nth: number; sales: SiteSales[] };

/** Where it is written down when a day's sales were closed. */
export interface SalesClosings {
  /** All or nothing; the same again changes nothing. Answers how many rows changed. */
  write(days: { reopened: ReopenedDay[]; closed: ClosingDay[] }, at: number): Promise<number>;
}
