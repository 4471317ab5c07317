import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it, vi } from "vitest";
import { contentHash } from "../../src/domain/gateway/text.ts";
import type { PhonePulse } from "../../src/ports/gate.ts";
import { PROCESS_BATCH_MAX } from "../../workers/objects/mailbox/processing.ts";
import type { Mailbox } from "../../workers/objects/mailbox.ts";
import { batch, MINUTE, message, NOON, phone, sha256, TestPhone, unparsed, view } from "./mailbox-phone.ts";

it("M33: an SMS whose parser throws stays and is tried again, later each time, and the others go on", async () => {
  const p = await phone();
  p.process = async (sms) => {
    if (sms.content === "poison") throw new Error("parser");
    return unparsed(sms);
  };
  await p.post(batch([message({ content: "poison" }), message(), message()]));
  await p.alarm();
  expect(await view(p)).toMatchObject({ unprocessed: 1, oldestUnprocessedAt: NOON });
  p.now += 999;
  await p.alarm();
  expect(p.processed).toHaveLength(3);
  p.now += 1;
  await p.alarm();
  expect(p.processed).toHaveLength(4);
  p.process = async (sms) => unparsed(sms);
  p.now += 2_000;
  await p.evict();
  await p.alarm();
  expect(await view(p)).toMatchObject({ unprocessed: 0, oldestUnprocessedAt: null });
  expect(await p.owed("sms_result")).toHaveLength(3);
});

it("'later' is no result: nothing is owed, and it comes back", async () => {
  const p = await phone();
  p.process = async () => ({ state: "later", because: "account_unknown_yet" });
  await p.post(batch([message()]));
  for (let n = 0; n < 3; n++) {
    await p.alarm();
    p.now += 15 * MINUTE;
  }
  expect(p.processed.length).toBe(3);
  expect(await p.owed("sms_result")).toEqual([]);
});

it("says why SMS wait although they were tried, by reason and by text, until they are read", async () => {
  const p = await phone();
  p.process = async (sms) => {
    if (sms.content === "poison") throw new Error("parser");
    return { state: "later", because: sms.content === "till" ? "till_not_ready" : "account_unknown_yet" };
  };
  const hash = (content: string) => ({
    externalId: content,
    contentHash: contentHash("MPESA", content),
    receivedAt: NOON,
  });
  const texts = ["a", "b", "till", "poison"];
  await p.post(batch(texts.map((content) => message({ id: content, content }))));
  expect(await view(p)).toMatchObject({ unprocessed: 4, later: [] });
  expect(await p.stub.waitOf(hash("till"))).toEqual({ because: null, tries: 0, nextAt: NOON });
  await p.alarm();
  const one = { count: 1, oldestAt: NOON, triesMax: 1, nextAt: NOON + 1_000 };
  expect((await view(p))?.later).toEqual([
    { ...one, because: "account_unknown_yet", count: 2 },
    { ...one, because: "threw" },
    { ...one, because: "till_not_ready" },
  ]);
  await p.evict();
  expect(await p.stub.waitOf(hash("till"))).toEqual({ because: "till_not_ready", tries: 1, nextAt: NOON + 1_000 });
  expect(await p.stub.waitOf(hash("never came"))).toBeNull();
  p.process = async (sms) => unparsed(sms);
  p.now += 2_000;
  await p.alarm();
  expect(await view(p)).toMatchObject({ unprocessed: 0, later: [] });
  expect(await p.stub.waitOf(hash("till"))).toBeNull();
  // Read again by a person: it waits once more, and the reason of another time is not said of it.
  await p.stub.reprocess([hash("till")]);
  expect(await p.stub.waitOf(hash("till"))).toMatchObject({ because: null, tries: 0 });
  expect((await view(p))?.later).toEqual([]);
});

it("one SMS that hangs takes one place; the others, also those that come later, go on", async () => {
  const p = await phone();
  const stuck = Promise.withResolvers<void>();
  p.process = async (sms) => {
    if (sms.content === "stuck") await stuck.promise;
    return unparsed(sms);
  };
  await p.post(batch([message({ content: "stuck" }), ...Array.from({ length: 30 }, () => message())]));
  const alarm = p.alarm();
  await vi.waitFor(() => expect(p.processed).toHaveLength(31));
  await p.post(batch([message({ content: "late" })]));
  await vi.waitFor(() => expect(p.processed.at(-1)?.content).toBe("late"));
  stuck.resolve();
  await alarm;
  expect(await view(p)).toMatchObject({ unprocessed: 0 });
});

