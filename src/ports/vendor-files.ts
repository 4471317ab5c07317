import type { Currency } from "../domain/country.ts";
import type { Part, Weight } from "../domain/statements/distribute.ts";

/** A site's month; `month` is its first day. */
export type SiteMonth = { site: string; month: string };
export type MonthState = "waiting" | "estimated" | "unweighted" | "replaced";

export type MonthFacts = {
  /** Null: its file has not come. */
  totalMinor: number | null;
  /** What each account used, or each meter that nobody knows (`meter:…`). Null: its file has not come. */
  weights: (Weight & { account: string | null })[] | null;
  /** Real payments of the month are known, the vendor's or our own. */
  hasReal: boolean;
};
export type Estimate = Part & { account: string | null; energyWh: number };

/** What vendors' files say of payments and months. */
export interface VendorFiles {
  /** The payments of an upload's rows, each once, whichever exports have it. */
  addPayments(uploadId: number, currency: Currency): Promise<void>;
  /** The newest file of its kind stands: `totalMinor` null is a file of readings. */
  noteMonth(
    of: SiteMonth,
    file: { uploadId: number; totalMinor: number | null; currency: Currency },
    at: number,
  ): Promise<void>;
  month(of: SiteMonth, utcOffsetMinutes: number): Promise<MonthFacts>;
  /** Months with monthly files that this upload's payments are of. */
  monthsOf(uploadId: number): Promise<SiteMonth[]>;
  /** Months whose estimates stand, after one in order of site and month. */
  estimatedMonths(after: SiteMonth | null, limit: number): Promise<SiteMonth[]>;
  putMonth(of: SiteMonth & { currency: Currency }, state: MonthState, estimates: Estimate[], at: number): Promise<void>;
}
