import { beforeAll, describe, expect, it } from "vitest";
import { sha256Hex } from "../../workers/keys.ts";
import { registryOf } from "../../workers/ports.ts";
import { KEYS } from "../workers/country.ts";
import { Browser, country, database, rows, session } from "./country.ts";

const KEY = "a-bridge-key-of-a-test";
const env = { ...country, BRIDGE_KEY_SHA256: sha256Hex(KEY) };
const ACCOUNT = "0085MAK";
const PHONE = "26650000185";
const run = crypto.randomUUID().slice(0, 8);
type Taken = { status: string; ticketId: number | null; category: string };
type Notice = { noticeId: number; to: string; ticketId: number | null; text: string };

const ask = (method: string, path: string, body?: unknown, key = KEY) =>
  new Browser(env).ask(method, `/api/bridge${path}`, body, { headers: { "X-Bridge-Key": key } });
let n = 0;
const message = (text: string, over: object = {}) => ({
  ...{ id: `${run}-${++n}`, from: `${run}@lid`, phone: PHONE, text, at: new Date().toISOString() },
  ...over,
});
const send = async (text: string, over: object = {}) => {
  const { status, body } = await ask("POST", "/messages", message(text, over));
  return { http: status, ...(body as unknown as Taken) };
};
const sender = () => ({ from: `${run}-${++n}@lid` });
/** Those of this test: others write to the same line. */
const notices = async (from: string) => {
  const { body } = await ask("GET", "/notices");
  return (body as { notices: Notice[] }).notices.filter(({ to }) => to === from);
};
/** Three minutes later: too late to undo, too soon to be handed again. */
const laterNotices = async (from: string) => {
  const later = new Browser({ ...env, CLOCK_OFFSET_MS: "180000" });
  const { body } = await later.ask("GET", "/api/bridge/notices", undefined, { headers: { "X-Bridge-Key": KEY } });
  return (body as { notices: Notice[] }).notices.filter(({ to }) => to === from);
};
const change = (query: string) => database().transaction([{ query, params: [] }]);
const ops = (method: string, path: string, body?: unknown) =>
  new Browser().ask(method, path, body, {
    headers: { "X-Ops-Key": KEYS.ops, "X-Actor": "Lineo", "Idempotency-Key": crypto.randomUUID() },
  });

beforeAll(async () => {
  const by = { actor: "a test", reason: null, at: Date.now() };
  await registryOf(country).upsertSites([{ code: "MAK", name: "Ha Makebe", district: null }], by);
  const customer = { key: ACCOUNT, name: "Test Eighty-five", phones: [PHONE], language: "st" as const };
  await registryOf(country).upsertAccounts(
    [{ account: ACCOUNT, site: "MAK", status: "live", customer, meters: [], aliases: [], rates: [] }],
    by,
  );
});

describe("the bridge's door", () => {
  it("opens to its own key alone, and that key opens nothing else", async () => {
    expect((await ask("GET", "/notices", undefined, KEYS.ops)).status).toBe(403);
    expect((await ask("GET", "/notices", undefined, "")).status).toBe(403);
    const other = await new Browser(env).ask("GET", "/api/tickets", undefined, { headers: { "X-Ops-Key": KEY } });
    expect(other.status).toBe(403);
    const unset = await new Browser().ask("GET", "/api/bridge/notices", undefined, {
      headers: { "X-Bridge-Key": KEY },
    });
    expect(unset.status).toBe(403);
  });

  it("says whose phone it is, by its whole number however it is spelt, and nobody's where it is nobody's", async () => {
    for (const phone of [PHONE, `+${PHONE}`, PHONE.slice(3)])
      expect((await ask("GET", `/customers?phone=${encodeURIComponent(phone)}`)).body).toMatchObject({
        count: 1,
        customers: [{ name: "Test Eighty-five", language: "st", accounts: [{ account: ACCOUNT, status: "live" }] }],
      });
    expect((await ask("GET", "/customers?phone=26659999999")).body).toMatchObject({ count: 0, customers: [] });
    expect((await ask("GET", "/customers?phone=home")).status).toBe(400);
  });
});

