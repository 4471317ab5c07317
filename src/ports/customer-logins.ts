import type { Language } from "../domain/country.ts";
import type { Change, Registered } from "./registry.ts";

/** Where a code goes. */
export type DrawnCode = { codeId: number; account: string; phone: string; language: Language | null };

/** How customers come in: by account number and password, claimed by whoever holds the phone on file. */
export interface CustomerLogins {
  /** Files a code; null: no such account, no phone on file, or too many codes lately. */
  drawCode(account: string, codeHash: string, now: number): Promise<DrawnCode | null>;
  /** The same for a person who gives it to whoever stands before them. */
  drawCodeByHand(account: string, codeHash: string, by: Change): Promise<Registered>;
  /** Counts a try at the account's newest code and gives its hash; null: there is none that lives. */
  takeTry(account: string, now: number): Promise<{ codeId: number; codeHash: string } | null>;
  /** Sets the password by that code, once, and ends the account's sessions. False: the code was used meanwhile. */
  claim(codeId: number, passwordHash: string, by: Change): Promise<boolean>;
  /** Null: nobody has claimed the account, or another customer holds it since. */
  login(account: string): Promise<{ passwordHash: string } | null>;
  /** Another password; every session of the account but `keep` ends. */
  setPassword(account: string, passwordHash: string, keep: number, by: Change): Promise<void>;
}
