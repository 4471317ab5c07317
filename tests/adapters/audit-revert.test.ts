import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withClient } from "../../dev/database-server.ts";
import { neonCustomers } from "../../src/adapters/neon/customers-write.ts";
import { connect, type Database } from "../../src/adapters/neon/database.ts";
import { neonRegistry } from "../../src/adapters/neon/registry.ts";
import { neonAudit } from "../../src/adapters/neon/revert.ts";
import type { CustomerFields } from "../../src/domain/customer.ts";
import { act as actOf, acts } from "../../src/queries/audit.ts";
import { customerOfKey } from "../../src/queries/customers.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";
import { NOON, value } from "./rows.ts";

const by = { actor: "Lineo", reason: "a slip", at: NOON, requestId: "r-1" };
const DAY = 86_400_000;
const CAPS = { paymentMinorMax: 1, accountDayMinorMax: 2, tillDayMinorMax: 3, chainBreakMinorMax: 4 };

let database: FreshDatabase;
let db: Database;

beforeAll(async () => {
  database = await freshDatabase();
  db = connect(database.appUrl, database.sqlUrl);
  await sites(["MAK", "Ha Makebe"], ["SHG", "Sehong"]);
});
afterAll(() => database.drop());

const ask = (query: string) => withClient(database.ownerUrl, (client) => value(client, query));
const audit = () => neonAudit(db);
const sites = (...rows: [string, string][]) =>
  neonRegistry(db).upsertSites(
    rows.map(([code, name]) => ({ code, name, district: "Berea" })),
    by,
  );
const newest = async (subject: string) => {
  const [found] = await acts(db, { subject }, null, 1);
  if (found === undefined) throw new Error(`no act about ${subject}`);
  return found.id;
};
const fields: CustomerFields = {
  name: "Thabo Mokoena",
  givenName: "Thabo",
  familyName: "Mokoena",
  phones: ["26650000101"],
  phonesTyped: ["5000 0101"],
  email: null,
  language: "st",
  nationalId: null,
  gender: null,
  customerType: "HH1",
  site: "MAK",
  plotNumber: null,
  latitude: -29.512345,
  longitude: 27.9,
  street: null,
  place: null,
  district: null,
  note: null,
  rooms: null,
  legacyId: null,
};
async function registered(key: string, site: string | null = "MAK") {
  const account = site === null ? null : { site, account: null, status: "live" as const, openedAt: NOON };
  const done = await neonCustomers(db).register({ key, source: "portal", fields, account }, by);
  if (!done.ok) throw new Error(JSON.stringify(done.error));
  const card = await customerOfKey(db, key);
  if (card === null) throw new Error("nobody");
  return card;
}

