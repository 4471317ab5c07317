import { err, ok, type Result } from "../domain/result.ts";
import type { Rate } from "../domain/tariff.ts";
import type { KeptAccount } from "../ports/accounts.ts";
import type { Change, KeptRegistration, LaterMeter, Registered, RegistryRefusal } from "../ports/registry.ts";
import type { Resumed, ResumeError } from "./resume-copy.ts";

/** What an account has that Postgres had forgotten, and what became of it. */
export type Again = {
  account: string;
  accountId: number;
  status: KeptAccount["facts"]["status"];
  phones: string[];
  meters: string[];
  balanceWh: number;
  seq: number;
  paidMinor: number;
  /** Lost, and not the account's own: each is put back under its id before, or by hand. */
  lackingTariffs: Rate[];
  /**
   * Meters that another account had later, or has: what Postgres knows of them stays, and what the object has of them is left.
   * One that is in the way is taken down there first. Empty: the account is registered, and nothing is written of its meters.
   */
  leavesMeters: LaterMeter[];
  /** It has light, as its object knows, and Postgres has forgotten that it was commissioned. */
  isCommissionedAgain: boolean;
  /** Agreements that its object knows: their contracts are gone, and are signed anew. */
  agreements: number;
  /** Null: nothing was written. */
  done: { wasRegistered: boolean; sentAgain: number; refused: number } | null;
};

export type AgainPorts = {
  kept(account: string): Promise<KeptAccount | "not_ready" | null>;
  isRegistered(account: string, accountId: number): Promise<boolean | "down">;
  lacking(rates: readonly Rate[]): Promise<Rate[]>;
  laterMeters(meters: KeptAccount["facts"]["meters"]): Promise<LaterMeter[]>;
  /** Postgres has an event of its commissioning, be it one that was withdrawn. */
  wasCommissioned(accountId: number): Promise<boolean>;
  commission(account: Pick<KeptRegistration, "account" | "accountId">, by: Change): Promise<Registered>;
  register(account: KeptRegistration, by: Change): Promise<Registered>;
  /** Hands the account what Postgres knows of it from now on. */
  tell(account: string): Promise<void>;
  /**
   * Lets it send again what Postgres lacks; null: not now. Returns how many entries and readings, or the keys under which both have
   * other entries: then nothing was changed, and its case is open.
   */
  sendAgain(account: string): Promise<number | { conflicts: string[] } | null>;
  /** Tries again what Postgres refused, of the account and of all shards of receipts. */
  resume(account: string, actor: string): Promise<Result<Resumed, ResumeError>[]>;
  /** Its case is done with. */
  close(account: string, by: Change): Promise<void>;
};

/** conflict: it is registered, and a person has to look at its entries before any of them is sent. */
export type AgainRefusal =
  | RegistryRefusal
  | { kind: "not_ready" | "nobody" }
  | { kind: "conflict"; detail: { entryKeys: string[] } };

/**
 * Registers an account that a database which was set back has forgotten, under the id and number that its object has, and sends
 * what is owed of it. Run twice, the second run only sends what the first could not. `name`: who the customer is, which no
 * object knows.
 */
export async function registerAgain(
  ports: AgainPorts,
  asked: { account: string; name: string; isDry: boolean },
  by: Change,
): Promise<Result<Again, AgainRefusal>> {
  const { account, name, isDry } = asked;
  const kept = await ports.kept(account);
  if (kept === "not_ready") return err({ kind: "not_ready" });
  if (kept === null) return err({ kind: "nobody" });
  const { facts } = kept;
  const wasRegistered = await ports.isRegistered(account, facts.accountId);
  if (wasRegistered === "down") return err({ kind: "not_ready" });
  const { accountId, commissioned, status } = facts;
  const shown = {
    account,
    accountId,
    status,
    phones: facts.phones,
    meters: facts.meters.filter(({ to }) => to === null).map(({ meterNumber }) => meterNumber),
    balanceWh: kept.balanceWh,
    seq: kept.seq,
    paidMinor: kept.paidMinor,
    lackingTariffs: await ports.lacking(facts.rates.filter(({ scope }) => scope !== "account")),
    leavesMeters: wasRegistered ? [] : await ports.laterMeters(facts.meters),
    isCommissionedAgain: commissioned && status !== "terminated" && !(await ports.wasCommissioned(accountId)),
    agreements: facts.terms.length,
  };
  if (isDry) return ok({ ...shown, done: null });
  if (!wasRegistered) {
    const registered = await ports.register(registrationOf(kept, name), by);
    if (!registered.ok) return registered;
  } else if (shown.isCommissionedAgain) {
    // Before it is told: what it is told next would make it forget.
    const connected = await ports.commission({ account, accountId }, by);
    if (!connected.ok) return connected;
  }
  await ports.tell(account);
  const sentAgain = await ports.sendAgain(account);
  if (sentAgain === null) return err({ kind: "not_ready" });
  if (typeof sentAgain !== "number") return err({ kind: "conflict", detail: { entryKeys: sentAgain.conflicts } });
  const resumed = await ports.resume(account, by.actor);
  if (resumed.some((each) => !each.ok)) return err({ kind: "not_ready" });
  await ports.close(account, by);
  const refused = resumed.reduce((sum, each) => sum + (each.ok ? each.value.refused : 0), 0);
  return ok({ ...shown, done: { wasRegistered, sentAgain, refused } });
}

function registrationOf({ facts }: KeptAccount, name: string): KeptRegistration {
  const { account, accountId, status, phones, language, version, commissioned, meters, rates } = facts;
  return {
    account,
    accountId,
    version,
    site: account.slice(4),
    status,
    customer: { key: `account:${account}`, name, phones, language },
    meters,
    aliases: [],
    tariffs: rates.filter(({ scope }) => scope === "account"),
    isConnected: commissioned,
  };
}
