import { createExecutionContext, createMessageBatch, getQueueResult, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import type { Env, ForwardMessage } from "../../workers/env.ts";
import { forwardQueue } from "../../workers/forward.ts";
import type { Mailbox } from "../../workers/objects/mailbox.ts";
import { batch, DAY, HOUR, MINUTE, message, NOON, outgoing, phone, type TestPhone } from "./mailbox-phone.ts";

type Got = { url: string; method: string; headers: Headers; body: string; redirect: string | undefined };

/** The old system: notes what it gets, answers what the test says. */
class Legacy {
  got: Got[] = [];
  answer: () => Response | Promise<Response> = () => Response.json({ messages: [] });

  fetch = async (url: string, init: RequestInit): Promise<Response> => {
    this.got.push({
      url,
      method: init.method ?? "GET",
      headers: new Headers(init.headers),
      body: init.body ? new TextDecoder().decode(init.body as Uint8Array) : "",
      redirect: init.redirect,
    });
    return this.answer();
  };

  /** Delivers what the phone's Mailbox put on the queue, and empties it. */
  async deliver(p: TestPhone, over: Partial<Env> = {}) {
    const messages = p.forwards.splice(0);
    return this.run(messages, over);
  }

  async run(messages: ForwardMessage[], over: Partial<Env> = {}) {
    const made = createMessageBatch<ForwardMessage>(
      "customer-care-test-legacy-forward",
      messages.map((body, n) => ({ id: `${n}`, timestamp: new Date(), attempts: 1, body })),
    );
    const ctx = createExecutionContext();
    await forwardQueue(
      made,
      {
        ...env,
        LEGACY_SMS_URL: "https://old.example/receive.php",
        LEGACY_FEES_SMS_URL: "https://old.example/fees.php",
        ...over,
      },
      this.fetch,
    );
    return getQueueResult(made, ctx);
  }
}

const forwarding = (over: Partial<Mailbox["world"]> = {}, channel: "electricity" | "fees" = "electricity") =>
  phone({ channel }, { forwards: () => true, ...over });

const view = (p: TestPhone) => runInDurableObject(p.stub, (mailbox: Mailbox) => mailbox.view());
const ids = (body: string) => (JSON.parse(body) as { messages: { id: string }[] }).messages.map((sms) => sms.id);

it("sends the exact bytes, content type and a User-Agent the old system takes, and never follows a redirect", async () => {
  const [p, legacy] = [await forwarding(), new Legacy()];
  const body =
    ' {"messages":[{"content":"9\\/12 \\u00e9 é😀","from":"MPESA","id":"a", "sms_sent":0}] ,"updates":[],"x":1.0}\n';
  await p.post(body, { "Content-Type": "application/json; charset=utf-8" });
  await legacy.deliver(p);
  expect(legacy.got).toHaveLength(1);
  const [got] = legacy.got;
  expect(got).toMatchObject({ url: "https://old.example/receive.php", method: "POST", body, redirect: "manual" });
  expect(got?.headers.get("User-Agent")).toBe("medic-gateway");
  expect(got?.headers.get("Content-Type")).toBe("application/json; charset=utf-8");
  expect(await view(p)).toMatchObject({ forwardWaiting: 0, forwardParked: 0 });
});

it.each([
  ["Dalvik/2 medic-gateway/1.0", "Dalvik/2 medic-gateway/1.0"],
  ["curl/8", "medic-gateway"],
  ["", "medic-gateway"],
])("sends %j as %j", async (sent, wanted) => {
  const [p, legacy] = [await forwarding(), new Legacy()];
  await p.post(batch([message()]), { "User-Agent": sent });
  await legacy.deliver(p);
  expect(legacy.got[0]?.headers.get("User-Agent")).toBe(wanted);
});

it("sends an SMSSync post with its own User-Agent, query and form", async () => {
  const [p, legacy] = [await forwarding(), new Legacy()];
  const body = "secret=&from=MPESA&message=a%20b&sent_timestamp=1&sent_to=&message_id=m1&device_id=";
  await p.request(
    {
      method: "POST",
      headers: { "Content-Type": "application/x-www-form-urlencoded", "User-Agent": "SMSSync-Android/v3.0.5" },
      body,
    },
    "/api/sms/incoming?key=1",
  );
  await legacy.deliver(p);
  expect(legacy.got[0]).toMatchObject({ url: "https://old.example/receive.php?key=1", body });
  expect(legacy.got[0]?.headers.get("User-Agent")).toBe("SMSSync-Android/v3.0.5");
});

it("sends fees to the fees endpoint, and turns userinfo of a URL into a header", async () => {
  const [p, legacy] = [await forwarding({}, "fees"), new Legacy()];
  await p.post(batch([message()]));
  await legacy.deliver(p, { LEGACY_FEES_SMS_URL: "https://me:p%40ss@old.example/fees.php?a=1" });
  expect(legacy.got[0]?.url).toBe("https://old.example/fees.php?a=1");
  expect(legacy.got[0]?.headers.get("Authorization")).toBe(`Basic ${btoa("me:p@ss")}`);
});

it("forwards nothing where no endpoint is set", async () => {
  const p = await phone();
  await p.post(batch([message()], [{ id: "x", status: "SENT" }]));
  await p.post(batch([]));
  await p.alarm();
  expect(p.forwards).toEqual([]);
  expect(await p.rows("SELECT * FROM forwards")).toEqual([]);
});

it("a repeat of what is known forwards nothing; a batch of old and new goes on with the new ones only", async () => {
  const [p, legacy] = [await forwarding(), new Legacy()];
  const [a, b, c] = [message(), message(), message()];
  await p.post(batch([a, b]));
  await legacy.deliver(p);
  await p.post(batch([a, b]));
  p.now += 10 * MINUTE;
  await p.alarm();
  expect(p.forwards).toEqual([]);
  await p.post(batch([a, c, b]));
  await legacy.deliver(p);
  expect(legacy.got.map((got) => ids(got.body))).toEqual([[a.id, b.id], [c.id]]);
  expect(legacy.got[1]?.body).toBe(JSON.stringify(batch([c])));
});

it("the same id with another text goes on", async () => {
  const [p, legacy] = [await forwarding(), new Legacy()];
  const a = message();
  await p.post(batch([a]));
  await p.post(batch([a, { ...a, content: "other" }]));
  await legacy.deliver(p);
  expect(legacy.got.map((got) => JSON.parse(got.body).messages.length)).toEqual([1, 1]);
});

it("what is quarantined here goes on as it came", async () => {
  const [p, legacy] = [await forwarding(), new Legacy()];
  await p.post({ messages: "odd" });
  await p.post(batch([5, message()]));
  await legacy.deliver(p);
  expect(legacy.got.map((got) => got.body.slice(0, 16))).toEqual(['{"messages":"odd', '{"messages":[5,{']);
});

it("takes updates of our own SMS out, and sends the others back", async () => {
  const [p, legacy] = [await forwarding(), new Legacy()];
  await p.stub.enqueue(outgoing("ours"));
  const theirs = { status: "SENT", id: "theirs" };
  await p.post(batch([], [{ status: "SENT", id: "ours" }, theirs]));
  await legacy.deliver(p);
  expect(legacy.got.map((got) => got.body)).toEqual([JSON.stringify(batch([], [theirs]))]);
  expect(await p.stub.outgoing("ours")).toMatchObject({ state: "sent" });
  // The very same report again is the phone's repeat; another one is news.
  await p.post(batch([], [{ status: "SENT", id: "ours" }, theirs]));
  await legacy.deliver(p);
  expect(legacy.got.at(-1)?.body).toBe(JSON.stringify(batch([])));
  await p.post(batch([], [{ status: "DELIVERED", id: "theirs" }]));
  await legacy.deliver(p);
  expect(legacy.got.at(-1)?.body).toBe(JSON.stringify(batch([], [{ status: "DELIVERED", id: "theirs" }])));
});

it("sends polls on at most once a minute, not stored, and gives the phone what the old system wants sent", async () => {
  const [p, legacy] = [await forwarding(), new Legacy()];
  legacy.answer = () => Response.json({ messages: [{ id: "L1", to: "+26650000102", content: "from the old system" }] });
  for (; p.now < NOON + 3 * MINUTE; p.now += 10_000) expect(await p.offers()).toEqual([]);
  expect(p.forwards.map((sent) => sent.kind)).toEqual(["poll", "poll", "poll"]);
  expect(await p.rows("SELECT * FROM requests")).toEqual([]);
  await legacy.deliver(p);
  expect(legacy.got.map((got) => got.body)).toEqual(Array.from({ length: 3 }, () => JSON.stringify(batch([]))));
  expect(await p.offers()).toEqual([{ id: "L1", to: "+26650000102", content: "from the old system" }]);
  p.forwards = [];
  await p.post(batch([], [{ status: "SENT", id: "L1" }]));
  await legacy.deliver(p);
  expect(JSON.parse(legacy.got.at(-1)?.body ?? "").updates).toEqual([{ status: "SENT", id: "L1" }]);
  const rows = await p.owed("sms_outbound");
  expect(rows.map((row) => [row.origin, row.state])).toEqual([
    ["legacy", "queued"],
    ["legacy", "offered"],
    ["legacy", "sent"],
  ]);
  expect(rows[0]?.expiresAt).toBe((rows[0]?.createdAt ?? 0) + DAY);
});

it("takes the answer of a forwarded batch too, and skips what no phone can send", async () => {
  const [p, legacy] = [await forwarding(), new Legacy()];
  legacy.answer = () =>
    Response.json({
      messages: [
        { id: "L1", to: "MPESA", content: "x" },
        { id: "L2", to: "123", content: "y" },
      ],
    });
  await p.post(batch([message()]));
  await legacy.deliver(p);
  expect((await p.offers()).map((sms) => sms.id)).toEqual(["L2"]);
});

it("never sends again what a 2xx confirmed, however often the queue delivers it", async () => {
  const [p, legacy] = [await forwarding(), new Legacy()];
  await p.post(batch([message()]));
  const messages = [...p.forwards];
  for (let n = 0; n < 3; n++) await legacy.run(messages);
  p.now += HOUR;
  const last = await legacy.run(messages);
  expect(legacy.got).toHaveLength(1);
  expect(last.explicitAcks).toEqual(["0"]);
});

it("two deliveries at the same time are one request: the lease is one consumer's for a minute", async () => {
  const [p, legacy] = [await forwarding(), new Legacy()];
  const gate = Promise.withResolvers<Response>();
  legacy.answer = () => (legacy.got.length === 1 ? gate.promise : Response.json({}));
  await p.post(batch([message()]));
  const message1 = [...p.forwards];
  const first = legacy.run(message1);
  await legacy.run(message1);
  gate.resolve(Response.json({}));
  await first;
  expect(legacy.got).toHaveLength(1);
});

it.each([301, 400, 401, 404, 500, 503])(
  "a %d is sent again, later each time, up to a quarter of an hour, without end",
  async (status) => {
    const [p, legacy] = [await forwarding(), new Legacy()];
    legacy.answer = () => new Response("no", { status });
    await p.post(batch([message()]));
    await legacy.deliver(p);
    for (let n = 0; n < 12; n++) {
      p.now += 15 * MINUTE;
      await p.alarm();
      await legacy.deliver(p);
    }
    expect(legacy.got).toHaveLength(13);
    legacy.answer = () => Response.json({ messages: [] });
    p.now += 15 * MINUTE;
    await p.alarm();
    await legacy.deliver(p);
    p.now += HOUR;
    await p.alarm();
    expect(p.forwards).toEqual([]);
    expect(await view(p)).toMatchObject({ forwardWaiting: 0 });
  },
);

it("a queue message that is lost is sent again by the alarm, also after the object died", async () => {
  const [p, legacy] = [await forwarding(), new Legacy()];
  await p.post(batch([message()]));
  p.forwards = [];
  await p.evict();
  p.now += 30_000;
  await p.alarm();
  await legacy.deliver(p);
  expect(legacy.got).toHaveLength(1);
});

it("an answer that never came is sent again with the same ids by default", async () => {
  const [p, legacy] = [await forwarding(), new Legacy()];
  legacy.answer = () => Promise.reject(new DOMException("slow", "TimeoutError"));
  await p.post(batch([message()]));
  await legacy.deliver(p);
  expect(await view(p)).toMatchObject({ forwardWaiting: 1, forwardParked: 0 });
  p.now += 15 * MINUTE;
  await p.alarm();
  await legacy.deliver(p);
  expect(legacy.got[1]?.body).toBe(legacy.got[0]?.body);
});

it("where a country parks them, an unanswered one waits in a list until a person sends it again", async () => {
  const [p, legacy] = [await forwarding({ onAmbiguousForward: "park" }), new Legacy()];
  legacy.answer = () => Promise.reject(new DOMException("slow", "TimeoutError"));
  await p.post(batch([message()]));
  await legacy.deliver(p);
  p.now += HOUR;
  await p.alarm();
  expect(p.forwards).toEqual([]);
  const parked = await p.stub.parked();
  expect(parked).toMatchObject([{ receivedAt: NOON, because: "TimeoutError" }]);
  legacy.answer = () => Response.json({});
  expect(await p.stub.sendAgain(parked[0]?.forwardId ?? 0)).toBe(true);
  expect(await p.stub.sendAgain(parked[0]?.forwardId ?? 0)).toBe(false);
  await p.alarm();
  await legacy.deliver(p);
  expect(legacy.got).toHaveLength(2);
  expect(await view(p)).toMatchObject({ forwardWaiting: 0, forwardParked: 0 });
  expect((await p.owed("case")).map((row) => [row.caseKind, row.state, row.version])).toEqual([
    ["forward_parked", "open", 1],
    ["forward_parked", "closed", 2],
  ]);
});

it("an answer without end confirms and is not read to its end", async () => {
  const [p, legacy] = [await forwarding(), new Legacy()];
  legacy.answer = () => new Response(`{"messages":[{"id":"L","to":"123","content":"${"x".repeat(300_000)}"}]}`);
  await p.post(batch([message()]));
  await legacy.deliver(p);
  expect(await view(p)).toMatchObject({ forwardWaiting: 0, outgoingWaiting: 0 });
});

it("what the old system itself mirrors to us is stored and matched, never sent back", async () => {
  const p = await forwarding();
  await p.stub.enqueue(outgoing("a"));
  const response = await p.post(batch([message()], [{ id: "x", status: "SENT" }]), {
    "X-SMS-Gateway-Host": "old.example",
  });
  expect(await response.json()).toEqual({ messages: [] });
  expect((await p.post(batch([]), { "X-SMS-Gateway-Host": "old.example" })).status).toBe(200);
  await p.alarm();
  expect(p.processed).toHaveLength(1);
  expect(p.forwards).toEqual([]);
  expect(await view(p)).toMatchObject({ lastPollAt: null });
  expect(await p.offers()).toHaveLength(1);
});

it("one bad message never takes its neighbours with it", async () => {
  const [p, legacy] = [await forwarding(), new Legacy()];
  await p.post(batch([message()]));
  const result = await legacy.run([null as unknown as ForwardMessage, ...p.forwards]);
  expect(result.retryMessages.map((retried) => retried.msgId)).toEqual(["0"]);
  expect(result.explicitAcks).toEqual(["1"]);
  expect(legacy.got).toHaveLength(1);
});

it("a dead old system changes nothing for the phone or for processing", async () => {
  const p = await forwarding({
    sendForward: async () => {
      throw new Error("queue is down");
    },
  });
  expect((await p.post(batch([message()]))).status).toBe(200);
  await p.alarm();
  expect(p.processed).toHaveLength(1);
  expect(await view(p)).toMatchObject({ unprocessed: 0, forwardWaiting: 1 });
});

it("tells the old system what an SMSSync phone claims and reports of its SMS, and nothing of ours", async () => {
  const [p, legacy] = [await forwarding(), new Legacy()];
  const smssync = (query: string, body?: unknown) =>
    p.request(
      {
        method: body === undefined ? "GET" : "POST",
        headers: { "User-Agent": "SMSSync-Android/v2.8.3", "Content-Type": "application/json" },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      },
      `/api/sms/incoming/${p.id}.${p.token}?${query}`,
    );
  const theirs = { to: "+26650000109", message: "From the old system", uuid: "old-1" };
  await p.stub.enqueue(outgoing("ours-1"));
  legacy.answer = () => Response.json({ payload: { task: "send", secret: "", messages: [theirs] } });
  await smssync("task=send");
  await legacy.deliver(p);
  legacy.answer = () => Response.json({ message_uuids: ["old-1"] });
  await smssync("task=send");
  await legacy.deliver(p);
  legacy.got = [];

  await smssync("task=sent&key=1", { queued_messages: ["ours-1", "old-1"] });
  await legacy.deliver(p);
  expect(legacy.got).toMatchObject([
    { url: "https://old.example/receive.php?task=sent&key=1", body: '{"queued_messages":["old-1"]}' },
  ]);

  const result = (uuid: string) => ({ uuid, sent_result_code: -1, delivered_result_code: -1 });
  const report = { message_result: JSON.stringify([result("ours-1"), result("old-1")]) };
  legacy.answer = () => new Response("busy", { status: 503 });
  await smssync("task=result", report);
  await legacy.deliver(p);
  expect(await view(p)).toMatchObject({ forwardWaiting: 1 });
  legacy.answer = () => Response.json({ payload: { success: true, error: null } });
  p.now += HOUR;
  await p.alarm();
  await legacy.deliver(p);
  // The phone sends its report again: the old system has it.
  await smssync("task=result", report);
  await legacy.deliver(p);
  expect(legacy.got.slice(1)).toMatchObject([
    { url: "https://old.example/receive.php?task=result" },
    {
      url: "https://old.example/receive.php?task=result",
      body: JSON.stringify({ message_result: JSON.stringify([result("old-1")]) }),
    },
  ]);
  expect(legacy.got).toHaveLength(3);
  expect(await p.stub.outgoing("ours-1")).toMatchObject({ state: "delivered" });
  expect(await p.stub.outgoing("old-1")).toMatchObject({ state: "delivered" });
});

it("gives an SMSSync phone the old system's SMS at its next task check, and asks for them at most once a minute", async () => {
  const [p, legacy] = [await forwarding(), new Legacy()];
  const reply = { to: "+26650000109", message: "Paid, thank you", uuid: "reply-1" };
  legacy.answer = () => Response.json({ payload: { task: "send", secret: "", messages: [reply] } });
  const check = async () => {
    const headers = { "User-Agent": "SMSSync-Android/v3.1.1" };
    const response = await p.request({ headers }, `/api/sms/incoming/${p.id}.${p.token}?task=send`);
    return ((await response.json()) as { payload: { messages: unknown[] } }).payload.messages;
  };
  expect(await check()).toEqual([]);
  p.now += 30_000;
  expect(await check()).toEqual([]);
  expect(p.forwards).toHaveLength(1);
  await legacy.deliver(p);
  expect(legacy.got).toMatchObject([{ url: "https://old.example/receive.php?task=send", method: "GET" }]);
  expect(await check()).toMatchObject([reply]);
  p.now += MINUTE;
  await check();
  await legacy.deliver(p);
  expect(legacy.got).toHaveLength(2);
  expect(await p.rows("SELECT id FROM outgoing")).toEqual([{ id: "reply-1" }]);
});

it("tells the old system nothing when a phone claims and reports only our own SMS", async () => {
  const p = await forwarding();
  await p.stub.enqueue(outgoing("ours-2"));
  const headers = { "User-Agent": "SMSSync-Android/v3.1.1", "Content-Type": "application/json" };
  const path = `/api/sms/incoming/${p.id}.${p.token}`;
  await p.request({ headers }, `${path}?task=send`);
  p.forwards.length = 0;
  await p.request({ method: "POST", headers, body: '{"queued_messages":["ours-2"]}' }, `${path}?task=sent`);
  await p.request(
    { method: "POST", headers, body: '{"message_result":[{"uuid":"ours-2","sent_result_code":0}]}' },
    `${path}?task=result`,
  );
  expect(p.forwards).toEqual([]);
  expect(await p.rows("SELECT * FROM forwards")).toEqual([]);
});

it("the country is told since when an SMS waits for the old system, and that none does once it was confirmed though the phone comes no more", async () => {
  const [p, legacy] = [await forwarding(), new Legacy()];
  const told = () => p.pulses.at(-1)?.oldestForwardAt;
  legacy.answer = () => new Response("down", { status: 503 });
  await p.post(batch([message()]));
  const since = p.now;
  await p.alarm();
  expect(told()).toBe(since);
  await legacy.deliver(p);
  p.now += 20 * MINUTE;
  await p.alarm();
  expect(told()).toBe(since);
  legacy.answer = () => Response.json({ messages: [] });
  await legacy.deliver(p);
  expect(await view(p)).toMatchObject({ forwardWaiting: 0 });
  p.now += MINUTE;
  await p.alarm();
  expect(told()).toBeNull();
});

it("where there is no old system any more the country is told of nothing that waits for it", async () => {
  let isThere = true;
  const p = await forwarding({ forwards: () => isThere });
  await p.post(batch([message()]));
  await p.alarm();
  expect(p.pulses.at(-1)?.oldestForwardAt).toBe(p.now);
  isThere = false;
  p.now += HOUR;
  await p.post(batch([]));
  await p.alarm();
  expect(p.pulses.at(-1)?.oldestForwardAt).toBeNull();
});
