import type { Language } from "../domain/country.ts";
import type { CustomerFields } from "../domain/customer.ts";
import type { Rate } from "../domain/tariff.ts";
import type { Change } from "./registry.ts";

/** One PDF that is there, as people are told of it. */
export type ContractRow = {
  contractId: number;
  account: string;
  version: number;
  language: Language;
  actKey: string;
  requestSha256: string;
  connectedOn: string;
  servicePhase: "single" | "three";
  ampacityA: number | null;
  rateE4PerKwh: number;
  objectKey: string;
  sha256: string;
  bytes: number;
  pages: number;
  actor: string;
  createdAt: number;
};

/** What a contract says of a customer; `version` is what a change must name. */
export type ContractCustomer = { customerId: number; version: number } & Pick<
  CustomerFields,
  | "name"
  | "nationalId"
  | "phones"
  | "email"
  | "language"
  | "customerType"
  | "plotNumber"
  | "place"
  | "district"
  | "latitude"
  | "longitude"
>;

/** All that a contract is made of. */
export type ContractSubject = {
  customer: ContractCustomer;
  siteName: string;
  rates: Rate[];
  contracts: ContractRow[];
};

/** A link as it is kept; its token is made of it again. */
export type ContractLink = {
  linkId: number;
  contractId: number;
  expiresAt: number;
  smsId: string | null;
  phoneId: string | null;
};

export interface Contracts {
  subject(account: string): Promise<ContractSubject | null>;
  /** By account, the newest version first. */
  ofAccount(account: string): Promise<ContractRow[]>;
  find(contractId: number): Promise<ContractRow | null>;
  /** Keeps a link. Of one SMS there is one: the first that was kept is answered, whoever asks later. */
  addLink(link: Omit<ContractLink, "linkId">, by: Change): Promise<ContractLink>;
  linkOfSms(smsId: string): Promise<ContractLink | null>;
  /** The link, if it is of that contract. */
  findLink(contractId: number, linkId: number): Promise<ContractLink | null>;
  accessed(contractId: number, who: { linkId: number } | { actor: string }, at: number): Promise<void>;
}

/** Where the PDFs are. A key names its content, so putting it twice is putting it once. */
export interface ContractFiles {
  put(key: string, bytes: Uint8Array, sha256: string): Promise<void>;
  /** Null: it is not there. */
  get(key: string): Promise<Uint8Array<ArrayBuffer> | null>;
}
