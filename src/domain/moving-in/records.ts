import { type Country, withClosedSites } from "../country.ts";
import { type CustomerFields, type FieldFault, newCustomer, readCustomer, type TypedCustomer } from "../customer.ts";
import { CUSTOMER_TYPES } from "../customer-type.ts";
import type { OldCustomer } from "./customers.ts";
import type { OldMeter } from "./meters.ts";
import { hungIn, type MovedMeter, midnight, placementsOf } from "./placements.ts";
import type { OldAccount } from "./registers.ts";
import type { OldStep } from "./steps.ts";
import { firstAccounts, type Proofs, provenOf } from "./steps-of-account.ts";
import type { OldTransaction } from "./transactions.ts";
import { BELIEVED_FROM_WALL, instantOfWall, wallText } from "./wall-time.ts";

/** A customer of the old database as the new one keeps customers. */
export type MovedCustomer = MovedHolder & { fields: CustomerFields };

/** Who it was there: by the number of the Access years, or, of those who came after them, by PostgreSQL's own. */
export type MovedHolder = { legacyId: number | null; postgresId?: number | undefined };
export const holderText = ({ legacyId, postgresId }: MovedHolder): string =>
  legacyId === null ? `new ${postgresId}` : String(legacyId);

/** An account with who has it now; instants in UTC ms. */
export type MovedAccount = MovedHolder & {
  account: string;
  openedAt: number | null;
  /** Null: it has not ended. */
  terminatedAt: number | null;
  meters: MovedMeter[];
  /** What the old books prove of its way to light. */
  steps?: readonly OldStep[];
};

/** What is known of the old database and has no place here, or needs a person. */
export type LeftForAPerson = {
  what:
    | "field_left_empty"
    | "name_missing"
    | "earlier_holder"
    | "meter_not_placed"
    | "primary_meter_unclear"
    | "placement_overlap"
    | "possible_echo"
    | "balance_disagrees"
    | "step_not_taken";
  /** The customer, the account or the meter. */
  subject: string;
  detail: string;
};

export type MovedRecords = { customers: MovedCustomer[]; accounts: MovedAccount[]; left: LeftForAPerson[] };

const NAMELESS = "Customer";

/** The customers and accounts as they can be written, and everything of them that cannot. */
export function recordsOf(
  old: {
    customers: readonly OldCustomer[];
    accounts: readonly OldAccount[];
    meters: readonly OldMeter[];
    transactions: readonly Pick<OldTransaction, "account" | "wallMs">[];
  } & Proofs,
  country: Country,
): MovedRecords {
  const left: LeftForAPerson[] = [];
  const metersOf = Map.groupBy(old.meters, ({ account }) => account);
  const hung = hungIn(old.meters);
  const byId = new Map(old.customers.map((customer) => [customer.id, customer]));
  const firstOf = firstTransactions(old.transactions);
  const typeOf = typesBeside(old.accounts, metersOf);
  const customers = old.customers.map((customer) => ({
    ...holderOf(customer),
    fields: fieldsOf(customer, typeOf.get(customer.id) ?? null, country, left),
  }));
  const firsts = firstAccounts(old.accounts);
  const until = old.untilWall === undefined ? null : wallText(old.untilWall).slice(0, 10);
  const accounts = old.accounts.flatMap((account) => {
    const holder = account.holders.at(-1);
    const present = holder === undefined ? undefined : byId.get(holder.customerId);
    if (holder === undefined || present === undefined) return [];
    for (const { customerId, from, until } of account.holders.slice(0, -1)) {
      const detail = `${account.account} from ${from ?? "?"} until ${until ?? "?"}`;
      const earlier = byId.get(customerId);
      const named = earlier === undefined ? String(customerId) : holderText(holderOf(earlier));
      left.push({ what: "earlier_holder", subject: `customer ${named}`, detail });
    }
    const firstWall = firstOf.get(account.account);
    // Where no register says when: it was there at its first transaction, or when its customer was entered.
    const seenAt = firstWall === undefined ? present.createdAt : instantOfWall(firstWall, country);
    const enteredAt = holder.from === null ? (seenAt ?? null) : midnight(holder.from, country);
    const endedOn = believedEnd(account.account, holder.until, until, left);
    const terminatedAt = endedOn === null ? null : midnight(endedOn, country);
    const beside = metersOf.get(account.account) ?? [];
    const found = { account, customer: present, isFirst: firsts.has(account.account), endedOn, meters: beside };
    const light = provenOf({ ...found, openedAt: null, placed: [] }, old, country).steps.find(
      ({ step }) => step === "commissioned",
    );
    // What had light on a day was there that day, whenever its row was made.
    const openedAt =
      account.holders.length > 1 || light === undefined || light.day === null || enteredAt === null
        ? enteredAt
        : Math.min(enteredAt, midnight(light.day, country));
    const placed = placementsOf(account.account, beside, hung, openedAt, country, left);
    const meters = terminatedAt === null ? placed : [];
    const { steps, left: doubtful } = provenOf({ ...found, openedAt, placed: meters }, old, country);
    for (const { step, day, source, why } of doubtful)
      left.push({
        what: "step_not_taken",
        subject: `account ${account.account}`,
        detail: `${step} ${day ?? "without a day"} (${source}): ${why}`,
      });
    return [
      {
        account: account.account,
        ...holderOf(present),
        // What ended before its record was made began no later than it ended.
        openedAt:
          terminatedAt === null || openedAt === null ? (openedAt ?? terminatedAt) : Math.min(openedAt, terminatedAt),
        terminatedAt,
        meters,
        steps,
      },
    ];
  });
  const coming = new Set(accounts.map(({ account }) => account));
  for (const { meter, account, site } of old.meters) {
    if (account !== null && coming.has(account)) continue;
    const detail = account === null ? `no account, ${site ?? "no site"}` : `of ${account}, which does not come`;
    left.push({ what: "meter_not_placed", subject: `meter ${meter}`, detail });
  }
  return { customers, accounts, left };
}

