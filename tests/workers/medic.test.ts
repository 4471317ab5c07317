import { listDurableObjectIds, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import type { Mailbox } from "../../workers/objects/mailbox.ts";
import { batch, DAY, errorOf, message, NOON, phone, sha256, TestPhone } from "./mailbox-phone.ts";

it("M09, M10: stores one SMS once and before the answer, however often it comes and whatever dies in between", async () => {
  const p = await phone();
  const one = batch([message()]);
  const response = await p.post(one);
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({ messages: [] });
  expect(await p.smsCount()).toBe(1);
  await p.evict();
  for (let n = 0; n < 5; n++) expect((await p.post(one)).status).toBe(200);
  expect(await p.smsCount()).toBe(1);
  await p.alarm();
  expect(p.processed).toHaveLength(1);
  expect(await p.owed("sms_inbound")).toHaveLength(1);
  expect(await p.owed("sms_result")).toHaveLength(1);
});

it("M11: the same request twenty times at once is one row", async () => {
  const p = await phone();
  const one = batch([message()]);
  const responses = await Promise.all(Array.from({ length: 20 }, () => p.post(one)));
  expect(responses.map((response) => response.status)).toEqual(Array.from({ length: 20 }, () => 200));
  expect(await p.smsCount()).toBe(1);
});

it("M12, M13: the same id twice in a batch is one SMS with the same text, two with another, the second flagged", async () => {
  const p = await phone();
  const one = message();
  await p.post(batch([one, one]));
  expect(await p.smsCount()).toBe(1);
  const two = message();
  expect((await p.post(batch([two, { ...two, content: "other" }]))).status).toBe(200);
  expect((await p.owed("sms_inbound")).map((row) => row.idConflict)).toEqual([false, false, true]);
});

it("M14: the same id later with another text or sender is stored and flagged", async () => {
  const p = await phone();
  const one = message();
  await p.post(batch([one]));
  await p.post(batch([{ ...one, content: "other" }]));
  await p.post(batch([{ ...one, from: "+26650000109" }]));
  expect((await p.owed("sms_inbound")).map((row) => row.idConflict)).toEqual([false, true, true]);
});

it("M15, M16: the same text under a new id is another SMS; that it is one payment is the receipt's business", async () => {
  const p = await phone();
  const one = message();
  await p.post(batch([one]));
  await p.post(batch([{ ...one, id: crypto.randomUUID() }]));
  expect(await p.smsCount()).toBe(2);
  await p.alarm();
  expect(new Set(p.processed.map((sms) => sms.contentHash)).size).toBe(1);
});

it("M17, M18: the same id and text from another phone is told to Postgres by both, which keeps one and a sighting", async () => {
  const [a, b] = [await phone(), await phone()];
  const one = message();
  await a.post(batch([one]));
  expect((await b.post(batch([one]))).status).toBe(200);
  await b.post(batch([{ ...one, content: "other" }]));
  const [first] = await a.owed("sms_inbound");
  const [second, third] = await b.owed("sms_inbound");
  expect([second?.externalId, second?.contentHash]).toEqual([first?.externalId, first?.contentHash]);
  expect(second?.phoneId).not.toBe(first?.phoneId);
  expect(third).toMatchObject({ externalId: one.id, idConflict: true });
});

it("M19: knows an SMS after 400 days, when its row is long gone", async () => {
  const p = await phone();
  const one = batch([message()]);
  await p.post(one);
  await p.alarm();
  await p.copyAll();
  p.now = NOON + 400 * DAY;
  await p.alarm();
  expect(await p.smsCount()).toBe(0);
  expect(await p.rows("SELECT id FROM requests")).toEqual([]);
  expect(await p.rows("SELECT n FROM request_chunks")).toEqual([]);
  expect((await p.post(one)).status).toBe(200);
  expect(await p.smsCount()).toBe(0);
});

it("keeps what Postgres does not have, however old, and what it has for 35 days", async () => {
  const p = await phone();
  await p.post(batch([message()]));
  await p.alarm();
  p.now = NOON + 100 * DAY;
  await p.alarm();
  expect(await p.smsCount()).toBe(1);
  await p.copyAll();
  p.now = NOON + 134 * DAY;
  await p.alarm();
  expect(await p.smsCount()).toBe(1);
  p.now = NOON + 136 * DAY;
  await p.alarm();
  expect(await p.smsCount()).toBe(0);
});

it("M20: stores batches in the order of their arrival", async () => {
  const p = await phone();
  await p.post(batch([message({ content: "second" })]));
  await p.post(batch([message({ content: "first" })]));
  expect((await p.owed("sms_inbound")).map((row) => row.content)).toEqual(["second", "first"]);
});

it("M21, M22: stores empty and unusual texts, and keeps their exact bytes beside what Postgres can hold", async () => {
  const p = await phone();
  const texts = ["", "😀 عربى \n a/b é 𐍈", "a\u0000b", "x\uD83Dy"];
  const response = await p.post(batch(texts.map((content) => message({ content }))));
  expect(response.status).toBe(200);
  const rows = await p.owed("sms_inbound");
  expect(rows.map((row) => row.content)).toEqual(["", texts[1], "a\uFFFDb", "x\uFFFDy"]);
  expect(rows.map((row) => Buffer.from(row.contentRawBase64, "base64").toString("hex"))).toEqual([
    "",
    Buffer.from(texts[1] ?? "").toString("hex"),
    "610062",
    "78eda0bd79",
  ]);
  expect(rows.every((row) => row.quarantine === null)).toBe(true);
  await p.alarm();
  expect(p.processed).toHaveLength(4);
});

it("M22: reads an escaped slash as a slash", async () => {
  const p = await phone();
  await p.post('{"messages":[{"content":"9\\/12\\/18 \\u0041","from":"MPESA","id":"a"}],"updates":[]}');
  expect((await p.owed("sms_inbound"))[0]?.content).toBe("9/12/18 A");
});

it("M23: stores ten SMS of 39,000 characters each", async () => {
  const p = await phone();
  const response = await p.post(
    batch(Array.from({ length: 10 }, (_, n) => message({ content: `${n}?`.padEnd(39_000, "é") }))),
  );
  expect(response.status).toBe(200);
  const rows = await p.owed("sms_inbound");
  expect(rows.map((row) => row.content.length)).toEqual(Array.from({ length: 10 }, () => 39_000));
  expect(rows.every((row) => row.quarantine === null)).toBe(true);
});

it("M24: keeps the sender as it came", async () => {
  const p = await phone();
  const senders = ["MPESA", "M-PESA", "21333", "+254700000001", "0700000001", "254700000001"];
  await p.post(batch(senders.map((from) => message({ from }))));
  expect((await p.owed("sms_inbound")).map((row) => row.sender)).toEqual(senders);
});

it("M25, M26: uses the server's time, whatever the phone claims", async () => {
  const p = await phone();
  await p.post(
    batch([
      message({ sms_sent: 0 }),
      message({ sms_received: -1, sms_sent: 1e18 }),
      message({ sms_received: undefined }),
    ]),
  );
  const rows = await p.owed("sms_inbound");
  expect(rows.map((row) => row.receivedAt)).toEqual([NOON, NOON, NOON]);
  expect(rows.map((row) => row.claimedSentAt)).toEqual([null, null, NOON - 5_000]);
  await p.alarm();
  expect(p.processed).toHaveLength(3);
});

it("M27, M30: quarantines the bad ones of a batch, processes the others, and the next poll is free", async () => {
  const p = await phone();
  const good = Array.from({ length: 9 }, () => message());
  expect((await p.post(batch([message({ content: null }), ...good]))).status).toBe(200);
  await p.alarm();
  expect(p.processed.map((sms) => sms.externalId)).toEqual(good.map((sms) => sms.id));
  const quarantined = (await p.owed("sms_inbound")).filter((row) => row.quarantine !== null);
  expect(quarantined.map((row) => row.quarantine)).toEqual(["messages[0].content is null; expected text"]);
  expect((await p.post(batch([message()]))).status).toBe(200);
});

it.each([[{ messages: { a: 1 }, updates: [] }], [{ messages: "x" }], [{ messages: [], updates: "x" }]])(
  "M28: keeps the whole body %j for a person, once, and opens a case",
  async (body) => {
    const p = await phone();
    for (let n = 0; n < 2; n++) expect((await p.post(body)).status).toBe(200);
    const rows = await p.owed("sms_inbound");
    expect(rows).toHaveLength(1);
    expect(rows[0]?.content).toBe(JSON.stringify(body));
    expect((await p.owed("case")).map((row) => row.caseKind)).toEqual(["gateway_body"]);
    expect(await p.rows("SELECT count(*) AS n FROM request_chunks")).toEqual([{ n: 1 }]);
  },
);

it.each(["", '{"messages":[{"id"', "[]"])("M29: refuses the body %j with 400 and stores nothing", async (body) => {
  const p = await phone();
  const response = await p.post(body);
  expect(response.status).toBe(400);
  expect(await errorOf(response)).toMatchObject({ error: true });
  expect(await p.smsCount()).toBe(0);
});

it("M31: a storage that fails at the seventh of ten keeps none and answers 503; the retry keeps ten", async () => {
  const p = await phone();
  const ten = batch(Array.from({ length: 10 }, (_, n) => message({ content: `text ${n}` })));
  await p.rows(
    "CREATE TRIGGER full BEFORE INSERT ON sms WHEN new.content = 'text 6' BEGIN SELECT raise(ABORT, 'disk full'); END",
  );
  const response = await p.post(ten);
  expect(response.status).toBe(503);
  expect(await errorOf(response)).toMatchObject({ error: true });
  expect(await p.smsCount()).toBe(0);
  expect(await p.rows("SELECT * FROM seen")).toEqual([]);
  expect(await p.owed("sms_inbound")).toEqual([]);
  await p.rows("DROP TRIGGER full");
  expect((await p.post(ten)).status).toBe(200);
  expect(await p.smsCount()).toBe(10);
});

it("M32: a lost reply costs nothing: the retry leaves exactly ten rows", async () => {
  const p = await phone();
  const ten = batch(Array.from({ length: 10 }, () => message()));
  await p.post(ten);
  await p.evict();
  await p.post(ten);
  expect(await p.smsCount()).toBe(10);
});

it("M36: takes 3 MB, refuses 4 MiB and more with 413 and a case, and takes gzip but no bomb", async () => {
  const p = await phone();
  const big = batch(
    Array.from({ length: 10 }, () => message({ content: "x".repeat(60_000) })),
    [],
  );
  const padded = JSON.stringify({ ...big, pad: "y".repeat(2_400_000) });
  expect((await p.post(padded)).status).toBe(200);
  const over = await p.post(JSON.stringify({ messages: [], pad: "y".repeat(4 * 1024 * 1024) }));
  expect(over.status).toBe(413);
  expect(await errorOf(over)).toMatchObject({ error: true });
  expect((await p.owed("case")).map((row) => JSON.parse(row.detailsJson).because)).toEqual([
    "the body is over the limit and blocks the phone",
  ]);
  const zipped = async (text: string) =>
    new Uint8Array(
      await new Response(new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"))).arrayBuffer(),
    );
  const gzip = { "Content-Encoding": "gzip" };
  expect((await p.post(await zipped(JSON.stringify(batch([message({ content: "zip" })]))), gzip)).status).toBe(200);
  expect((await p.owed("sms_inbound")).at(-1)?.content).toBe("zip");
  const bomb = await zipped(`{"messages":[],"pad":"${"y".repeat(40_000_000)}"}`);
  expect(bomb.length).toBeLessThan(1_000_000);
  expect((await p.post(bomb, gzip)).status).toBe(413);
  expect((await p.post(new TextEncoder().encode("not gzip"), gzip)).status).toBe(400);
});

it("quarantines a text longer than any SMS and keeps all of it in the body", async () => {
  const p = await phone();
  const body = JSON.stringify(batch([message({ content: "x".repeat(3_000_000) })]));
  expect((await p.post(body)).status).toBe(200);
  const [row] = await p.owed("sms_inbound");
  expect(row?.quarantine).toContain("content has 3000000 characters");
  const [kept] = await p.rows("SELECT sum(length(bytes)) AS bytes, count(*) AS chunks FROM request_chunks");
  expect(kept).toEqual({ bytes: body.length, chunks: 6 });
});

it("M39: a wrong password stores and discloses nothing; a percent-encoded right one and a second token are taken", async () => {
  const odd = "p@ss:w/rd?#%é";
  const p = await phone();
  await p.stub.configure(p.facts({ tokenHashes: [sha256(odd), sha256(p.token)], version: 2 }));
  const basic = (password: string) => ({
    Authorization: `Basic ${Buffer.from(`${p.id}:${password}`).toString("base64")}`,
  });
  const wrong = await p.post(batch([message()]), basic("wrong"));
  expect(wrong.status).toBe(401);
  expect(await wrong.text()).not.toContain('"messages":[{');
  expect(await p.smsCount()).toBe(0);
  for (const password of [encodeURIComponent(odd), odd, p.token])
    expect((await p.post(batch([]), basic(password))).status).toBe(200);
  await p.stub.configure(p.facts({ revoked: true, version: 3 }));
  expect((await p.post(batch([message()]))).status).toBe(401);
  expect(await p.smsCount()).toBe(0);
});

it("M39: an older configuration changes nothing", async () => {
  const p = await phone();
  await p.stub.configure(p.facts({ revoked: true, version: 2 }));
  await p.stub.configure(p.facts({ version: 1 }));
  expect((await p.post(batch([]))).status).toBe(401);
});

it("an unknown phone is refused and leaves nothing in storage, and can be configured afterwards", async () => {
  const p = new TestPhone("nobody");
  p.world = {
    restores: {
      phoneFacts: async () => null,
      mailboxHashes: async () => [],
      unprocessedSms: async () => [],
      smsNamed: async () => [],
      outgoingSms: async () => [],
    },
  };
  await p.install();
  const atOnce = await Promise.all(Array.from({ length: 5 }, () => p.post(batch([message()]))));
  expect(atOnce.map((response) => response.status)).toEqual([401, 401, 401, 401, 401]);
  expect((await p.post(batch([message()]))).status).toBe(401);
  const tables = await runInDurableObject(p.stub, (_: Mailbox, state) =>
    state.storage.sql
      .exec("SELECT name FROM sqlite_master WHERE name NOT LIKE '\\_cf%' ESCAPE '\\' AND name NOT LIKE 'sqlite%'")
      .toArray(),
  );
  expect(tables).toEqual([]);
  await p.stub.configure(p.facts());
  expect((await p.post(batch([message()]))).status).toBe(200);
  expect(await p.smsCount()).toBe(1);
});

it("a malformed phone id reaches no object at all", async () => {
  const before = (await listDurableObjectIds(env.MAILBOX)).length;
  const p = new TestPhone();
  for (const user of ["", "../x", "a b", "x".repeat(65)])
    expect((await p.request({ headers: { Authorization: `Basic ${btoa(`${user}:t`)}` } })).status).toBe(401);
  expect((await listDurableObjectIds(env.MAILBOX)).length).toBe(before);
});

it("M54: a Mailbox that does not answer becomes a 503 in time", async () => {
  const p = await phone();
  const hanging = {
    MAILBOX: { idFromName: () => "x", get: () => ({ receive: () => new Promise(() => {}) }) },
  } as never;
  const { vi } = await import("vitest");
  vi.useFakeTimers();
  const answered = p.request(
    { method: "POST", body: JSON.stringify(batch([message()])) },
    "/api/sms/incoming",
    hanging,
  );
  await vi.advanceTimersByTimeAsync(10_000);
  vi.useRealTimers();
  const response = await answered;
  expect(response.status).toBe(503);
  expect(await errorOf(response)).toMatchObject({ error: true });
});
