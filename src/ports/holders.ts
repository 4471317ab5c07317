import type { Language } from "../domain/country.ts";
import type { AccountStatus } from "../domain/ledger.ts";

export type HeldAccount = { account: string; status: AccountStatus; language: Language };

/** Whose phone it is. */
export interface Holders {
  /**
   * Accounts whose holder has registered exactly this phone (canonical, with country code), in order. Nothing like it will
   * do: what follows is told to that phone. `down` when Postgres did not answer.
   */
  accountsOfHolder(phone: string): Promise<HeldAccount[] | "down">;
}
