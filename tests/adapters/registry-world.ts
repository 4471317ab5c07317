import { withClient } from "../../dev/database-server.ts";
import { connect } from "../../src/adapters/neon/database.ts";
import { neonRegistry } from "../../src/adapters/neon/registry.ts";
import { neonRestores } from "../../src/adapters/neon/restore-accounts.ts";
import { COUNTRIES } from "../../src/domain/country.ts";
import type { AccountRegistration, Registry, TillRegistration } from "../../src/ports/registry.ts";
import type { Restores } from "../../src/ports/restores.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";
import { NOON, value } from "./rows.ts";

/** A database with one site, and what is registered there unless a test says otherwise. */

export const by = { actor: "ops:test", reason: "a test", at: NOON };
export const till: TillRegistration = {
  tillId: "till-1",
  name: "North",
  currency: "LSL",
  providers: ["mpesa"],
  senders: ["MPESA"],
  caps: { paymentMinorMax: 1, accountDayMinorMax: 2, tillDayMinorMax: 3, chainBreakMinorMax: 4 },
};
export const phone = {
  phoneId: "phone-1",
  name: "One",
  tillId: "till-1",
  channel: "electricity",
  tokenHash: "h1",
  smssyncSecretHash: null,
} as const;

export const account = (over: Partial<AccountRegistration> = {}): AccountRegistration => ({
  account: "0045MAK",
  site: "MAK",
  status: "live",
  customer: { key: "c1", name: "Test One", phones: ["26650000101"], language: null },
  meters: [
    { meterNumber: "23099001", thing: "t-1", role: "primary", from: NOON, to: null, baseRegisterWh: 5, ratingW: null },
  ],
  aliases: [{ alias: "315103084", from: NOON, to: NOON + 1_000 }],
  rates: [],
  ...over,
});

export let database: FreshDatabase;
export let db: ReturnType<typeof connect>;
export let registry: Registry;
export let restores: Restores;
export const ask = (query: string) => withClient(database.ownerUrl, (client) => value(client, query));
export const versionOf = async (work: ReturnType<Registry["putTill"]>) => {
  const answer = await work;
  if (!answer.ok) throw new Error(JSON.stringify(answer.error));
  return answer.value.version;
};

export const open = async () => {
  database = await freshDatabase();
  db = connect(database.appUrl, database.sqlUrl);
  registry = neonRegistry(db);
  restores = neonRestores(db, COUNTRIES.LS);
  await versionOf(registry.upsertSites([{ code: "MAK", name: "Ha Makebe", district: "Berea" }], by));
};
export const close = () => database.drop();
