import type { Language } from "../domain/country.ts";
import type { UsdRate } from "../domain/dollars.ts";
import type { AccountStatus } from "../domain/ledger.ts";
import type { MeterRole } from "../domain/reading.ts";
import type { Result } from "../domain/result.ts";
import type { Rate } from "../domain/tariff.ts";
import type { SmsTemplate } from "./directory.ts";
import type { PhoneFacts } from "./mailboxes.ts";
import type { TillFacts } from "./tills.ts";

/** Who changes it, why, when (UTC ms) and by which request: the audit row of the same transaction. */
export type Change = { actor: string; reason: string | null; at: number; requestId?: string | undefined };

/** exists: the name is taken by something else. unknown: it names something that does not exist. refused: a rule of the data. */
export type RegistryRefusal = { kind: "exists" | "unknown" | "refused"; detail: string };

/** `version` is the facts version of this change: whoever keeps a copy refreshes it. Doing it twice changes nothing more. */
export type Registered = Result<{ version: number }, RegistryRefusal>;

export type SiteRow = { code: string; name: string; district: string | null };

export type AccountRegistration = {
  account: string;
  site: string;
  status: Exclude<AccountStatus, "unknown">;
  /** Names the customer in whatever brings them: the same key is the same customer, of several accounts too. */
  customer: { key: string; name: string; phones: string[]; language: Language | null };
  /** Placements to add, or to end; those not named stay. Register at the start in Wh, null when not known or as it was. */
  meters: {
    meterNumber: string;
    thing: string | null;
    role: MeterRole;
    from: number;
    to: number | null;
    baseRegisterWh: number | null;
    /** The most that the meter can carry, in watts; null: not known, or as it was. */
    ratingW: number | null;
  }[];
  aliases: { alias: string; from: number; to: number | null }[];
  /** Rates of this account alone; null: nothing is vended. */
  rates: { rateE4PerKwh: number | null; validFrom: number }[];
};

/** An account that a database which was set back has forgotten, as its object has kept it. */
export type KeptRegistration = Omit<AccountRegistration, "meters" | "rates"> & {
  accountId: number;
  /** Of the newest facts that its object was told. */
  version: number;
  isConnected: boolean;
  /** `finalRegisterWh`: what a meter showed that was taken down; null: not known. */
  meters: (AccountRegistration["meters"][number] & { finalRegisterWh: number | null })[];
  /** Its own, under their ids. */
  tariffs: Rate[];
};

/**
 * A meter that another account had after the one whose object was asked. `thing` and `ratingW` are what the object has of it;
 * `stays` is what Postgres has. `isInTheWay`: it hangs there at a time at which the object has it too.
 */
export type LaterMeter = {
  meterNumber: string;
  thing: string | null;
  ratingW: number | null;
  stays: { thing: string | null; ratingW: number | null };
  account: string;
  isInTheWay: boolean;
};

export type MeterPlacing = {
  account: string;
  /** Without leading zeros. */
  meterNumber: string;
  role: MeterRole;
  from: number;
  /** What it showed then; null: not known. */
  baseRegisterWh: number | null;
  thing: string | null;
  ratingW: number | null;
};

export type TillRegistration = Omit<TillFacts, "utcOffsetMinutes" | "version"> & { providers: string[] };
/** What changes at a till that is there already; caps not named stay. `version`: of the till as whoever changes it has read it. */
export type TillChange = { senders: string[]; caps: Partial<TillFacts["caps"]>; version?: number };
/** stale: somebody has changed it since it was read; `version` is what it has now. */
/** `stale`: somebody changed it since it was read, and it has this version now; 0: there is none. */
export type RegisteredOnRead = Result<{ version: number }, RegistryRefusal | { kind: "stale"; version: number }>;
/** The version that was read; null: there was none; undefined: whoever writes says nothing of what was read. */
export type SeenVersion = number | null | undefined;
export type PhoneRegistration = Omit<PhoneFacts, "revoked" | "version" | "tokenHashes"> & { tokenHash: string };

/** `rateE4PerKwh` null: nothing is vended, or, with `ends`, the scope has no say from then on. */
export type TariffRegistration = { rateE4PerKwh: number | null; ends?: boolean; validFrom: number } & (
  | { scope: "global" }
  | { scope: "site"; site: string }
  | { scope: "account"; account: string }
);

/** What operators write: who is whom. Each call leaves its audit rows in the same transaction. Throws when nobody knows. */
export interface Registry {
  upsertSites(sites: SiteRow[], by: Change): Promise<Registered>;
  /** At most 500 in a call, all or none. */
  upsertAccounts(accounts: AccountRegistration[], by: Change): Promise<Registered>;
  /**
   * Under the id and number that it had. `exists`: one of the two, or one of its meters, is another's. `refused`: the database has
   * not jumped ahead since the account was told last, and would give its id to somebody else.
   */
  registerAgain(account: KeptRegistration, by: Change): Promise<Registered>;
  /** That an account is connected, as its object knows, where Postgres has no event of it, nor one that was withdrawn. */
  commissionAgain(account: Pick<KeptRegistration, "account" | "accountId">, by: Change): Promise<Registered>;
  /** The next free number of a site; it is given once, also when it is then not used. */
  nextAccountNumber(site: string): Promise<Result<string, RegistryRefusal>>;
  /** Makes a till, or changes the one of this id. `exists`: its name or currency is another, so another till was meant. */
  putTill(till: TillRegistration, change: TillChange, by: Change): Promise<RegisteredOnRead>;
  /** Of the meter's present placement. Another primary of the account becomes a check meter. */
  putMeterRole(
    meterNumber: string,
    role: MeterRole,
    by: Change,
  ): Promise<
    Result<{ version: number; account: string; meters: { meterNumber: string; role: MeterRole }[] }, RegistryRefusal>
  >;
  /** Puts a meter that stands nowhere on an account. One that is on it already stays as it is. */
  placeMeter(placement: MeterPlacing, by: Change): Promise<Registered>;
  createPhone(phone: PhoneRegistration, by: Change): Promise<Registered>;
  revokePhone(phoneId: string, by: Change): Promise<Registered>;
  /** Both tokens are valid until the next rotation. `smssyncSecretHash` undefined: stays. */
  rotatePhone(
    phoneId: string,
    next: { tokenHash: string; smssyncSecretHash?: string | null },
    by: Change,
  ): Promise<Registered>;
  /** Rates are only added. Another rate for an instant that has one is `exists`; one by which a posted payment would have another price is `refused`. */
  putTariff(tariff: TariffRegistration, by: Change): Promise<Registered>;
  /** Only one that has not begun, long enough before that all accounts can be told; why is in `by.reason`. */
  cancelTariff(tariffId: number, by: Change & { reason: string }): Promise<Registered>;
  putTemplate(template: Omit<SmsTemplate, "version">, by: Change, seen?: SeenVersion): Promise<RegisteredOnRead>;
  /** What currencies are worth in dollars from a day on; one that is there for the day is replaced. `stale`: not the one that was read. */
  putUsdRates(rates: (UsdRate & { currency: string; version?: SeenVersion })[], by: Change): Promise<RegisteredOnRead>;
  /** The instant (UTC ms) from which payments credit by themselves. */
  putCutover(at: number, by: Change): Promise<Registered>;
  /** Whether the system may put anybody in the dark by itself. */
  putDisconnects(on: boolean, by: Change): Promise<Registered>;
}
