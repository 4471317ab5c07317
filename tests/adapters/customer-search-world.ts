import { neonCustomers } from "../../src/adapters/neon/customers-write.ts";
import { connect, type Database } from "../../src/adapters/neon/database.ts";
import { neonRegistry } from "../../src/adapters/neon/registry.ts";
import { COUNTRIES } from "../../src/domain/country.ts";
import { type CustomerFields, newCustomer } from "../../src/domain/customer.ts";
import { readQuestion } from "../../src/domain/customer-question.ts";
import type { Registered } from "../../src/ports/registry.ts";
import { type CustomerHit, type SearchCursor, searchCustomers } from "../../src/queries/customer-search.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";
import { NOON } from "./rows.ts";

/** Customers whom a search may take for each other. */

export const by = { actor: "Lineo", reason: null, at: NOON };
export const DAY = 86_400_000;

export let database: FreshDatabase;
export let db: Database;
export const done = (answer: Registered) => {
  if (!answer.ok) throw new Error(JSON.stringify(answer.error));
};
export let keys = 0;
export async function put(account: string | null, fields: Partial<CustomerFields>) {
  const whole = newCustomer(fields);
  if (!whole.ok) throw new Error("nobody");
  const opening = { site: account?.slice(4) ?? "", account, status: "live", openedAt: null } as const;
  done(
    await neonCustomers(db).register(
      {
        key: `registration:${++keys}`,
        source: "portal",
        fields: whole.value,
        account: account === null ? null : opening,
      },
      by,
    ),
  );
}

export async function ask(typed: string, after: SearchCursor | null = null, limit = 50): Promise<CustomerHit[]> {
  const question = readQuestion(typed, COUNTRIES.LS);
  return question === null ? [] : searchCustomers(db, question, { now: NOON, after, limit });
}
export const found = async (typed: string) => (await ask(typed)).map(({ name, matched }) => `${name}: ${matched}`);

export const open = async () => {
  database = await freshDatabase();
  db = connect(database.appUrl, database.sqlUrl);
  const registry = neonRegistry(db);
  done(
    await registry.upsertSites(
      ["MAK", "SHG"].map((code) => ({ code, name: `Ha ${code}`, district: null })),
      by,
    ),
  );
  await put("0045MAK", {
    givenName: "Thabo",
    familyName: "Mokoena",
    phones: ["26650000101", "26662000131"],
    nationalId: "0123-4567 89",
    plotNumber: "MAK 0123 HH1",
    legacyId: 6_731,
  });
  await put("0046MAK", { givenName: "Réné Thabiso", familyName: "N'Tcha", phones: ["2290197000122"] });
  await put("0045SHG", { givenName: "Thabo", familyName: "Mokoenanyane", phones: ["26650000102"] });
  await put("0001MAK", { name: "Thabo's Bakery", phones: ["26650000101"] });
  await put(null, { name: "Mokoena Thabo", nationalId: "0123456789" });
  done(
    await registry.upsertAccounts(
      [
        {
          account: "0100MAK",
          site: "MAK",
          status: "live",
          customer: { key: "meters", name: "Lineo Khalane", phones: [], language: null },
          meters: [
            {
              meterNumber: "23099001",
              thing: null,
              role: "primary",
              from: NOON - 9 * DAY,
              to: NOON - DAY,
              baseRegisterWh: null,
              ratingW: null,
            },
            {
              meterNumber: "SM5R-04-AB12",
              thing: null,
              role: "primary",
              from: NOON - DAY,
              to: null,
              baseRegisterWh: null,
              ratingW: null,
            },
          ],
          aliases: [{ alias: "315103084", from: NOON - 9 * DAY, to: null }],
          rates: [],
        },
      ],
      by,
    ),
  );
};
export const close = () => database.drop();
