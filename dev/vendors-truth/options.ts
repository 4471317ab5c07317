import type { DemoCountry } from "../demo-platforms.ts";
import type { LocalKeys } from "../keys.ts";

/** What one country's process is told. Instants are UTC ms. */
export type CountryOptions = {
  country: DemoCountry;
  /** First and last day whose truth is compared. */
  from: number;
  to: number;
  seed: number;
  /** Days between two payments of a customer. */
  payEveryDays: number;
  databaseUrl: string;
  keys: LocalKeys;
};

export type SiteTruth = {
  site: string;
  vendor: string;
  units: number;
  attempts: number;
  days: number;
  daysComplete: number;
  /** Rows that were thrown out, by reason. */
  leftOut: Record<string, number>;
  importedWh: number;
  truthWh: number;
  hours: number;
  hoursWrong: number;
  accounts: number;
  /** Those of which each hour, and the sum that was debited for the days, is the truth. */
  accountsEqual: number;
};

export type CreditTruth = {
  payments: number;
  /** Credited here, and in the wallet once, with the same amount. */
  once: number;
  twice: string[];
  missing: string[];
  /** In a wallet by our key, and no posting of ours. */
  strangers: string[];
  states: Record<string, number>;
  tries: number;
};

/** One account whose wallet was tampered with, and what the comparison said of it. */
export type PlantTruth = { account: string; planted: string; named: string[]; verdict: string; caseOpen: boolean };

export type CountryTruth = {
  country: DemoCountry;
  livedThrough: string;
  sites: SiteTruth[];
  credits: CreditTruth;
  /** Things that each fault struck, by vendor and name. */
  faultsMet: Record<string, Record<string, number>>;
  kills: number;
  requests: number;
  /** Requests that the vendor refused for being too many. */
  refused: number;
  deadLetters: number;
  /** Before anything was planted: accounts by verdict, and those with a case. */
  drift: { verdicts: Record<string, number>; cases: string[] };
  plants: PlantTruth[];
  plantedOn: string;
  /** Accounts without a plant that have a case. */
  unexplained: string[];
  /** Accounts by verdict at the end. */
  afterPlants: Record<string, number>;
  seconds: number;
};

export type FromCountry = { progress: string } | { truth: CountryTruth };
