/** What a page of accounts' objects said of how new their facts are. `next` null: that was the last. */
export type FactsPage = {
  asked: number;
  /** Accounts whose object works by older facts than Postgres has; `has` null: it did not say. */
  behind: { account: string; has: number | null; wants: number }[];
  /** Of those behind, told just now. */
  told: string[];
  next: string | null;
};
