import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import type { Mailbox } from "../../workers/objects/mailbox.ts";
import { batch, errorOf, message, NOON, phone } from "./mailbox-phone.ts";

it("M01: answers the handshake", async () => {
  const p = await phone();
  const response = await p.request();
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({ "medic-gateway": true });
});

it.each([
  ["no password", ""],
  ["a wrong one", `Basic ${btoa("PHONE:wrong")}`],
  ["no Basic", "Bearer x"],
])("M02: refuses the handshake with %s: 401, a challenge, JSON", async (_, authorization) => {
  const p = await phone();
  const response = await p.request({
    headers: { Authorization: authorization.replace(btoa("PHONE:wrong"), btoa(`${p.id}:wrong`)) },
  });
  expect(response.status).toBe(401);
  expect(response.headers.get("WWW-Authenticate")).toMatch(/^Basic realm=/);
  expect(await errorOf(response)).toMatchObject({ error: true });
});

it("M03: answers the handshake whatever the query", async () => {
  const p = await phone();
  expect(await (await p.request({}, "/api/sms/incoming?x=1&task=send")).json()).toEqual({ "medic-gateway": true });
});

it("M04: takes a GET with a POST's headers for a redirected POST: 400, no handshake", async () => {
  const p = await phone();
  const response = await p.request({ headers: { "Accept-Charset": "utf-8", "Cache-Control": "no-cache" } });
  expect(response.status).toBe(400);
  expect(await response.text()).not.toContain("medic-gateway");
});

it.each([
  ["/api/sms/incoming/", 200],
  ["//api//sms///incoming//", 200],
  ["/api/bn/sms/incoming", 200],
  ["/api/sms/incoming-contract-fees/", 200],
  ["/api/sms/incoming/a.b/c", 404],
])("M05: serves %s with %d and JSON, never a redirect", async (path, status) => {
  const p = await phone();
  const response = await p.request({}, path);
  expect(response.status).toBe(status);
  await response.json();
});

it("M05, M06: an upper-case host and plain http are answered where they came", async () => {
  const p = await phone();
  const { sms } = await import("../../workers/ingest/sms.ts");
  const headers = { Authorization: p.authorization };
  const response = await sms.request("http://CARE.example/api/sms/incoming", { headers }, env);
  expect(response.status).toBe(200);
});

it.each([[{ messages: [], updates: [] }], [{}], [{ messages: null, updates: null }]])(
  "M07, M08: takes %j for a poll",
  async (body) => {
    const p = await phone();
    p.now = NOON + 5;
    const response = await p.post(body);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ messages: [] });
    const view = await runInDurableObject(p.stub, (mailbox: Mailbox) => mailbox.view());
    expect(view).toMatchObject({ lastPollAt: NOON + 5, silent: false, unprocessed: 0 });
    expect(await p.rows("SELECT id FROM requests")).toEqual([]);
  },
);

it.each([
  ["no User-Agent", { "User-Agent": "" }],
  ["a strange one", { "User-Agent": "curl/8" }],
  ["text/plain", { "Content-Type": "text/plain" }],
  ["a charset", { "Content-Type": "application/json; charset=utf-8" }],
])("M37: stores with %s", async (_, headers) => {
  const p = await phone();
  expect((await p.post(batch([message()]), headers)).status).toBe(200);
  expect(await p.smsCount()).toBe(1);
});

it.each(["PUT", "DELETE", "HEAD", "OPTIONS", "PATCH"])("M38: answers %s with 405", async (method) => {
  const p = await phone();
  const response = await p.request({ method, headers: { "Content-Type": "application/json" } });
  expect(response.status).toBe(405);
  if (method !== "HEAD") expect(await errorOf(response)).toMatchObject({ error: true });
});

it("M55: every 2xx body is an object with an array of messages", async () => {
  const p = await phone();
  const bodies = [
    {},
    batch([1, null, message()]),
    { messages: 5 },
    { updates: [{}] },
    batch([], [{ id: 1, status: "SENT" }]),
    { a: [] },
  ];
  for (const body of bodies) {
    const response = await p.post(body);
    expect(response.status).toBe(200);
    expect(Array.isArray(((await response.json()) as { messages: unknown }).messages)).toBe(true);
  }
});
