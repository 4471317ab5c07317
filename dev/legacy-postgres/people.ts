import type { Draw } from "../faults/seeded.ts";
import type { CopyCell } from "./copy-in.ts";
import type { KeyMaker } from "./key.ts";
import { BEGIN_WALL, DAY_MS, dayText, instantText, type LegacyPlan, POSTGRES_WALL } from "./plan.ts";

export type Row = CopyCell[];
export type OldAccountFacts = { account: string; customerId: number; connectedWall: number; phone: string };

const FIRST = ["Thabo", "Palesa", "Neo", "Lineo", "Mpho", "Kabelo", "Lerato", "Tumelo", "Refiloe", "Thato"] as const;
const LAST = [
  "Mokoena",
  "Letsie",
  "Ramaili",
  "Khalane",
  "Nthako",
  "Sello",
  "Phiri",
  "Tsolo",
  "Mahao",
  "Tlali",
] as const;
const TYPES = ["HH1", "HH2", "HH3", "SME", "CHU", "SCH"] as const;
/** Each of these stands so far up the list, again and again, that a database of sixty customers has it too. */
const EVERY = {
  noLegacyId: 15,
  badPhone: 20,
  noName: 50,
  swappedPlace: 30,
  ended: 30,
  secondAccount: 25,
  futureStep: 30,
  strayStep: 20,
};
/** Legacy ids and keys are both small integers, and one customer's is another's. */
const LEGACY_ABOVE = 7;
export const CUSTOMER_COLUMNS = [
  "id", "customer_id_legacy", "first_name", "last_name", "community", "phone", "cell_phone_1", "national_id", "district",
  "plot_number", "customer_type", "gps_lat", "gps_lon", "date_service_connected", "date_service_terminated",
  "is_active", "created_at", "gender",
  "connection_fee_paid", "connection_fee_paid_date", "readyboard_fee_paid", "readyboard_tested", "readyboard_tested_date",
  "airdac_connected", "airdac_connected_date", "customer_commissioned",
]; // biome-ignore format: one list
export const ACCOUNT_COLUMNS = [
  "id",
  "account_number",
  "customer_id",
  "community",
  "account_sequence",
  "opened_date",
  "created_at",
];

export type People = { customers: Row[]; accountRows: Row[]; accounts: OldAccountFacts[]; lines: number };

/** Customers and their accounts, and of both what the old database has wrong. */
export function makePeople(plan: LegacyPlan, draw: Draw, key: KeyMaker): People {
  const customers = Array.from({ length: plan.customers }, (_, index) => customerRow(plan, draw, key, index));
  const seconds = Math.floor(plan.customers / EVERY.secondAccount);
  const accounts: OldAccountFacts[] = [];
  const accountRows: Row[] = [];
  for (let index = 0; index < plan.customers + seconds; index++) {
    const holder = index < plan.customers ? index : (index - plan.customers) * EVERY.secondAccount;
    const account = accountAt(plan, index);
    const connectedWall = connectedAt(plan, holder);
    accounts.push({ account, customerId: holder + 1, connectedWall, phone: phoneOf(holder) });
    accountRows.push(accountRow(accountRows.length + 1, account, holder + 1, connectedWall));
  }
  spoilAccounts(plan, key, accounts, accountRows);
  return { customers, accountRows, accounts, lines: customers.length };
}

const siteAt = (plan: LegacyPlan, index: number) => plan.sites[index % plan.sites.length] ?? "MAK";
const accountAt = (plan: LegacyPlan, index: number) =>
  String(plan.firstNumber + Math.floor(index / plan.sites.length)).padStart(4, "0") + siteAt(plan, index);
const phoneOf = (index: number) => String(58_000_000 + index * 37);
/** In the order of their numbers, over the years before the move to PostgreSQL. */
const connectedAt = (plan: LegacyPlan, index: number) =>
  BEGIN_WALL + Math.floor((index / plan.customers) * ((POSTGRES_WALL - BEGIN_WALL) / DAY_MS) * 0.8) * DAY_MS;
const every = (index: number, each: number, at: number) => index % each === at;

