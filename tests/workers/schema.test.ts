import { runInDurableObject } from "cloudflare:test";
import { DurableObject, env } from "cloudflare:workers";
import { expect, it } from "vitest";
import document from "../../docs/schema.md?raw";
import * as worker from "../../workers/index.ts";
import { section, tablesIn } from "../schema-document.ts";
import { phone } from "./mailbox-phone.ts";

const named = tablesIn(section(document, "Objects"));

/** One of each. A Mailbox makes its tables when it becomes a phone's. */
const stubOf = {
  Mailbox: async () => (await phone()).stub,
  ReceiptBook: async () => env.RECEIPT_BOOK.get(env.RECEIPT_BOOK.idFromName("schema")),
  Till: async () => env.TILL.get(env.TILL.idFromName("schema")),
  AccountLedger: async () => env.ACCOUNT_LEDGER.get(env.ACCOUNT_LEDGER.idFromName("schema")),
  DisconnectGate: async () => env.DISCONNECT_GATE.get(env.DISCONNECT_GATE.idFromName("schema")),
  Directory: async () => env.DIRECTORY.get(env.DIRECTORY.idFromName("schema")),
  UnmappedMeters: async () => env.UNMAPPED_METERS.get(env.UNMAPPED_METERS.idFromName("schema")),
  VendorBudget: async () => env.VENDOR_BUDGET.get(env.VENDOR_BUDGET.idFromName("schema")),
} satisfies Record<string, () => Promise<DurableObjectStub<DurableObject<never>>>>;

it("docs/schema.md has a part for every object, and for none that does not exist", () => {
  const objects = Object.entries(worker)
    .filter(([, exported]) => typeof exported === "function" && exported.prototype instanceof DurableObject)
    .map(([name]) => name);
  expect(Object.keys(stubOf).toSorted()).toEqual(objects.toSorted());
  expect([...named.keys()].toSorted()).toEqual(["Every object", ...objects].toSorted());
});

it.each(Object.entries(stubOf))("docs/schema.md names every table of %s, and none besides", async (name, stub) => {
  const tables = await runInDurableObject(await stub(), (_: DurableObject, state) =>
    state.storage.sql
      .exec<{ name: string }>("SELECT name FROM sqlite_master WHERE type = 'table'")
      .toArray()
      .map((table) => table.name)
      .filter((table) => !/^(sqlite|_cf)_/.test(table)),
  );
  // It has nothing to do later and owes Postgres nothing.
  const common = name === "VendorBudget" ? [] : (named.get("Every object") ?? []);
  expect([...common, ...(named.get(name) ?? [])].toSorted()).toEqual(tables.toSorted());
});
