import type { SuspenseCaseRow } from "../domain/outbox.ts";

/** Cases of money that waits, as Postgres has them. Throws when Postgres does not answer. */
export interface SuspenseCases {
  find(caseKey: string): Promise<SuspenseCaseRow | null>;
  /** Of two rows of one version the first stays; a lower version changes nothing. Look again to see which it was. */
  put(row: SuspenseCaseRow): Promise<void>;
}
