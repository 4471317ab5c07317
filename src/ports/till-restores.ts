import type { Provider } from "../domain/claim.ts";
import type { ParsedSms } from "../domain/sms/parsed.ts";
import type { TillFacts } from "./tills.ts";

/** A payment that a till has put its verdict on, as the first claim left it. */
export type RestoredVerdict = {
  receipt: string;
  amountMinor: number;
  /** Whom the first claim gave it to; null: it went to suspense. */
  account: string | null;
  because: string | null;
  receivedAt: number;
  /** Pages go by (claimedAt, receipt). */
  claimedAt: number;
};

/** A text that states a balance. Pages go by id. */
export type RestoredText = { id: number; sender: string; contentHash: string; receivedAt: number; parsed: ParsedSms };

/** A chain break whose case is known: `gapId` is the till's own number of it. */
export type RestoredBreak = {
  gapId: number;
  provider: Provider | null;
  startMinor: number | null;
  endMinor: number | null;
  open: boolean;
  openedAt: number;
  version: number;
};

/** What a Till loads from Postgres when it has lost, or never had, its own memory. "down": it did not answer. */
export interface TillRestores {
  /** Null: there is no such till. */
  tillFacts(tillId: string): Promise<TillFacts | null | "down">;
  /** Payments by SMS, claimed after the given one, in order of claim. */
  tillVerdicts(
    tillId: string,
    after: { claimedAt: number; receipt: string },
    limit: number,
  ): Promise<RestoredVerdict[] | "down">;
  /** Texts with a balance, received since an instant. */
  tillTexts(tillId: string, since: number, afterId: number, limit: number): Promise<RestoredText[] | "down">;
  chainBreaks(tillId: string, limit: number): Promise<RestoredBreak[] | "down">;
}
