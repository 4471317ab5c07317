/** What a page of accounts' objects said of how new their facts are. `next` null: that was the last. */
export type FactsPage = {
  asked: number;
  /** Accounts whose object works by older facts than Postgres has; `has` null: it did not say. */
  behind: { account: string; has: number | null; wants: number }[];
  /**
   * Accounts whose object works by facts that Postgres does not remember to have given: it was set back, and no change since is
   * heard by them until its numbers jump ahead (`npm run restored`).
   */
  ahead: { account: string; has: number; given: number }[];
  /** Of those behind, told just now. */
  told: string[];
  next: string | null;
};
