import { beforeAll, describe, expect, it } from "vitest";
import { app } from "../../workers/index.ts";
import { ticketsByDataJob } from "../../workers/jobs/tickets-by-data.ts";
import { registryOf } from "../../workers/ports.ts";
import { readWorkbook } from "../read-workbook.ts";
import { KEYS } from "../workers/country.ts";
import { Browser, country, rows, session } from "./country.ts";

const ACCOUNT = "0081MAK";
type Ticket = {
  ticketId: number;
  state: string;
  priority: string;
  class: string;
  site: string;
  version: number;
  assignedTo: string | null;
};
const of = ({ body }: { body: object }) => (body as { ticket: Ticket }).ticket;
const reason = "a test";
let n = 0;
const ask = (method: string, path: string, body?: unknown, key = `ticket-key-${++n}`, actor = "Lineo") =>
  new Browser().ask(method, `/api/tickets${path}`, body, {
    headers: { "X-Ops-Key": KEYS.ops, "X-Actor": actor, "Idempotency-Key": key },
  });
const open = (over: object = {}, key?: string) =>
  ask("POST", "", { summary: "no light since the storm", category: "no-power", account: ACCOUNT, ...over }, key);
const acts = async (ticketId: number) =>
  (
    await rows<{ action: string }>(`SELECT action FROM mutations WHERE subject = 'ticket:${ticketId}' ORDER BY seq`)
  ).map(({ action }) => action);
const history = async (ticketId: number) =>
  ((await ask("GET", `/${ticketId}`)).body as { events: { kind: string; actor: string; details: object }[] }).events;

beforeAll(async () => {
  const by = { actor: "a test", reason: null, at: Date.now() };
  await registryOf(country).upsertSites([{ code: "MAK", name: "Ha Makebe", district: null }], by);
  const customer = { key: ACCOUNT, name: "Test Eighty-one", phones: ["26650000181"], language: null };
  await registryOf(country).upsertAccounts(
    [{ account: ACCOUNT, site: "MAK", status: "live", customer, meters: [], aliases: [], rates: [] }],
    by,
  );
});

