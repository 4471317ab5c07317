import type { CreditWriter, CreditWriterSetting } from "../domain/credit-writer.ts";
import type { Change, Registered } from "./registry.ts";

/** A setting as its site's history has it. */
export type CreditWriterRow = CreditWriterSetting & { changedBy: string; reason: string; version: number };

/** Who credits the vendor's platform, by site and date. Throws when nobody knows. */
export interface CreditWriters {
  /**
   * One audited action: from this instant on (or a moment after the site's last switch, if a clock ran ahead). The writer
   * that is set already is no change. `unknown`: no such site.
   */
  put(site: string, writer: CreditWriter, by: Change & { reason: string }): Promise<Registered>;
  /** All rows, of one site or of all, oldest first. */
  list(site: string | null): Promise<CreditWriterRow[]>;
  sites(): Promise<string[]>;
}