function customerRow(plan: LegacyPlan, draw: Draw, key: KeyMaker, index: number): Row {
  const id = index + 1;
  const legacyId = every(index, EVERY.noLegacyId, 3) ? null : id + LEGACY_ABOVE;
  const subject = legacyId === null ? `customer new ${id}` : `customer ${legacyId}`;
  const isNameless = every(index, EVERY.noName, 9);
  if (isNameless) key.person("name_missing", subject);
  const hasBadPhone = every(index, EVERY.badPhone, 7);
  const isSwapped = every(index, EVERY.swappedPlace, 11);
  if (isStray(index) || isFuture(index)) key.person("step_not_taken", `account ${accountAt(plan, index)}`);
  if (hasBadPhone) key.person("field_left_empty", subject);
  if (isSwapped) key.person("field_left_empty", subject);
  const isEnded = every(index, EVERY.ended, 5);
  const [south, east] = [-29.4 - draw.below(1_000) / 5_000, 28.1 + draw.below(1_000) / 5_000];
  return [
    id,
    legacyId,
    isNameless ? null : draw.pick(FIRST),
    isNameless ? " " : `${draw.pick(LAST)}${index % 97 === 0 ? "\t" : ""}`,
    siteAt(plan, index),
    phoneOf(index),
    hasBadPhone ? "no phone" : null,
    String(1_000_000 + index * 13),
    null,
    `${siteAt(plan, index)} ${String(index).padStart(4, "0")} HH`,
    draw.pick(TYPES),
    isSwapped ? east : south,
    isSwapped ? south : east,
    dayText(connectedAt(plan, index)),
    isEnded ? "2026-05-04" : null,
    !isEnded,
    instantText(connectedAt(plan, index) + 9 * 3_600_000),
    index % 2 === 0 ? "female" : "male",
    ...flagsAt(plan, index),
  ];
}

const isStray = (index: number) => every(index, EVERY.strayStep, 8);
const isFuture = (index: number) => every(index, EVERY.futureStep, 12);

/** Steps as people ticked them: some with their day, some without, some with the day and no tick, one in a year to come. */
function flagsAt(plan: LegacyPlan, index: number): Row {
  const day = dayText(connectedAt(plan, index));
  return [!isStray(index), day, every(index, 3, 0), true, isFuture(index) ? "2031-01-01" : day, true, day, true];
}

const accountRow = (id: number, account: string, customerId: number | null, wall: number): Row => [
  id,
  account,
  customerId,
  account.slice(-3).toUpperCase(),
  Number.parseInt(account, 10) || null,
  dayText(wall),
  instantText(wall + 9 * 3_600_000),
];

/** Another spelling, a number given twice, a customer who is gone, no account at all, and those of another country. */
function spoilAccounts(plan: LegacyPlan, key: KeyMaker, accounts: OldAccountFacts[], rows: Row[]) {
  const add = (account: string, customerId: number | null, wall = BEGIN_WALL) => {
    rows.push(accountRow(rows.length + 1, account, customerId, wall));
    return rows.length;
  };
  const at = (index: number) => accounts[index % plan.customers] as OldAccountFacts;
  for (const index of [20, 21]) {
    const { account, customerId, connectedWall } = at(index);
    key.leaveOut("accounts", add(account.toLowerCase(), customerId, connectedWall), "duplicate");
  }
  for (const index of [31, 32]) {
    // The sequence fell behind its data and gave a number again: whoever had it first is listed.
    const { account, connectedWall } = at(index);
    add(account.toLowerCase(), at(index + 10).customerId, connectedWall - 30 * DAY_MS);
    key.person("earlier_holder", subjectOf(at(index + 10).customerId));
  }
  key.leaveOut("accounts", add("0901MAK", 999_999), "customer_unknown");
  key.leaveOut("accounts", add("0902MAK", null), "customer_unknown");
  for (const junk of ["TEST01", "??", "CASH"]) key.leaveOut("accounts", add(junk, 1), "account_unreadable");
  for (const foreign of ["0012GBO", "0013SAM"]) key.leaveOut("accounts", add(foreign, 2), "other_country");
}

export const subjectOf = (customerId: number) =>
  every(customerId - 1, EVERY.noLegacyId, 3) ? `customer new ${customerId}` : `customer ${customerId + LEGACY_ABOVE}`;
