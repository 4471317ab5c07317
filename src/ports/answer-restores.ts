/** A key that named an account and that the account never posted: the answer to it is "refused", for ever. */
export type RefusedKey = { entryKey: string; receipt: string };

/** The answers of an account that leave no entry. "down": Postgres did not answer. */
export interface AnswerRestores {
  /** Shares that a later generation took away unposted, in order of key after the one named. */
  refusedKeys(accountId: number, afterKey: string, limit: number): Promise<RefusedKey[] | "down">;
}
