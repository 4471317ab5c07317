import type { Language } from "../country.ts";
import { ENGLISH } from "./words-en.ts";
import { FRENCH } from "./words-fr.ts";
import { SESOTHO } from "./words-st.ts";

/** All that a contract says in one language. Each language has every sentence, or it does not compile. */
export type ContractWords = {
  title: string;
  /** Under the title: number and day. */
  under: (number: string, day: string) => string;
  parties: (customer: string, account: string) => string;
  months: readonly string[];
  day: (day: number, month: string, year: number) => string;
  scheduleA: string;
  scheduleB: string;
  terms: string;
  signatures: string;
  labels: {
    customer: string;
    nationalId: string;
    phones: string;
    email: string;
    account: string;
    site: string;
    plot: string;
    place: string;
    position: string;
    customerType: string;
    connectedOn: string;
    servicePhase: string;
    ampacity: string;
    meter: string;
    tariff: string;
    tariffFrom: string;
    tariffScope: string;
    payment: string;
  };
  phase: { single: string; three: string };
  standardAmpacity: string;
  scope: { account: string; site: string; global: string };
  payment: { live: string; postpaid: string };
  perKwh: (price: string) => string;
  /** Schedule B, after its fields: how this account pays, then what holds for all. */
  paying: { live: readonly string[]; postpaid: readonly string[] };
  conditions: readonly string[];
  /** The rules of the grid, in our own words. */
  clauses: readonly string[];
  customerSigns: string;
  staffSigns: string;
  page: (number: string, page: number, pages: number) => string;
};

export const CONTRACT_WORDS = { en: ENGLISH, fr: FRENCH, st: SESOTHO } as const satisfies Record<
  Language,
  ContractWords
>;
