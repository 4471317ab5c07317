import { withClient } from "../../dev/database-server.ts";
import { neonCommissionings } from "../../src/adapters/neon/commissioning-write.ts";
import { neonCustomers } from "../../src/adapters/neon/customers-write.ts";
import { connect, type Database } from "../../src/adapters/neon/database.ts";
import { neonRegistry } from "../../src/adapters/neon/registry.ts";
import type { Ask } from "../../src/domain/commissioning.ts";
import type { Step } from "../../src/domain/commissioning-rules.ts";
import { COUNTRIES } from "../../src/domain/country.ts";
import { newCustomer } from "../../src/domain/customer.ts";
import { localDay } from "../../src/domain/local-day.ts";
import type { CommissioningFacts, Commissionings } from "../../src/ports/commissioning.ts";
import { accountOfKey } from "../../src/queries/customers.ts";
import { type BatchMode, recordCommissioning, type Said } from "../../src/services/record-commissioning.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";
import { NOON, value } from "./rows.ts";

/** Accounts of two sites on their way to light. */

export const LS = COUNTRIES.LS;
export const DAY_MS = 86_400_000;
export const by = { actor: "Lineo", reason: null, at: NOON };
export const day = (back: number) => localDay(NOON - back * DAY_MS, LS.utcOffsetMinutes);

export let database: FreshDatabase;
export let db: Database;
export let store: Commissionings;
export let account = "";
export let meters = 0;
export const ask = (query: string) => withClient(database.ownerUrl, (client) => value(client, query));

/** An account opened twenty days ago, with a meter since. */
export async function opened(site = "MAK"): Promise<string> {
  const n = ++meters;
  const key = `commissioning:${n}`;
  const fields = newCustomer({ name: `Person ${n}` });
  if (!fields.ok) throw new Error("nobody");
  const openedAt = NOON - 20 * DAY_MS;
  const done = await neonCustomers(db).register(
    { key, source: "portal", fields: fields.value, account: { site, account: null, status: "postpaid", openedAt } },
    by,
  );
  if (!done.ok) throw new Error(JSON.stringify(done.error));
  const number = (await accountOfKey(db, key)) ?? "";
  await withClient(database.ownerUrl, async (client) => {
    await client.query("INSERT INTO meters (meter_number) VALUES ($1)", [`77${n}`]);
    await client.query(
      `INSERT INTO meter_placements (meter_id, account_id, role, valid_from, facts_version)
      SELECT m.id, a.id, 'primary', to_timestamp($3 / 1000.0), 1 FROM meters m, accounts a
      WHERE m.meter_number = $1 AND a.account_number = $2`,
      [`77${n}`, number, openedAt],
    );
  });
  return number;
}

export const says = (text: string, of = account): Said => {
  const [act = "", step = "", back = ""] = text.split(" ");
  return {
    account: of,
    ask: { act, step, ...(back === "" ? {} : { day: day(Number(back)) }) } as Ask,
    reason: "a test",
  };
};
export const ports = () => ({ country: LS, commissionings: store });
export async function record(rows: Said[], mode: BatchMode = "all") {
  const answer = await recordCommissioning(ports(), rows, mode, by);
  if (!answer.ok) throw new Error(JSON.stringify(answer.error));
  return answer.value;
}
export const factsOf = async (of = account): Promise<CommissioningFacts> => {
  const [facts] = await store.facts([of]);
  if (facts === undefined) throw new Error("no such account");
  return facts;
};
export type Stage = {
  stage: Step;
  reached: Record<string, number | null>;
  connected: number | null;
  ended: number | null;
  is: boolean;
};
export const viewOf = async (of = account) =>
  (
    await db.read<Stage>(
      `SELECT s.stage, s.reached, cc_ms(s.connected_at) AS connected, cc_ms(s.terminated_at) AS ended, s.is_connected AS is
      FROM account_stages s JOIN accounts a ON a.id = s.account_id WHERE a.account_number = $1`,
      [of],
    )
  )[0];

export const open = async () => {
  database = await freshDatabase();
  db = connect(database.appUrl, database.sqlUrl);
  store = neonCommissionings(db, LS);
  const sites = ["MAK", "SHG"].map((code) => ({ code, name: `Ha ${code}`, district: null }));
  await neonRegistry(db).upsertSites(sites, by);
};
export const close = () => database.drop();
export const begin = async () => {
  account = await opened();
};

export const CONNECT = ["record meter_installed 10", "record commissioned 9"];
