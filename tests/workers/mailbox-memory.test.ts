import { expect, it } from "vitest";
import type { SmsInboundRow } from "../../src/domain/outbox.ts";
import type { RestoredOutgoing } from "../../src/ports/mailbox-restores.ts";
import type { Mailbox } from "../../workers/objects/mailbox.ts";
import {
  batch,
  DAY,
  HOUR,
  MINUTE,
  message,
  NOON,
  outgoing,
  phone,
  sha256,
  TestPhone,
  unparsed,
} from "./mailbox-phone.ts";

it("a phone Postgres knows and its object does not is loaded in pages, and old SMS stay known", async () => {
  const hashes = Array.from({ length: 5_001 }, (_, n) => ({
    externalId: `id-${String(n).padStart(5, "0")}`,
    contentHash: "h",
  }));
  const sms = message({ id: "old" });
  const p = new TestPhone();
  const asked: unknown[] = [];
  const restores: Mailbox["world"]["restores"] = {
    phoneFacts: async (phoneId) => (phoneId === p.id ? p.facts({ version: 7 }) : null),
    mailboxHashes: async (_, after, limit) => {
      asked.push(after?.externalId ?? null);
      const { contentHash } = await import("../../src/domain/gateway/text.ts");
      const all = [...hashes, { externalId: "old", contentHash: contentHash("MPESA", sms.content) }];
      return all
        .slice(after === null ? 0 : all.findIndex((row) => row.externalId === after.externalId) + 1)
        .slice(0, limit);
    },
    unprocessedSms: async () => [],
    smsNamed: async () => [],
    outgoingSms: async () => [],
  };
  p.world = { restores };
  await p.install();
  expect((await p.post(batch([sms, message()]))).status).toBe(200);
  expect(asked).toEqual([null, "id-04999"]);
  expect(await p.smsCount()).toBe(1);
});

const lost = (
  id: string,
  state: RestoredOutgoing["state"],
  offeredAt: number | null,
  version = 1,
): RestoredOutgoing => ({
  id,
  origin: "ours",
  toPhone: "+26650000101",
  content: `Receipt ${id}`,
  template: null,
  account: null,
  receipt: null,
  state,
  reason: null,
  createdAt: NOON - MINUTE,
  offeredAt,
  stateAt: NOON - MINUTE,
  expiresAt: NOON + HOUR,
  version,
});

const waitedSms = (p: TestPhone): SmsInboundRow => ({
  phoneId: p.id,
  tillId: "till-a",
  channel: "electricity",
  protocol: "medic",
  externalId: "waited",
  contentHash: "22",
  sender: "MPESA",
  content: "QK7WAITED Confirmed.",
  contentRawBase64: Buffer.from("QK7WAITED Confirmed.").toString("base64"),
  claimedSentAt: null,
  claimedReceivedAt: null,
  receivedAt: NOON - HOUR,
  idConflict: false,
  quarantine: null,
  requestId: null,
});

it("a phone that lost its memory goes on with what waited, and sends nothing a second time", async () => {
  const p = new TestPhone();
  p.world = {
    forwards: () => true,
    restores: {
      phoneFacts: async () => p.facts({ version: 7 }),
      mailboxHashes: async (_, after) => (after === null ? [{ externalId: "waited", contentHash: "22" }] : []),
      unprocessedSms: async () => [waitedSms(p)],
      smsNamed: async () => [],
      outgoingSms: async (_, after) =>
        after !== ""
          ? []
          : [
              lost("fresh", "queued", null),
              lost("handed", "queued", NOON - MINUTE),
              lost("pending", "pending", NOON - MINUTE),
              lost("sent", "sent", NOON - MINUTE),
            ],
    },
  };
  await p.install();
  expect((await p.offers()).map(({ id }) => id)).toEqual(["fresh"]);
  await p.alarm();
  expect(p.processed.map(({ externalId }) => externalId)).toEqual(["waited"]);
  expect(p.processed[0]).toMatchObject({ content: "QK7WAITED Confirmed.", receivedAt: NOON - HOUR });
  expect(await p.owed("sms_inbound")).toEqual([]);
  expect(p.forwards.filter(({ kind }) => kind === "stored")).toEqual([]);
  expect(await p.stub.enqueue(outgoing("sent"))).toEqual({ status: "exists" });
  expect(await p.stub.enqueue(outgoing("handed"))).toEqual({ status: "exists" });
  expect((await p.stub.outgoing("handed"))?.state).toBe("offered");
  expect((await p.stub.outgoing("pending"))?.state).toBe("pending");
});