it("has no more than a batch of SMS in work at once, oldest first", async () => {
  const p = await phone();
  let now = 0;
  let most = 0;
  p.process = async (sms) => {
    most = Math.max(most, ++now);
    await Promise.resolve();
    now--;
    return unparsed(sms);
  };
  const sent = Array.from({ length: 100 }, () => message());
  for (let n = 0; n < 100; n += 10) await p.post(batch(sent.slice(n, n + 10)));
  await p.alarm();
  expect(most).toBeLessThanOrEqual(PROCESS_BATCH_MAX);
  expect(p.processed.map((sms) => sms.externalId)).toEqual(sent.map((sms) => sms.id));
});

it("owes the cases of a result together with it, and a re-run replaces the result by a higher version", async () => {
  const p = await phone();
  p.process = async () => ({
    state: "done",
    outcome: "no_receipt",
    because: "no_receipt",
    receipt: null,
    account: null,
    parsedJson: '{"kind":"payment"}',
    cases: [
      {
        caseKey: "text:1",
        receipt: null,
        generation: null,
        share: null,
        tillId: "till-a",
        amountMinor: 5_000,
        currency: "LSL",
        because: "no_receipt",
        hintAccounts: [],
        hintNote: "",
        payerPhone: null,
        text: "x",
        state: "open",
        openedAt: NOON,
        closedAt: null,
        version: 1,
      },
    ],
  });
  const sms = message();
  await p.post(batch([sms]));
  await p.alarm();
  expect((await p.owed("suspense_case")).map((row) => row.caseKey)).toEqual(["text:1"]);
  const key = { externalId: sms.id, contentHash: p.processed[0]?.contentHash ?? "" };
  expect(await p.stub.reprocess([key, { externalId: "unknown", contentHash: "x" }])).toBe(1);
  await p.alarm();
  expect((await p.owed("sms_result")).map((row) => row.version)).toEqual([1, 2]);
});

it("a quarantined SMS with a sender can be sent through the parser by a person, one without cannot", async () => {
  const p = await phone();
  await p.post(batch([message({ id: null }), 5]));
  await p.alarm();
  expect(p.processed).toEqual([]);
  const rows = await p.owed("sms_inbound");
  expect(await p.stub.reprocess(rows)).toBe(1);
  await p.alarm();
  expect(p.processed).toHaveLength(1);
});

it("tells the country at once when an SMS waits and when none does any more, and of mere polls once a minute", async () => {
  const p = await phone();
  await p.alarm();
  p.pulses = [];
  p.process = async () => ({ state: "later", because: "account_unknown_yet" });
  for (; p.now < NOON + 2 * MINUTE; p.now += 10_000) {
    await p.post(batch([]));
    await p.alarm();
  }
  expect(p.pulses.length).toBeLessThanOrEqual(2);
  expect(p.polls.at(-1)?.slice(0, 2)).toEqual(["till-a", p.id]);
  p.pulses = [];
  await p.post(batch([message()]));
  await p.alarm();
  expect(p.pulses).toEqual([
    {
      phoneId: p.id,
      tillId: "till-a",
      channel: "electricity",
      lastPollAt: p.now,
      oldestUnprocessedAt: p.now,
      oldestForwardAt: null,
      revoked: false,
    } satisfies PhonePulse,
  ]);
  p.pulses = [];
  p.process = async (sms) => unparsed(sms);
  p.now += 2_000;
  await p.alarm();
  await p.alarm();
  expect(p.pulses.at(-1)?.oldestUnprocessedAt).toBeNull();
});

it("a country that does not answer is told again", async () => {
  let fails = 2;
  const p = await phone(
    {},
    {
      tellGate: async (pulse) => {
        if (fails-- > 0) throw new Error("gate");
        p.pulses.push(pulse);
      },
    },
  );
  await p.post(batch([]));
  for (let n = 0; n < 3; n++) {
    await p.alarm();
    p.now += 5_000;
  }
  expect(p.pulses).toHaveLength(1);
});

