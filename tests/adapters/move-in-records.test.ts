/** The customers and accounts of the Access files, written to a real database: once, and no more. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { withClient } from "../../dev/database-server.ts";
import { neonCustomers } from "../../src/adapters/neon/customers-write.ts";
import { connect } from "../../src/adapters/neon/database.ts";
import { neonRegistry } from "../../src/adapters/neon/registry.ts";
import { COUNTRIES } from "../../src/domain/country.ts";
import { type MovedRecords, recordsOf } from "../../src/domain/moving-in/records.ts";
import { movedInCustomers, presentAccounts } from "../../src/queries/moved-in.ts";
import {
  type MoveInOutcome,
  type MoveInPorts,
  moveInAccounts,
  moveInCustomers,
} from "../../src/services/move-in-records.ts";
import { key, moved } from "../access-files.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";
import { NOON, value } from "./rows.ts";

const by = { actor: "Lineo", reason: "the move-in", at: NOON };

let database: FreshDatabase;
let ports: MoveInPorts;
let records: MovedRecords;
const ask = (query: string) => withClient(database.ownerUrl, (client) => value(client, query));
const count = async (from: string) => Number(await ask(`SELECT count(*) FROM ${from}`));
const outcomes = (all: MoveInOutcome[]) =>
  Object.fromEntries([...Map.groupBy(all, ({ outcome }) => outcome)].map(([outcome, of]) => [outcome, of.length]));

/** The closed sites too, by hand: the door makes them by itself. */
const sitesOf = (accounts: { account: string }[]) => [...new Set(accounts.map(({ account }) => account.slice(-3)))];

beforeAll(async () => {
  database = await freshDatabase();
  const db = connect(database.appUrl, database.sqlUrl);
  ports = {
    customers: neonCustomers(db),
    registry: neonRegistry(db),
    present: {
      customers: (keys) => movedInCustomers(db, keys),
      accounts: (accounts) => presentAccounts(db, accounts),
    },
  };
  records = recordsOf(moved().main, COUNTRIES.LS);
  records.accounts.sort((a, b) => (a.account < b.account ? -1 : 1));
  const sites = sitesOf(records.accounts).map((code) => ({ code, name: code, district: null }));
  const made = await neonRegistry(db).upsertSites(sites.slice(1), by);
  if (!made.ok) throw new Error(made.error.detail);
});
afterAll(() => database.drop());

it("refuses customers and accounts of a site that is not registered, by name, and brings the others", async () => {
  const missing = sitesOf(records.accounts)[0];
  const customers = await moveInCustomers(ports, records.customers, by);
  const refused = customers.filter(({ outcome }) => outcome === "refused");
  expect(refused.every((each) => "because" in each && each.because === "its site is not registered here")).toBe(true);
  const accounts = await moveInAccounts(ports, records.accounts, by);
  const without = accounts.filter(({ outcome }) => outcome === "refused").map(({ subject }) => subject.slice(-3));
  expect(new Set(without)).toEqual(new Set([missing]));
  expect(await count("customers")).toBe(key.expected.customers - refused.length);
});

it("brings the rest when the site is there, and then has every customer and account of the key", async () => {
  const db = connect(database.appUrl, database.sqlUrl);
  const [code = ""] = sitesOf(records.accounts);
  await neonRegistry(db).upsertSites([{ code, name: code, district: null }], by);
  const customers = await moveInCustomers(ports, records.customers, by);
  const accounts = await moveInAccounts(ports, records.accounts, by);
  expect(outcomes([...customers, ...accounts]).refused).toBeUndefined();
  expect(await count("customers WHERE source = 'access'")).toBe(key.expected.customers);
  expect(await count("accounts")).toBe(key.expected.accounts);
  const bySite = await ask(
    "SELECT json_object_agg(site_code, n)::text FROM (SELECT site_code, count(*) AS n FROM accounts GROUP BY 1) s",
  );
  expect(JSON.parse(String(bySite))).toEqual(key.expected.accountsBySite);
  const ended = records.accounts.filter(({ terminatedAt }) => terminatedAt !== null).length;
  expect(await count("accounts WHERE status = 'terminated' AND terminated_at IS NOT NULL")).toBe(ended);
  const placed = records.accounts.reduce((sum, { meters }) => sum + meters.length, 0);
  expect(await count("meter_placements WHERE valid_to IS NULL")).toBe(placed);
  expect(await count("meters WHERE meter_number LIKE '0%'")).toBe(0);
});

it("changes nothing the second time, and leaves what people changed since", async () => {
  await ask("UPDATE customers SET name = 'Put right', phones = '{26650009999}' WHERE legacy_id = 4 RETURNING id");
  const before = [await count("mutations"), await ask("SELECT max(facts_version) FROM accounts")];
  const again = [
    ...(await moveInCustomers(ports, records.customers, by)),
    ...(await moveInAccounts(ports, records.accounts, by)),
  ];
  expect(outcomes(again)).toEqual({ known: key.expected.customers + key.expected.accounts });
  expect([await count("mutations"), await ask("SELECT max(facts_version) FROM accounts")]).toEqual(before);
  expect(await ask("SELECT name FROM customers WHERE legacy_id = 4")).toBe("Put right");
});

it("has names, phones and long memos as the old database had them", async () => {
  for (const { customerId, last } of key.defects.unicode_names.rows)
    expect(await ask(`SELECT family_name FROM customers WHERE legacy_id = ${customerId}`)).toBe(last.normalize("NFC"));
  const longest = Math.max(
    ...key.defects.long_memo.rows
      .filter((r: { table: string }) => r.table === "tblcustomer")
      .map((r: { length: number }) => r.length),
  );
  expect(Number(await ask("SELECT max(length(note)) FROM customers"))).toBe(longest);
});