/** An end that cannot be believed is none, and a person is told. */
function believedEnd(account: string, on: string | null, until: string | null, left: LeftForAPerson[]): string | null {
  if (on === null || (on >= wallText(BELIEVED_FROM_WALL).slice(0, 10) && (until === null || on <= until))) return on;
  left.push({ what: "step_not_taken", subject: `account ${account}`, detail: `terminated ${on}: no day to believe` });
  return null;
}

function firstTransactions(transactions: readonly Pick<OldTransaction, "account" | "wallMs">[]): Map<string, number> {
  const first = new Map<string, number>();
  for (const { account, wallMs } of transactions)
    first.set(account, Math.min(wallMs, first.get(account) ?? Number.POSITIVE_INFINITY));
  return first;
}

/** The type of a customer stands beside the meter of the account, where the customer's own row has none. */
function typesBeside(
  accounts: readonly OldAccount[],
  metersOf: ReadonlyMap<string | null, OldMeter[]>,
): Map<number, string> {
  const types = new Map<number, string>();
  for (const { account, holders } of accounts) {
    const type = metersOf.get(account)?.find(({ customerType }) => customerType !== null)?.customerType;
    const holder = holders.at(-1);
    if (type !== undefined && type !== null && holder !== undefined) types.set(holder.customerId, type);
  }
  return types;
}

function fieldsOf(
  old: OldCustomer,
  typeBeside: string | null,
  country: Country,
  left: LeftForAPerson[],
): CustomerFields {
  const named = holderText(holderOf(old));
  const subject = `customer ${named}`;
  const given = oneLine([old.firstName, old.middleName].filter((part) => part !== null).join(" "));
  const typed: Partial<TypedCustomer> = {
    givenName: given,
    familyName: oneLine(old.lastName),
    phones: old.phones.map((phone) => `+${phone}`),
    email: oneLine(old.email),
    nationalId: oneLine(old.nationalId),
    gender: oneLine(old.gender),
    site: old.site,
    plotNumber: oneLine(old.plot),
    latitude: old.latitude,
    longitude: old.longitude,
    street: oneLine(old.streetAddress),
    place: oneLine(old.city),
    district: oneLine(old.district),
    note: old.notes,
    legacyId: old.legacyId,
  };
  for (const phone of old.unreadPhones)
    left.push({ what: "field_left_empty", subject, detail: `phone ${phone} is no phone number` });
  const known = withClosedSites(country);
  const read = readCustomer(typed, known);
  const faults = read.ok ? [] : read.error;
  for (const { field, value, expected } of faults)
    left.push({ what: "field_left_empty", subject, detail: `${field} ${JSON.stringify(value)}: expected ${expected}` });
  const readable = read.ok ? read : readCustomer(without(typed, faults), known);
  const made = newCustomer(readable.ok ? readable.value : {});
  const type = (old.position ?? typeBeside)?.trim().toUpperCase() ?? null;
  const isKnownType = type === null || CUSTOMER_TYPES.includes(type);
  if (!isKnownType) left.push({ what: "field_left_empty", subject, detail: `type ${type} is none of ours` });
  const customerType = isKnownType ? type : null;
  if (made.ok) return { ...made.value, customerType };
  left.push({
    what: "name_missing",
    subject,
    detail: `is called ${NAMELESS} ${named} until somebody names them`,
  });
  const nameless = newCustomer({ ...(readable.ok ? readable.value : {}), name: `${NAMELESS} ${named}` });
  if (!nameless.ok) throw new Error("a name was given");
  return { ...nameless.value, customerType };
}

/** The same without the fields that do not read; a fault of one phone, and of a place, names more than a field. */
function without(typed: Partial<TypedCustomer>, faults: readonly FieldFault[]): Partial<TypedCustomer> {
  const wrong = new Set(faults.flatMap(({ field }) => field.split(/, |\./)));
  return Object.fromEntries(Object.entries(typed).filter(([field]) => !wrong.has(field)));
}

const holderOf = ({ id, legacyId }: OldCustomer): MovedHolder =>
  legacyId === null ? { legacyId, postgresId: id } : { legacyId };

function oneLine(text: string | null): string | null {
  const line = text?.normalize("NFC").replace(/\s+/g, " ").trim() ?? "";
  return line === "" ? null : line;
}