it("is silent after twenty minutes without a poll", async () => {
  const p = await phone();
  expect(await view(p)).toMatchObject({ silent: true, lastPollAt: null });
  await p.post(batch([]));
  p.now += 20 * MINUTE;
  expect(await view(p)).toMatchObject({ silent: false });
  p.now += 1;
  expect(await view(p)).toMatchObject({ silent: true });
});

it("M34: a backlog of 10,000 in 1,000 posts, and one empty after it, ends in 10,000 rows", async () => {
  const p = await phone();
  const all = Array.from({ length: 10_000 }, () => message());
  for (let n = 0; n < all.length; n += 10) expect((await p.post(batch(all.slice(n, n + 10)))).status).toBe(200);
  const last = await p.post(batch([]));
  expect(await last.json()).toEqual({ messages: [] });
  expect(await p.smsCount()).toBe(10_000);
}, 120_000);

it("M35: the same with failing storage, lost replies and a second poller ends in as many rows, none twice", async () => {
  const p = await phone();
  const all = Array.from({ length: 2_000 }, () => message());
  for (let n = 0; n < all.length; n += 10) {
    const ten = batch(all.slice(n, n + 10));
    if (n % 200 === 0) {
      await p.rows("CREATE TRIGGER full BEFORE INSERT ON sms BEGIN SELECT RAISE(ABORT, 'disk full'); END");
      expect((await p.post(ten)).status).toBe(503);
      await p.rows("DROP TRIGGER full");
    }
    // A lost reply is the same post again; a second poller sends it at the same moment.
    const posts = n % 70 === 0 ? [p.post(ten), p.post(ten), p.post(ten)] : [p.post(ten)];
    for (const response of await Promise.all(posts)) expect(response.status).toBe(200);
  }
  expect(await p.smsCount()).toBe(2_000);
  expect(await p.owed("sms_inbound")).toHaveLength(2_000);
}, 120_000);

it("a real alarm processes without being asked", async () => {
  const p = new TestPhone();
  await p.stub.configure(p.facts());
  const done = Promise.withResolvers<void>();
  await runInDurableObject(p.stub, (mailbox: Mailbox) => {
    mailbox.world = {
      ...mailbox.world,
      tellGate: async () => {},
      tellTill: async () => {},
      processor: {
        process: async (sms) => {
          done.resolve();
          return unparsed(sms);
        },
      },
    };
  });
  await p.post(batch([message()]));
  await done.promise;
});

it("takes an SMSSync post by path token, by Basic, and never a Medic answer for it", async () => {
  const p = await phone();
  const form = (id: string) => ({
    method: "POST",
    headers: { "Content-Type": "application/x-www-form-urlencoded", "User-Agent": "SMSSync-Android/v3.1.1" },
    body: new URLSearchParams({
      secret: "",
      from: "MPESA",
      message: `text ${id}`,
      sent_timestamp: "1700000000000",
      sent_to: "",
      message_id: id,
      device_id: "",
    }).toString(),
  });
  const { sms } = await import("../../workers/ingest/sms.ts");
  const byPath = await sms.request(`https://care.example/api/sms/incoming/${p.id}.${p.token}`, form("a"), { ...env });
  expect(await byPath.json()).toEqual({ payload: { success: true, error: null } });
  expect(await (await p.request(form("b"))).json()).toEqual({ payload: { success: true, error: null } });
  expect(await (await p.request(form("b"))).json()).toEqual({ payload: { success: true, error: null } });
  expect((await p.owed("sms_inbound")).map((row) => [row.protocol, row.content])).toEqual([
    ["smssync", "text a"],
    ["smssync", "text b"],
  ]);
  const wrong = await sms.request(`https://care.example/api/sms/incoming/${p.id}.wrong`, form("c"), { ...env });
  expect(wrong.status).toBe(403);
  expect(await wrong.json()).toMatchObject({ payload: { success: false } });
});

it("accepts a token hashed as it stands in the path", async () => {
  const p = await phone();
  await p.stub.configure(p.facts({ tokenHashes: [sha256(`${p.id}.${p.token}`)], version: 2 }));
  expect((await p.post(batch([]))).status).toBe(200);
});