describe("a ticket", () => {
  it("is opened once under its key, by its account's site and its category's priority, and in the audit", async () => {
    const first = await open({}, "open-once-1");
    expect([first.status, of(first)]).toMatchObject([
      201,
      { state: "open", priority: "P1", class: "customer_grievance", site: "MAK" },
    ]);
    expect(of(await open({}, "open-once-1")).ticketId).toBe(of(first).ticketId);
    expect(await acts(of(first).ticketId)).toEqual(["ticket.open"]);
    expect(await history(of(first).ticketId)).toMatchObject([{ kind: "opened", actor: "Lineo" }]);
  });

  it("that names no account is a fault in the field", async () => {
    expect(of(await open({ account: undefined, site: "MAK" }))).toMatchObject({ class: "asset_fault", site: "MAK" });
  });

  it("goes from hand to hand, is resolved with its cause and opened again, each a line of its history and an act", async () => {
    const { ticketId, version } = of(await open());
    const { staffId } = await session(["engineering"]);
    const { body } = await ask("GET", "/assignees");
    const all = (body as { assignees: { staffId: number; actor: string }[] }).assignees;
    const somebody = all.find((each) => each.staffId === staffId);
    expect(of(await ask("POST", `/${ticketId}/assign`, { staffId })).assignedTo).toBe(somebody?.actor);
    await ask("POST", `/${ticketId}/assign`, { staffId });
    await ask("POST", `/${ticketId}/comments`, { text: "pole 14\nis down" }, "comment-once");
    await ask("POST", `/${ticketId}/comments`, { text: "pole 14\nis down" }, "comment-once");
    const set = { state: "in_progress", priority: "P2" };
    expect(of(await ask("PATCH", `/${ticketId}`, { version: version + 1, set }))).toMatchObject(set);
    const end = { cause: "a pole fell", resolution: "stands again" };
    expect(of(await ask("POST", `/${ticketId}/resolve`, end))).toMatchObject({ state: "resolved", ...end });
    await ask("POST", `/${ticketId}/resolve`, { cause: "another", resolution: "another" });
    expect(of(await ask("POST", `/${ticketId}/reopen`, { reason }))).toMatchObject({ state: "open", cause: null });
    const steps = ["assign", "comment", "change", "resolve", "reopen"];
    expect(await acts(ticketId)).toEqual(["ticket.open", ...steps.map((step) => `ticket.${step}`)]);
    expect((await history(ticketId)).map(({ kind }) => kind)).toEqual([
      ...["opened", "assigned", "comment", "changed", "resolved", "reopened"],
    ]);
    expect((await history(ticketId))[5]?.details).toEqual({ ...end, reason });
  });

  it("that somebody changed meanwhile is read again first", async () => {
    const { ticketId, version } = of(await open());
    const change = (priority: string) => ask("PATCH", `/${ticketId}`, { version, set: { priority } });
    const both = await Promise.all([change("P3"), change("P4")]);
    expect(both.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    expect(both.find(({ status }) => status === 409)?.body.error).toMatchObject({
      kind: "stale",
      details: { version: version + 1 },
    });
    expect(of(await ask("PATCH", `/${ticketId}`, { version: version + 1, set: {} })).version).toBe(version + 1);
  });

  it("that is resolved is changed by nobody before it is opened again", async () => {
    const { ticketId } = of(await open());
    const { version } = of(await ask("POST", `/${ticketId}/resolve`, { cause: "a fuse", resolution: "new fuse" }));
    expect(await ask("PATCH", `/${ticketId}`, { version, set: { priority: "P4" } })).toMatchObject({ status: 422 });
  });

  it.each([
    { why: "no words", over: { summary: "  " }, status: 400, field: "summary" },
    { why: "a category of tomorrow", over: { category: "ghosts" }, status: 400, field: "category" },
    { why: "a time to come", over: { failedAt: "2099-01-01T00:00:00Z" }, status: 400, field: "failedAt" },
    { why: "a phone in words", over: { phone: "fifty" }, status: 400, field: "phone" },
  ])("with $why is refused by the name of the field", async ({ over, status, field }) => {
    const refused = await open(over);
    expect([refused.status, refused.body.error?.details]).toMatchObject([status, [{ field }]]);
  });

  it.each([
    ["an account that nobody has", () => open({ account: "9997MAK" }), 422],
    ["a ticket that is not there", () => ask("POST", "/999999/comments", { text: "x" }), 404],
    [
      "somebody who is not there",
      async () => ask("POST", `/${of(await open()).ticketId}/assign`, { staffId: 999_999 }),
      422,
    ],
    [
      "an account that nobody has, later",
      async () => ask("PATCH", `/${of(await open()).ticketId}`, { version: 0, set: { account: "9997MAK" } }),
      422,
    ],
  ])("of %s is refused", async (_, send, status) => {
    expect((await send()).status).toBe(status);
  });

  it("is found by state, account, class, hand and its number, the newest first", async () => {
    const { browser, staffId } = await session(["engineering"]);
    const { ticketId } = of(await open({ class: "asset_fault", summary: "a tree on the line of Mpho" }));
    await ask("POST", `/${ticketId}/assign`, { staffId });
    const found = async (query: string) => {
      const { body } = await browser.ask("GET", `/api/tickets?${query}`);
      return (body as { tickets: Ticket[] }).tickets.map((each) => each.ticketId);
    };
    expect(await found("mine=yes")).toEqual([ticketId]);
    expect((await found(`account=${ACCOUNT}&class=asset_fault&state=unresolved`))[0]).toBe(ticketId);
    expect(await found(`q=T${ticketId}`)).toEqual([ticketId]);
    expect(await found("q=TREE%20on")).toContain(ticketId);
    expect(await found("mine=yes&state=resolved")).toEqual([]);
    expect(await found(`mine=yes&cursor=${ticketId}`)).toEqual([]);
  });

  it("is a row of a workbook, with what was asked for", async () => {
    const { ticketId } = of(await open({ summary: "=1+1 is no formula" }));
    const headers = { "X-Ops-Key": KEYS.ops, "X-Actor": "Lineo" };
    const path = `/api/tickets/file/xlsx?account=${ACCOUNT}&q=T${ticketId}&language=fr`;
    const answer = await app.request(path, { headers }, country);
    const book = readWorkbook(new Uint8Array(await answer.arrayBuffer()));
    expect(book.map(({ name }) => name)).toEqual(["À propos de ce fichier", "Tickets"]);
    expect(book[1]?.rows[1]).toEqual(expect.arrayContaining([`T${ticketId}`, "=1+1 is no formula", ACCOUNT]));
  });

  it("that the O&M system lacks is named to operators, and sent again as a person asks, in the audit", async () => {
    const { ticketId } = of(await open({ summary: "not there yet" }));
    const asked = (method: string, body?: unknown) =>
      new Browser().ask(method, "/api/ops/tickets/mirror", body, {
        headers: { "X-Ops-Key": KEYS.ops, "X-Actor": "Lineo" },
      });
    const told = (await asked("GET")).body as { isConfigured: boolean; behind: { ticketId: number; omId: null }[] };
    expect(told.isConfigured).toBe(false);
    expect(told.behind.find((each) => each.ticketId === ticketId)).toMatchObject({ omId: null });
    expect(await asked("POST", {})).toMatchObject({ status: 400 });
    expect(await asked("POST", { reason })).toMatchObject({ status: 200, body: { due: 0 } });
  });

  it("is read by whoever may, and written by whoever works on it", async () => {
    const { browser } = await session(["generic"]);
    expect((await browser.ask("GET", "/api/tickets")).status).toBe(200);
    expect((await browser.ask("POST", "/api/tickets", {})).status).toBe(403);
    expect((await (await session(["field_registrar"])).browser.ask("GET", "/api/tickets")).status).toBe(403);
  });
});

describe("the rules over a country whose meters are well", () => {
  it("open nothing, however often they look", async () => {
    await ticketsByDataJob(country, null);
    await ticketsByDataJob(country, null);
    expect(
      await rows("SELECT id FROM tickets WHERE source = 'data' AND account_id IS NOT NULL AND rule = 'no_readings'"),
    ).toEqual([]);
  });
});