it("a phone that was set back takes SMS to send as Postgres knows them, and reads again what only Postgres has", async () => {
  const p = new TestPhone();
  let later: RestoredOutgoing[] = [];
  const seen = [{ externalId: "waited", contentHash: "22" }];
  p.world = {
    restores: {
      phoneFacts: async () => p.facts({ version: 7 }),
      mailboxHashes: async (_, after) => (after === null && later.length > 0 ? seen : []),
      unprocessedSms: async () => [],
      smsNamed: async () => [waitedSms(p)],
      outgoingSms: async (_, after) =>
        after !== "" ? [] : later.length > 0 ? later : [lost("handed", "queued", null), lost("sent", "queued", null)],
    },
  };
  await p.install();
  expect(await p.stub.view()).toMatchObject({ outgoingWaiting: 2 });
  later = [lost("added", "queued", null), lost("handed", "offered", NOON, 2), lost("sent", "sent", NOON, 3)];
  expect(await p.stub.learnSeen()).toBe(1);
  expect((await p.offers()).map(({ id }) => id)).toEqual(["added"]);
  expect((await p.stub.outgoing("handed"))?.state).toBe("offered");
  expect(await p.stub.enqueue(outgoing("sent"))).toEqual({ status: "exists" });

  expect(await p.stub.processAgain(seen)).toBe(1);
  await p.alarm();
  expect(p.processed.map(({ externalId }) => externalId)).toEqual(["waited"]);
  expect(await p.owed("sms_inbound")).toEqual([]);
});

it("answers 503 while it has lost its memory and Postgres is down, and keeps nothing", async () => {
  const p = new TestPhone();
  let down = true;
  p.world = {
    restores: {
      phoneFacts: async () => (down ? "down" : p.facts()),
      mailboxHashes: async () => [],
      unprocessedSms: async () => [],
      smsNamed: async () => [],
      outgoingSms: async () => [],
    },
  };
  await p.install();
  expect((await p.post(batch([message()]))).status).toBe(503);
  expect(
    await p.stub.enqueue({
      id: "a",
      to: "123",
      content: "x",
      template: null,
      language: null,
      account: null,
      receipt: null,
      createdAt: NOON,
      expiresAt: NOON + HOUR,
    }),
  ).toEqual({ status: "not_ready" });
  down = false;
  expect((await p.post(batch([message()]))).status).toBe(200);
  expect(await p.smsCount()).toBe(1);
});

it("prunes by batches and goes on in a minute when there is more", async () => {
  const p = await phone();
  for (let n = 0; n < 60; n++) await p.post(batch(Array.from({ length: 10 }, () => message())));
  await p.alarm();
  await p.copyAll();
  p.now = NOON + 40 * DAY;
  await p.alarm();
  expect(await p.smsCount()).toBe(100);
  p.now += MINUTE;
  await p.alarm();
  expect(await p.smsCount()).toBe(0);
});

it("answers for a day as Postgres does, and owes the whole day again, exactly, when it is asked to", async () => {
  const p = await phone();
  const messages = [message({ id: "b", content: "x\uD83Dy" }), message({ id: "a" }), message({ id: null })];
  await p.post(batch(messages));
  p.now = NOON + DAY;
  await p.post(batch([message()]));
  const rows = (await p.owed("sms_inbound")).slice(0, 3);
  const lines = rows.map((row) => `${row.externalId ?? ""}|${row.contentHash}\n`).sort();
  const day = { count: 3, sha256: sha256(lines.join("")) };
  expect(await p.stub.smsDay("2026-11-20")).toMatchObject({ ...day, waiting: 3 });
  await p.copyAll();
  expect(await p.stub.smsDay("2026-11-20")).toMatchObject({ ...day, waiting: 0 });
  expect(await p.stub.sendDayAgain("2026-11-20")).toBe(3);
  expect(await p.owed("sms_inbound")).toEqual(rows);
  expect(await p.stub.smsDay("2026-11-19")).toMatchObject({ count: 0, sha256: sha256(""), waiting: 0 });
  expect(await p.stub.smsDay("no day")).toBeNull();
  expect(await p.stub.smsDay("2026-10-01")).toBeNull();
});

it.each([
  [null, ["reversal_without_receipt"]],
  ["QK7AAA", []],
])(
  "what an operator took back without saying which payment (%s) is a case, for no receipt is blocked by it",
  async (receipt, cases) => {
    const p = await phone();
    p.process = async (sms) => {
      const said = unparsed(sms);
      return said.state === "later" ? said : { ...said, outcome: "reversal", because: "reversal", receipt };
    };
    await p.post(batch([message()]));
    await p.alarm();
    expect((await p.owed("case")).map((row) => JSON.parse(row.detailsJson).because)).toEqual(cases);
  },
);

it.each(["amount_unreadable", "foreign_currency"])(
  "a text whose money could not be read (%s) is a case, once, however often it is worked on; a question is none",
  async (because) => {
    const p = await phone();
    p.process = async (sms) => {
      const said = unparsed(sms);
      return said.state === "later" || sms.content === "how are you" ? said : { ...said, because };
    };
    await p.post(batch([message({ content: "ZMW 50 received" }), message({ content: "how are you" })]));
    await p.alarm();
    const owed = await p.owed("case");
    expect(owed).toMatchObject([
      {
        caseKind: "unread_money",
        caseKey: expect.stringContaining(`unread_money:${p.id}:`),
        detailsJson: expect.stringContaining(because),
        state: "open",
      },
    ]);
  },
);
