import { OmSimulator } from "../../dev/om.ts";
import { connect, type Database } from "../../src/adapters/neon/database.ts";
import { neonOmMirrors } from "../../src/adapters/neon/om-mirrors.ts";
import { neonTickets } from "../../src/adapters/neon/tickets.ts";
import { omClient } from "../../src/adapters/om/om-client.ts";
import { findTicket } from "../../src/queries/tickets.ts";
import * as mirrors from "../../src/services/mirror-tickets.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";
import { NOON, seed } from "./rows.ts";

/** A ticket, its mirror and the O&M system that has it: what changes here and there. */

export let database: FreshDatabase;
export let db: Database;
export let om: OmSimulator;
export let ports: mirrors.MirrorPorts;
export let url: string;
export const sendTickets = (of: mirrors.MirrorPorts, now: number) => mirrors.sendTickets(of, () => now);
export const seeTickets = (of: mirrors.MirrorPorts, now: number) => mirrors.seeTickets(of, () => now);
export const KEY = "a key of a test";
export const HOUR_MS = 3_600_000;
export const by = { actor: "Lineo", reason: null, at: NOON };

export const begin = async () => {
  database = await freshDatabase();
  db = connect(database.appUrl, database.sqlUrl);
  await seed(database.ownerUrl);
  om = new OmSimulator(KEY);
  url = await om.listen();
  const tickets = neonTickets(db);
  ports = { country: "LS", om: omClient({ url, key: KEY }), mirrors: neonOmMirrors(db), tickets };
  await tickets.open(
    {
      ...{
        key: "person:1",
        class: "customer_grievance",
        category: "no-power",
        priority: "P1",
        source: "person",
        rule: null,
      },
      ...{
        caseKey: null,
        site: "MAK",
        account: "0045MAK",
        phone: null,
        summary: "no light",
        reportedBy: "Lineo",
        failedAt: null,
      },
    },
    by,
  );
};
export const end = async () => {
  await om.close();
  await database.drop();
};
export const own = async () => (await findTicket(db, 1)) ?? { state: "", version: -1, cause: null };
export const tickets = () => neonTickets(db);
/** Somebody there changes the first ticket. */
export const theirs = (fields: Record<string, unknown>) => Object.assign(om.tickets[0] ?? {}, fields);
export const mirror = async () =>
  (await db.read<Record<string, unknown>>("SELECT * FROM om_mirrors WHERE ticket_id = 1"))[0] ?? {};
