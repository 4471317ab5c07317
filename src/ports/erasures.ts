import type { ErasePatterns } from "../domain/personal/patterns.ts";
import type { PersonalTable } from "../domain/personal/tables.ts";
import type { Change, Registered } from "./registry.ts";

/** waiting: for a second person. approved: work goes on. done: everything was looked through a day later and names nobody. */
export type ErasureState = "waiting" | "approved" | "done" | "refused";

export type Erasure = {
  id: string;
  customerId: number;
  document: string;
  state: ErasureState;
  orderedBy: string;
  orderedAt: number;
  decidedBy: string | null;
  decidedAt: number | null;
  rowsChanged: number;
  passedAt: number | null;
  doneAt: number | null;
};

/** What work on an approved order needs to know. */
export type ErasureWork = {
  id: string;
  customerId: number;
  decidedAt: number;
  looksFor: ErasePatterns;
  accounts: string[];
};

/** What is on file of a person, and of phones only what nobody else has on file too. */
export type PersonOnFile = { names: string[]; phones: string[]; codes: string[]; sharedPhones: number };

/** Orders to take a person out of what is kept. Throws when Postgres does not answer. */
export interface Erasures {
  /** Asked for by one, once an id. `exists`: the customer has another open order; `unknown`: no such customer. */
  order(order: { id: string; customerId: number; document: string }, by: Change): Promise<Registered>;
  /** A second person approves, with what is to be looked for, or anybody refuses. */
  decide(id: string, looksFor: ErasePatterns | null, by: Change): Promise<Registered>;
  find(id: string): Promise<Erasure | null>;
  /** The newest first. */
  list(filter: { customerId: number | null; state: ErasureState | null }, limit: number): Promise<Erasure[]>;
  onFile(customerId: number): Promise<PersonOnFile | null>;
  /** Approved orders, the oldest first. */
  /** Those whose last look is longest ago: one that waits for an owner of its money never keeps a newer one waiting. */
  approved(limit: number): Promise<ErasureWork[]>;
  /** One of them; null: it is not approved, or done. */
  work(id: string): Promise<ErasureWork | null>;
  /** Takes the person out of so many rows of a table. Returns how many were changed; 0 is the end of it. */
  eraseFrom(id: string, table: PersonalTable, max: number): Promise<number>;
  /** Rows that name the person still, because their money has no owner yet. */
  waiting(id: string): Promise<number>;
  /** One look through everything ended, having changed so many rows. `isLast`: the order is done, and what was looked for is forgotten. */
  passed(id: string, changed: number, at: number, isLast: boolean): Promise<void>;
}