describe("a change", () => {
  it("is taken back as an act of its own that names it, with reason and request, and the second try says by which act", async () => {
    await sites(["MAK", "Ha Makeba"]);
    const id = await newest("site:MAK");
    expect(await audit().revert(id, "sites", { ...by, actor: "Mpho", reason: "it was right" })).toMatchObject({
      ok: true,
    });
    expect(await ask("SELECT name FROM sites WHERE code = 'MAK'")).toBe("Ha Makebe");
    const revert = await newest("site:MAK");
    expect(await actOf(db, revert)).toMatchObject({
      actor: "Mpho",
      action: "site.revert",
      reason: "it was right",
      requestId: "r-1",
      reverts: id,
      before: { name: "Ha Makeba" },
      after: { name: "Ha Makebe" },
    });
    expect(await actOf(db, id)).toMatchObject({ revertedBy: revert });
    expect(await audit().revert(id, "sites", by)).toEqual({ ok: false, error: { kind: "reverted", by: revert } });
    // A revert is a change like others: it can be taken back too.
    expect(await audit().revert(revert, "sites", by)).toMatchObject({ ok: true });
    expect(await ask("SELECT name FROM sites WHERE code = 'MAK'")).toBe("Ha Makeba");
  });

  it("of two who take it back at once one does", async () => {
    await sites(["MAK", "Makebe"]);
    const id = await newest("site:MAK");
    const both = await Promise.all([audit().revert(id, "sites", by), audit().revert(id, "sites", by)]);
    expect(both.filter(({ ok }) => ok)).toHaveLength(1);
    expect(both.find(({ ok }) => !ok)).toMatchObject({ error: { kind: "reverted" } });
    expect(await ask(`SELECT count(*) FROM mutations WHERE reverts = ${id}`)).toBe("1");
  });

  it("that somebody changed since is not overwritten", async () => {
    await sites(["MAK", "One"]);
    const id = await newest("site:MAK");
    await sites(["MAK", "Two"]);
    expect(await audit().revert(id, "sites", by)).toEqual({ ok: false, error: { kind: "changed" } });
    expect(await audit().rowOf(id, "sites")).toMatchObject({ name: "Two" });
    // Changed back by hand it is as the act left it.
    await sites(["MAK", "One"]);
    expect(await audit().revert(id, "sites", by)).toMatchObject({ ok: true });
  });

  it("of a customer puts back every field, and all of its accounts are told", async () => {
    const card = await registered("customer-1");
    const change = { name: "Thabiso", phones: [], phonesTyped: [], latitude: null, longitude: null, note: "moved" };
    const changed = await neonCustomers(db).update(card.customerId, card.version, change, by);
    expect(changed).toMatchObject({ ok: true });
    const id = await newest(`customer:${card.customerId}`);
    const done = await audit().revert(id, "customers", by);
    const now = await customerOfKey(db, "customer-1");
    expect({ ...now, version: 0 }).toEqual({ ...card, version: 0 });
    if (!done.ok) throw new Error("refused");
    expect(await ask(`SELECT facts_version FROM accounts WHERE customer_id = ${card.customerId}`)).toBe(
      String(done.value.version),
    );
    expect(await audit().touched(id, "customers")).toEqual(card.accounts.map(({ account }) => account));
  });

  it("an account that was ended by mistake lives again", async () => {
    const card = await registered("customer-2");
    const account = card.accounts[0]?.account ?? "";
    await neonCustomers(db).terminate(account, NOON + DAY, by);
    const id = await newest(`account:${account}`);
    expect(await audit().revert(id, "accounts", by)).toMatchObject({ ok: true });
    expect(
      await ask(`SELECT status || coalesce(terminated_at::text, '') FROM accounts WHERE account_number = '${account}'`),
    ).toBe("live");
    expect(await audit().touched(id, "accounts")).toEqual([account]);
  });

  it("a till's senders and caps", async () => {
    const till = {
      tillId: "till-9",
      name: "North",
      currency: "LSL" as const,
      providers: ["mpesa"],
      senders: ["MPESA"],
      caps: CAPS,
    };
    await neonRegistry(db).putTill(till, { senders: ["MPESA"], caps: {} }, by);
    const made = await newest("till:till-9");
    await neonRegistry(db).putTill(till, { senders: ["MPESA", "199"], caps: { tillDayMinorMax: 9 } }, by);
    expect(await audit().revert(await newest("till:till-9"), "tills", by)).toMatchObject({ ok: true });
    expect(await ask("SELECT senders::text || till_day_minor_max FROM tills WHERE id = 'till-9'")).toBe("{MPESA}3");
    expect(await audit().revert(made, "tills", by)).toMatchObject({ ok: false, error: { kind: "refused" } });
  });
});

describe("what was made", () => {
  it("goes again, comes again, and goes again: each by taking back the act before", async () => {
    await sites(["LEB", "Lebakeng"]);
    expect(await audit().revert(await newest("site:LEB"), "sites", by)).toMatchObject({ ok: true });
    expect(await ask("SELECT count(*) FROM sites WHERE code = 'LEB'")).toBe("0");
    expect(await audit().rowOf(await newest("site:LEB"), "sites")).toBeNull();
    const gone = await newest("site:LEB");
    expect(await audit().revert(gone, "sites", by)).toMatchObject({ ok: true });
    expect(await ask("SELECT name FROM sites WHERE code = 'LEB'")).toBe("Lebakeng");
    expect(await audit().revert(await newest("site:LEB"), "sites", by)).toMatchObject({ ok: true });
    // Somebody makes it by hand meanwhile: what is there is not made a second time.
    await sites(["LEB", "Another"]);
    const [, before] = await acts(db, { subject: "site:LEB" }, null, 2);
    expect(await audit().revert(before?.id ?? 0, "sites", by)).toEqual({ ok: false, error: { kind: "changed" } });
  });

  it("stays when others name it, and a customer without account goes", async () => {
    await registered("customer-3", "SHG");
    expect(await audit().revert(await newest("site:SHG"), "sites", by)).toEqual({
      ok: false,
      error: { kind: "in_use" },
    });
    const withAccount = await customerOfKey(db, "customer-3");
    const id = await newest(`customer:${withAccount?.customerId}`);
    expect(await audit().revert(id, "customers", by)).toEqual({ ok: false, error: { kind: "in_use" } });
    const alone = await registered("customer-4", null);
    const made = await newest(`customer:${alone.customerId}`);
    expect(await audit().revert(made, "customers", by)).toMatchObject({ ok: true });
    expect(await customerOfKey(db, "customer-4")).toBeNull();
    expect(await audit().revert(await newest(`customer:${alone.customerId}`), "customers", by)).toMatchObject({
      ok: false,
      error: { kind: "refused" },
    });
  });

  it("no act, no revert", async () => {
    expect(await audit().revert(999_999, "sites", by)).toMatchObject({ ok: false, error: { kind: "unknown" } });
  });
});
