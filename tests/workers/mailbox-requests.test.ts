import { runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import type { SmsInboundRow } from "../../src/domain/outbox.ts";
import { forRequest, requestIdNow } from "../../src/ports/log.ts";
import type { Mailbox } from "../../workers/objects/mailbox.ts";
import { batch, message, NOON, phone, TestPhone, unparsed } from "./mailbox-phone.ts";

const REQUEST = "request-of-noon-1";
const owedIds = async (p: TestPhone) => (await p.owed("sms_inbound")).map(({ requestId }) => requestId);

/** Under which request each SMS is read. */
function readers(p: TestPhone): (string | undefined)[] {
  const under: (string | undefined)[] = [];
  p.process = async (sms) => {
    under.push(requestIdNow());
    return unparsed(sms);
  };
  return under;
}

describe("the request that brought an SMS", () => {
  it("is owed to Postgres with it, and again with its day", async () => {
    const p = await phone();
    await forRequest(REQUEST, () => p.post(batch([message(), message()])));
    expect(await owedIds(p)).toEqual([REQUEST, REQUEST]);
    await p.copyAll();
    expect(await p.stub.sendDayAgain("2026-11-20")).toBe(2);
    expect(await owedIds(p)).toEqual([REQUEST, REQUEST]);
  });

  it("is the first one's where the phone sends the same SMS twice", async () => {
    const p = await phone();
    const sms = message();
    await forRequest(REQUEST, () => p.post(batch([sms])));
    await forRequest("the-same-once-more", () => p.post(batch([sms])));
    expect(await owedIds(p)).toEqual([REQUEST]);
  });

  it("names the work on it in the log, also after the object was put to sleep", async () => {
    const p = await phone();
    await forRequest(REQUEST, () => p.post(batch([message()])));
    await p.evict();
    const under = readers(p);
    await p.alarm();
    expect(under).toEqual([REQUEST]);
  });

  it("is null where nobody knows it: of nobody's request, and of an SMS that a Mailbox of before has", async () => {
    const p = await phone();
    await p.post(batch([message()]));
    await runInDurableObject(p.stub, (_: Mailbox, { storage }) =>
      storage.sql.exec("ALTER TABLE requests DROP COLUMN log_id"),
    );
    await p.evict();
    const under = readers(p);
    await forRequest(REQUEST, () => p.post(batch([message()])));
    expect(await owedIds(p)).toEqual([null, REQUEST]);
    await p.alarm();
    expect(under).toEqual([undefined, REQUEST]);
  });

  it.each([REQUEST, null])(
    "comes back from Postgres with an SMS that waited when the memory was lost: %s",
    async (requestId) => {
      const p = new TestPhone();
      const waited: SmsInboundRow = {
        ...{ phoneId: p.id, tillId: "till-a", channel: "electricity", protocol: "medic", externalId: "waited" },
        ...{ contentHash: "22", sender: "MPESA", content: "QK7WAITED Confirmed.", contentRawBase64: "UUs3" },
        ...{
          claimedSentAt: null,
          claimedReceivedAt: null,
          receivedAt: NOON,
          idConflict: false,
          quarantine: null,
          requestId,
        },
      };
      p.world = {
        restores: {
          phoneFacts: async () => p.facts({ version: 7 }),
          mailboxHashes: async (_, after) => (after === null ? [{ externalId: "waited", contentHash: "22" }] : []),
          unprocessedSms: async () => [waited],
          smsNamed: async () => [],
          outgoingSms: async () => [],
        },
      };
      await p.install();
      const under = readers(p);
      await forRequest("the-one-that-woke-it", () => p.post(batch([])));
      await p.alarm();
      expect(under).toEqual([requestId ?? undefined]);
      expect(await p.stub.sendDayAgain("2026-11-20")).toBe(1);
      expect(await owedIds(p)).toEqual([requestId]);
    },
  );
});
