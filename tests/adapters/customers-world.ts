import { withClient } from "../../dev/database-server.ts";
import { neonCustomers } from "../../src/adapters/neon/customers-write.ts";
import { connect, type Database } from "../../src/adapters/neon/database.ts";
import { neonRegistry } from "../../src/adapters/neon/registry.ts";
import type { CustomerFields } from "../../src/domain/customer.ts";
import type { AccountOpening, CustomerRegistration, Customers } from "../../src/ports/customers.ts";
import type { Registered } from "../../src/ports/registry.ts";
import { type CustomerCard, customerOfKey } from "../../src/queries/customers.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";
import { NOON, value } from "./rows.ts";

/** A database with sites and no customers, and how one is registered. */

export const by = { actor: "Lineo", reason: "a test", at: NOON };
export const DAY = 86_400_000;

export let database: FreshDatabase;
export let db: Database;
export let customers: Customers;
export const ask = (query: string) => withClient(database.ownerUrl, (client) => value(client, query));
export const done = (answer: Registered) => {
  if (!answer.ok) throw new Error(JSON.stringify(answer.error));
  return answer.value.version;
};

export const fields = (over: Partial<CustomerFields> = {}): CustomerFields => ({
  name: "Réné N'Tcha",
  givenName: "Réné",
  familyName: "N'Tcha",
  phones: ["26650000101"],
  phonesTyped: ["5000 0101"],
  email: null,
  language: "st",
  nationalId: "1234 5678",
  gender: "male",
  customerType: "HH1",
  site: "MAK",
  plotNumber: "MAK 0123 HH1",
  latitude: -29.512345,
  longitude: 27.5,
  street: null,
  place: "Ha Makebe",
  district: "Berea",
  note: null,
  rooms: null,
  legacyId: null,
  ...over,
});
export const opening = (over: Partial<AccountOpening> = {}): AccountOpening => ({
  site: over.account?.slice(4) ?? "MAK",
  account: null,
  status: "live",
  openedAt: null,
  ...over,
});
export let keys = 0;
export const registration = (over: Partial<CustomerRegistration> = {}): CustomerRegistration => ({
  key: `registration:${++keys}`,
  source: "portal",
  fields: fields(),
  account: opening(),
  ...over,
});
export async function registered(over: Partial<CustomerRegistration> = {}): Promise<CustomerCard> {
  const wanted = registration(over);
  done(await customers.register(wanted, by));
  const card = await customerOfKey(db, wanted.key);
  if (card === null) throw new Error("nobody was registered");
  return card;
}
export const accountOf = (card: CustomerCard) => card.accounts[0]?.account ?? "none";

export const open = async () => {
  database = await freshDatabase();
  db = connect(database.appUrl, database.sqlUrl);
  customers = neonCustomers(db);
  done(
    await neonRegistry(db).upsertSites(
      ["MAK", "SHG", "LEB"].map((code) => ({ code, name: `Ha ${code}`, district: null })),
      by,
    ),
  );
};
export const close = () => database.drop();
