import type { CustomerFields, CustomerSource } from "../domain/customer.ts";
import type { Result } from "../domain/result.ts";
import type { Change, Registered, RegistryRefusal } from "./registry.ts";

/** A new account of a customer. */
export type AccountOpening = {
  site: string;
  /** A number somebody chose, which must be free; null: the site's next. */
  account: string | null;
  status: "live" | "postpaid";
  /** Null: now. */
  openedAt: number | null;
};

export type CustomerRegistration = {
  /** Names the act, so that a repeat registers nobody a second time. */
  key: string;
  source: CustomerSource;
  fields: CustomerFields;
  /** Null: a customer without an account yet. */
  account: AccountOpening | null;
  /** The account's first meter, hung in the same act; undefined: none yet. */
  meter?: FirstMeter | undefined;
  /** Whether a readyboard goes into the house: its fee is owed from then on, where the country charges one. Undefined: no. */
  readyboard?: true | undefined;
};

export type FirstMeter = {
  /** Without leading zeros. */
  meterNumber: string;
  /** Null: since the account was opened. */
  from: number | null;
  /** What it showed then; null: not known. */
  baseRegisterWh: number | null;
  thing: string | null;
  ratingW: number | null;
};

export type MeterSwap = {
  account: string;
  /** Without leading zeros. */
  oldMeter: string;
  newMeter: string;
  at: number;
  /** What the old one showed when it was taken down, and the new one when it was put up; null: not known. */
  finalRegisterWh: number | null;
  baseRegisterWh: number | null;
  /** Of the new one; null: as it was, or not known. */
  thing: string | null;
  ratingW: number | null;
};

/** stale: somebody changed the customer since; `version` is the present one. */
export type UpdateRefusal = RegistryRefusal | { kind: "stale"; version: number };

/** What people write of customers. Each call leaves its audit rows in the same transaction. Throws when nobody knows. */
export interface Customers {
  /** With the account in one transaction. The same key again changes nothing; with other content it is `exists`. */
  register(registration: CustomerRegistration, by: Change): Promise<Registered>;
  /** One more account. The same key again changes nothing. */
  openAccount(key: string, customerId: number, opening: AccountOpening, by: Change): Promise<Registered>;
  /** Only of the version that was read. What is not named stays; what is as it was already is no change, of any version. */
  update(
    customerId: number,
    version: number,
    fields: Partial<CustomerFields>,
    by: Change,
  ): Promise<Result<{ version: number }, UpdateRefusal>>;
  /** Ends an account; everything it has stays. One that has ended stays as it ended. */
  terminate(account: string, at: number, by: Change): Promise<Registered>;
  /** Ends the old meter's placement and begins the new one's, at one instant. The same again changes nothing. */
  swapMeter(swap: MeterSwap, by: Change): Promise<Registered>;
}
