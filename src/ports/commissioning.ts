import type { CommissioningEvent } from "../domain/commissioning.ts";
import type { CustomerFields } from "../domain/customer.ts";
import type { Fee } from "../domain/fees/debt.ts";
import type { MeterRole } from "../domain/reading.ts";
import type { Result } from "../domain/result.ts";
import type { Change, RegistryRefusal } from "./registry.ts";

/** An event as it is stored: `at` is the instant of its day. */
export type StoredEvent = CommissioningEvent & {
  at: number | null;
  wasStatus: "live" | "postpaid" | null;
  actor: string | null;
  reason: string | null;
  recordedAt: number;
};

/** What a decision about an account has to know. */
export type CommissioningFacts = {
  account: string;
  accountId: number;
  site: string;
  customerId: number;
  status: "live" | "postpaid" | "terminated";
  openedAt: number | null;
  events: StoredEvent[];
  /** When which meters stood on it, by local days. */
  meters: { meterNumber: string; from: string; to: string | null }[];
  /** Fees that were charged here: whether they are paid, the books say. */
  charged: Fee[];
};

/** An event to append; what becomes of the account comes with the one that ends it or brings it back. */
export type NewEvent = CommissioningEvent & {
  account: string;
  at: number | null;
  reason: string | null;
  status: "live" | "postpaid" | "terminated" | null;
};

/** A meter that is put up in the same act. */
export type Placing = {
  account: string;
  meterNumber: string;
  thing: string | null;
  ratingW: number | null;
  role: MeterRole;
  from: number;
  baseRegisterWh: number | null;
};

/** stale: somebody wrote something about these accounts meanwhile; read again. */
export type WriteRefusal = RegistryRefusal | { kind: "stale" };
export type Written = Result<{ version: number }, WriteRefusal>;

/** One PDF of a contract, and where it is. */
export type NewContract = {
  account: string;
  version: number;
  language: "en" | "fr" | "st";
  actKey: string;
  requestSha256: string;
  commissionedSeq: number;
  servicePhase: "single" | "three";
  ampacityA: number | null;
  tariffId: number | null;
  rateE4PerKwh: number;
  terms: unknown;
  objectKey: string;
  sha256: string;
  bytes: number;
  pages: number;
};

export type CommissionWrite = {
  customerId: number;
  /** Of the customer, as it was read. */
  version: number;
  fields: Partial<CustomerFields>;
  place: Placing | null;
  events: NewEvent[];
  contracts: NewContract[];
};

/** What people write of an account's way to light. Each call is one transaction with its audit rows. Throws when nobody knows. */
export interface Commissionings {
  /** Of at most `ACCOUNTS_MAX` accounts; one that does not exist is not in the answer. */
  facts(accounts: readonly string[]): Promise<CommissioningFacts[]>;
  append(events: NewEvent[], by: Change): Promise<Written>;
  /** The whole act: the customer's fields, the meter, the events and the contracts, or nothing. */
  commission(write: CommissionWrite, by: Change): Promise<Written>;
}
/** Accounts of one call. */
export const ACCOUNTS_MAX = 500;
