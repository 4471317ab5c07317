import type { CustomerFields } from "../domain/customer.ts";
import { holderText, type MovedAccount, type MovedCustomer, type MovedHolder } from "../domain/moving-in/records.ts";
import type { Customers } from "../ports/customers.ts";
import type { Change, Registered, Registry } from "../ports/registry.ts";

/** Customers, or accounts, of one call: each is some transactions. */
export const MOVE_IN_MAX = 40;

/** What the records have of an account already. */
export type PresentAccount = {
  account: string;
  status: "live" | "postpaid" | "terminated";
  customerKey: string;
  hasMeters: boolean;
} & Pick<CustomerFields, "name" | "phones" | "language">;

export type MoveInPorts = {
  customers: Pick<Customers, "register" | "openAccount" | "terminate">;
  registry: Pick<Registry, "upsertAccounts">;
  present: {
    /** The customer's number here, by the key that moved it in; null: not here. */
    customer(key: string): Promise<number | null>;
    account(account: string): Promise<PresentAccount | null>;
  };
};

/**
 * known: it is here already, and whatever became of it since stays. differs: so too, and a person looks. refused: a rule of
 * the records; what it names is not here.
 */
export type MoveInOutcome =
  | { subject: string; outcome: "moved" | "known" }
  | { subject: string; outcome: "differs" | "refused"; because: string };

/** Which old database the rows come from. A customer of the Access years has one key, whichever brings them. */
export type MovedFrom = "access" | "postgres";

/** Names a customer of the old database for ever. */
export const movedCustomerKey = ({ legacyId, postgresId }: MovedHolder) =>
  legacyId === null ? `postgres:customer:${postgresId}` : `access:customer:${legacyId}`;
const movedAccountKey = (account: string) => `access:account:${account}`;

/** Brings customers over, without accounts. Again, or after people changed them, it changes nothing. */
export async function moveInCustomers(
  ports: MoveInPorts,
  customers: readonly MovedCustomer[],
  by: Change,
  from: MovedFrom = "access",
): Promise<MoveInOutcome[]> {
  const outcomes: MoveInOutcome[] = [];
  for (const moved of customers) {
    const key = movedCustomerKey(moved);
    const subject = `customer ${holderText(moved)}`;
    if ((await ports.present.customer(key)) !== null) outcomes.push({ subject, outcome: "known" });
    else {
      const registration = { key, source: from, fields: moved.fields, account: null };
      outcomes.push(outcomeOf(subject, await ports.customers.register(registration, by)));
    }
  }
  return outcomes;
}

/**
 * Brings accounts over, each with who has it now, its end and its meters. The customers come first. One that is here stays
 * as it is; only its meters follow, where an earlier call died before them and it has had none.
 */
export async function moveInAccounts(
  ports: MoveInPorts,
  accounts: readonly MovedAccount[],
  by: Change,
): Promise<MoveInOutcome[]> {
  const outcomes: MoveInOutcome[] = [];
  for (const moved of accounts) outcomes.push(await moveInAccount(ports, moved, by));
  return outcomes;
}

async function moveInAccount(ports: MoveInPorts, moved: MovedAccount, by: Change): Promise<MoveInOutcome> {
  const { account, terminatedAt } = moved;
  const subject = `account ${account}`;
  const before = await ports.present.account(account);
  const key = movedCustomerKey(moved);
  if (before !== null) {
    if (before.customerKey !== key) return { subject, outcome: "differs", because: "somebody else has it here" };
    if (terminatedAt !== null && before.status !== "terminated")
      return { subject, outcome: "differs", because: "it has ended in the old database, and is live here" };
    if (before.status === "terminated" || before.hasMeters || moved.meters.length === 0)
      return { subject, outcome: "known" };
  }
  if (before === null) {
    const customerId = await ports.present.customer(key);
    if (customerId === null)
      return { subject, outcome: "refused", because: `customer ${holderText(moved)} is not here` };
    const opening = { site: account.slice(-3), account, status: "live", openedAt: moved.openedAt } as const;
    const opened = await ports.customers.openAccount(movedAccountKey(account), customerId, opening, by);
    const ended =
      opened.ok && terminatedAt !== null ? await ports.customers.terminate(account, terminatedAt, by) : opened;
    if (!ended.ok) return outcomeOf(subject, ended);
  }
  const present = moved.meters.length === 0 ? null : await ports.present.account(account);
  if (present === null) return { subject, outcome: "moved" };
  return outcomeOf(subject, await placeMeters(ports, moved, present, key, by));
}

/** With its customer just as the records have it, so that nothing but the meters changes. */
function placeMeters(
  { registry }: MoveInPorts,
  { account, meters }: MovedAccount,
  { status, name, phones, language }: PresentAccount,
  key: string,
  by: Change,
): Promise<Registered> {
  const placed = meters.map(({ meterNumber, role, from, to }) => ({
    meterNumber,
    thing: null,
    role,
    from,
    to,
    baseRegisterWh: null,
    ratingW: null,
  }));
  const customer = { key, name, phones, language };
  const site = account.slice(-3);
  return registry.upsertAccounts([{ account, site, status, customer, meters: placed, aliases: [], rates: [] }], by);
}

function outcomeOf(subject: string, registered: Registered): MoveInOutcome {
  if (registered.ok) return { subject, outcome: "moved" };
  const { kind, detail } = registered.error;
  const isSite = kind === "unknown" && detail.includes("site");
  return { subject, outcome: "refused", because: isSite ? "its site is not registered here" : `${kind}: ${detail}` };
}
