import type { CustomerFields } from "../domain/customer.ts";
import { holderText, type MovedAccount, type MovedCustomer, type MovedHolder } from "../domain/moving-in/records.ts";
import type { Customers } from "../ports/customers.ts";
import type { AccountRegistration, Change, Registered, Registry } from "../ports/registry.ts";

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
    /** The customers' numbers here, by the key that moved each in. */
    customers(keys: readonly string[]): Promise<ReadonlyMap<string, number>>;
    accounts(accounts: readonly string[]): Promise<ReadonlyMap<string, PresentAccount>>;
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
  const here = await ports.present.customers(customers.map(movedCustomerKey));
  for (const moved of customers) {
    const key = movedCustomerKey(moved);
    const subject = `customer ${holderText(moved)}`;
    if (here.has(key)) outcomes.push({ subject, outcome: "known" });
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
  const { present } = ports;
  const before = await present.accounts(accounts.map(({ account }) => account));
  const customers = await present.customers(accounts.map(movedCustomerKey));
  const outcomes = new Map<MovedAccount, MoveInOutcome>();
  for (const moved of accounts) {
    const outcome = judge(moved, before.get(moved.account)) ?? (await open(ports, moved, before, customers, by));
    if (outcome !== null) outcomes.set(moved, outcome);
  }
  // Whose meters hang: those that are new, and those that an earlier call left without theirs.
  const left = accounts.filter((moved) => !outcomes.has(moved));
  const opened = left.length === 0 ? null : await present.accounts(left.map(({ account }) => account));
  const placing = left.flatMap((moved) => {
    const found = opened?.get(moved.account);
    return found === undefined ? [] : [{ moved, row: withMeters(moved, found) }];
  });
  const placed = await placeAll(ports, placing, by);
  return accounts.map(
    (moved) => outcomes.get(moved) ?? placed.get(moved) ?? { subject: `account ${moved.account}`, outcome: "moved" },
  );
}

/** Null: there is something to do. */
function judge(moved: MovedAccount, before: PresentAccount | undefined): MoveInOutcome | null {
  if (before === undefined) return null;
  const subject = `account ${moved.account}`;
  if (before.customerKey !== movedCustomerKey(moved))
    return { subject, outcome: "differs", because: "somebody else has it here" };
  if (moved.terminatedAt !== null && before.status !== "terminated")
    return { subject, outcome: "differs", because: "it has ended in the old database, and is live here" };
  const isWhole = before.status === "terminated" || before.hasMeters || moved.meters.length === 0;
  return isWhole ? { subject, outcome: "known" } : null;
}

/** Null: it is open, and its meters are to be placed. */
async function open(
  ports: MoveInPorts,
  moved: MovedAccount,
  before: ReadonlyMap<string, PresentAccount>,
  customers: ReadonlyMap<string, number>,
  by: Change,
): Promise<MoveInOutcome | null> {
  const { account, terminatedAt } = moved;
  if (before.has(account)) return null;
  const subject = `account ${account}`;
  const customerId = customers.get(movedCustomerKey(moved));
  if (customerId === undefined)
    return { subject, outcome: "refused", because: `customer ${holderText(moved)} is not here` };
  const opening = { site: account.slice(-3), account, status: "live", openedAt: moved.openedAt } as const;
  const opened = await ports.customers.openAccount(movedAccountKey(account), customerId, opening, by);
  const ended =
    opened.ok && terminatedAt !== null ? await ports.customers.terminate(account, terminatedAt, by) : opened;
  return !ended.ok || moved.meters.length === 0 ? outcomeOf(subject, ended) : null;
}

type Placing = { moved: MovedAccount; row: AccountRegistration };

/** All at once; where one is refused, each by itself, so that it costs no other. */
async function placeAll(
  { registry }: MoveInPorts,
  placing: readonly Placing[],
  by: Change,
): Promise<Map<MovedAccount, MoveInOutcome>> {
  const outcomes = new Map<MovedAccount, MoveInOutcome>();
  if (placing.length === 0) return outcomes;
  const rows = placing.map(({ row }) => row);
  const all = await registry.upsertAccounts(rows, by);
  for (const { moved, row } of placing) {
    const placed = all.ok || placing.length === 1 ? all : await registry.upsertAccounts([row], by);
    outcomes.set(moved, outcomeOf(`account ${moved.account}`, placed));
  }
  return outcomes;
}

/** With its customer just as the records have it, so that nothing but the meters changes. */
function withMeters(moved: MovedAccount, { status, name, phones, language }: PresentAccount): AccountRegistration {
  const { account } = moved;
  const meters = moved.meters.map(({ meterNumber, role, from, to }) => ({
    meterNumber,
    thing: null,
    role,
    from,
    to,
    baseRegisterWh: null,
    ratingW: null,
  }));
  const customer = { key: movedCustomerKey(moved), name, phones, language };
  return { account, site: account.slice(-3), status, customer, meters, aliases: [], rates: [] };
}

function outcomeOf(subject: string, registered: Registered): MoveInOutcome {
  if (registered.ok) return { subject, outcome: "moved" };
  const { kind, detail } = registered.error;
  const isSite = kind === "unknown" && detail.includes("site");
  return { subject, outcome: "refused", because: isSite ? "its site is not registered here" : `${kind}: ${detail}` };
}
