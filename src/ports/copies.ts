import type { CopyReport, OutboxItem } from "../domain/outbox.ts";

/** A row that Postgres already has with other content, or a sequence that another key has taken. Never written over. */
export type CopyConflict = { id: number; account: string | null; receipt: string | null; detail: string };

export type CopyWritten = Pick<CopyReport, "recorded" | "refused"> & { conflicts: CopyConflict[] };

/** A case that says that Postgres refused a row of an object. `subject` is `object:name`. */
export type CopyCase = { caseKey: string; subject: string; detailsJson: string; openedAt: number; version: number };

/** A row and the account whose object owes it: its `accountId` has to be that account's. None: no account owes it, nothing is looked at. */
export type CopyItem = OutboxItem & { owner?: string | null };

export interface Copies {
  /** Writes a batch as one transaction; any row any number of times. Throws when nobody knows whether it committed. */
  write(items: CopyItem[]): Promise<CopyWritten>;
  /** Those of the keys that Postgres has. */
  recordedKeys(entryKeys: string[]): Promise<string[]>;
}
