import type { ContractType } from "../domain/fees/agreement.ts";
import type { DebtName, DebtTerms } from "../domain/fees/debt.ts";
import type { FeeOrderState } from "./fees.ts";
import type { Change, Registered } from "./registry.ts";

/** A signed contract, where its file is. */
export type KeptContract = { key: string; sha256: string; type: ContractType; bytes: number };

/** What a contract says; its total is principal, interest and setup, in minor units. */
export type NewAgreement = DebtTerms & {
  /** Drawn from the order's own name: the same again is the same agreement. */
  id: string;
  account: string;
  /** What was bought; null: an advance says it by its part. */
  title: string | null;
  currency: string;
  principalMinor: number;
  interestMinor: number;
  setupMinor: number;
  instalments: number | null;
  contract: KeptContract;
};

export type AgreementRow = Omit<NewAgreement, "contract"> & {
  contract: Omit<KeptContract, "key">;
  /** Of the order that charges it. */
  state: FeeOrderState;
  because: string | null;
  reason: string;
  orderedBy: string;
  orderedAt: number;
  postedAt: number | null;
  /** By the books as Postgres has them: all that was added, what payments brought, and what is left. Null until its charge is there. */
  chargedMinor: number | null;
  paidMinor: number | null;
  outstandingMinor: number | null;
};

/** Agreements of accounts: advances and plans of appliances. Throws when Postgres does not answer. */
export interface Agreements {
  /** Files an agreement and the order that charges it, once an id. `exists`: the id says something else; `unknown`: no such account. */
  sign(agreement: NewAgreement, by: Change & { reason: string }): Promise<Registered>;
  /** The newest first; `after` is the last id of the page before. */
  list(filter: { account: string | null; after: string }, limit: number): Promise<AgreementRow[]>;
  find(id: string): Promise<AgreementRow | null>;
  contractKey(id: string): Promise<{ key: string; type: ContractType } | null>;
  /** Debts of agreements that were not asked for their months and penalties on this local day, by id after the one named. */
  unaccrued(day: string, after: string, limit: number): Promise<{ id: string; account: string; part: DebtName }[]>;
  accrued(id: string, day: string): Promise<void>;
}