describe("a message", () => {
  it("of an outage in Sesotho opens a ticket of the account, once under its id, and is answered once", async () => {
    const one = message("Lumela, ha ho motlakase", sender());
    const first = await ask("POST", "/messages", one);
    expect([first.status, first.body]).toMatchObject([201, { status: "opened", category: "no-power" }]);
    const { ticketId } = first.body as unknown as Taken;
    expect(await ask("POST", "/messages", one)).toMatchObject({ status: 200, body: { status: "duplicate", ticketId } });
    expect((await ops("GET", `/api/tickets/${ticketId}`)).body).toMatchObject({
      ticket: { account: ACCOUNT, source: "whatsapp", priority: "P1", phone: PHONE },
    });
    const given = await notices(one.from);
    expect(given).toMatchObject([{ ticketId, to: one.from }]);
    expect(given[0]?.text).toContain(`T${ticketId}`);
    expect(given[0]?.text).toMatch(/Kea leboha[\s\S]*Thank you/);
    expect(await notices(one.from)).toEqual([]);
    const ack = () => ask("POST", "/notices/ack", { noticeIds: [given[0]?.noticeId] });
    expect((await ack()).body).toEqual({ told: 1 });
    expect((await ack()).body).toEqual({ told: 0 });
  });

  it("within half an hour goes on with its ticket, later or from somebody else it opens another", async () => {
    const own = sender();
    const opened = await send("no power here", own);
    const extended = await send("it is still dark", own);
    expect(extended).toMatchObject({ status: "extended", ticketId: opened.ticketId });
    const late = await send("no power again", { ...own, at: new Date(Date.now() - 3_600_000).toISOString() });
    expect(late.status).toBe("opened");
    expect(late.ticketId).not.toBe(opened.ticketId);
    expect((await send("no power", sender())).ticketId).not.toBe(opened.ticketId);
    const { body } = await ops("GET", `/api/tickets/${opened.ticketId}`);
    expect((body as { events: { kind: string; details: object }[] }).events).toMatchObject([
      { kind: "opened" },
      { kind: "comment", details: { text: "it is still dark" } },
    ]);
  });

  it("that comes at once with another of its sender opens one ticket with it", async () => {
    const own = sender();
    const both = await Promise.all([send("no power", own), send("ha ho motlakase", own)]);
    expect(new Set(both.map(({ ticketId }) => ticketId)).size).toBe(1);
    expect(both.map(({ status }) => status).toSorted()).toEqual(["extended", "opened"]);
    expect(await notices(own.from)).toHaveLength(2);
  });

  it("of danger in the thread of what can wait makes the ticket urgent, once", async () => {
    const own = sender();
    const { ticketId } = await send("a tree leans over the line", own);
    const danger = message("now there are sparks", own);
    for (let twice = 0; twice < 2; twice++) await ask("POST", "/messages", danger);
    await send("thank you", own);
    const { body } = await ops("GET", `/api/tickets/${ticketId}`);
    expect(body).toMatchObject({ ticket: { priority: "P1", category: "equipment-failure" } });
    const kinds = (body as { events: { kind: string }[] }).events.map(({ kind }) => kind);
    expect(kinds).toEqual(["opened", "comment", "changed", "comment"]);
  });

  it("after its ticket was resolved opens another, and the end is told once", async () => {
    const own = sender();
    const { ticketId } = await send("sparks at the pole", own);
    await notices(own.from);
    const end = { cause: "a loose wire", resolution: "fixed" };
    await ops("POST", `/api/tickets/${ticketId}/resolve`, end);
    // Whoever resolved it may have been mistaken.
    expect(await notices(own.from)).toEqual([]);
    await ops("POST", `/api/tickets/${ticketId}/reopen`, { reason: "the wrong ticket" });
    expect(await laterNotices(own.from)).toEqual([]);
    await ops("POST", `/api/tickets/${ticketId}/resolve`, end);
    const told = await laterNotices(own.from);
    expect(told).toMatchObject([{ ticketId }]);
    expect(told[0]?.text).toContain("e rarollotsoe");
    const { staffId } = await session(["engineering"]);
    expect((await ops("POST", `/api/tickets/${ticketId}/assign`, { staffId })).status).toBe(422);
    // Given to somebody after its end, as one could before: the end is the same.
    await change(`UPDATE tickets SET version = version + 1 WHERE id = ${ticketId}`);
    expect(await laterNotices(own.from)).toEqual([]);
    expect((await send("no power", own)).status).toBe("opened");
  });

  it("about money opens nothing: its answer is a draft, which goes out as a person approves it, or not at all", async () => {
    const own = sender();
    expect(await send("ke lefile M50 empa ha ke so fumane", own)).toMatchObject({ status: "kept", ticketId: null });
    expect(await notices(own.from)).toEqual([]);
    const { body } = await ops("GET", "/api/care/drafts");
    const drafts = (body as { drafts: { messageId: number; sender: string }[] }).drafts;
    const draft = drafts.find((each) => each.sender === own.from);
    const approve = (text: string) => ops("POST", `/api/care/drafts/${draft?.messageId}/approve`, { text });
    expect((await approve("We found it: 10.0 kWh.")).status).toBe(200);
    expect((await approve("another word")).status).toBe(200);
    expect((await ops("POST", `/api/care/drafts/${draft?.messageId}/dismiss`)).status).toBe(409);
    expect(await notices(own.from)).toMatchObject([{ text: "We found it: 10.0 kWh." }]);
    const acts = await rows<{ action: string }>(
      `SELECT action FROM mutations WHERE subject = 'message:${draft?.messageId}'`,
    );
    expect(acts).toEqual([{ action: "message.approve" }]);
  });

  it("from a hidden number is nobody's conversation, and its ticket is of the account that it names, if there is one", async () => {
    const named = await send(`no power at ${ACCOUNT}`, { ...sender(), phone: null });
    expect((await ops("GET", `/api/tickets/${named.ticketId}`)).body).toMatchObject({
      ticket: { account: ACCOUNT, site: "MAK", phone: null },
    });
    const kept = await rows(`SELECT customer_id FROM care_messages WHERE ticket_id = ${named.ticketId} AND way = 'in'`);
    expect(kept).toEqual([{ customer_id: null }]);
    const nobody = await send("no power at 9991MAK", { ...sender(), phone: null });
    expect((await ops("GET", `/api/tickets/${nobody.ticketId}`)).body).toMatchObject({ ticket: { account: null } });
  });

  it.each([
    { why: "no id", over: { id: "" }, field: "id" },
    { why: "no words", over: { text: "  " }, field: "text" },
    { why: "no instant", over: { at: "yesterday" }, field: "at" },
    { why: "a phone in words", over: { phone: "fifty" }, field: "phone" },
  ])("with $why is refused by the name of the field", async ({ over, field }) => {
    const { status, body } = await ask("POST", "/messages", message("no power", over));
    expect([status, body.error?.details]).toMatchObject([400, [{ field }]]);
  });

  it("is in the customer's conversation, for whoever may read tickets", async () => {
    const { body } = await ask("GET", `/customers?phone=${PHONE}`);
    const { customerId } = (body as { customers: { customerId: number }[] }).customers[0] ?? { customerId: 0 };
    await send("Good morning", sender());
    const { browser } = await session(["generic"]);
    const seen = await browser.ask("GET", `/api/care/customers/${customerId}`);
    expect((seen.body as { messages: { way: string; text: string }[] }).messages).toEqual(
      expect.arrayContaining([expect.objectContaining({ way: "in", text: "Good morning" })]),
    );
    expect((await browser.ask("POST", `/api/care/customers/${customerId}`, { text: "x" })).status).toBe(403);
    expect((await ops("POST", `/api/care/customers/${customerId}`, { text: "We come at noon." })).status).toBe(201);
  });
});
