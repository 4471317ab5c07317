import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ERASED_PHONE } from "../../src/domain/personal/patterns.ts";
import { directoryOf, gateOf, mailboxOf } from "../../workers/objects/locate.ts";
import { ledger, live, payment } from "./account-makers.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Each test works on a day of its own, so that the phones of another have long been silent. */
let day = Date.UTC(2027, 0, 1, 6);

beforeEach(() => {
  day += 24 * HOUR_MS;
  vi.useFakeTimers({ now: day, toFake: ["Date"] });
  vi.stubGlobal("fetch", async () => {
    throw new Error("nothing is reachable");
  });
});

afterEach(async () => {
  for (const { phoneId } of await gateOf(env).phones()) await pulse(phoneId, null, true);
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const pulse = (phoneId: string, lastPollAt: number | null, revoked = false) =>
  gateOf(env).pulse({
    phoneId,
    tillId: "till-1",
    channel: "electricity",
    lastPollAt,
    oldestUnprocessedAt: null,
    revoked,
  });

async function phone(phoneId: string, lastPollAt: number | null = Date.now()) {
  await mailboxOf(env, phoneId).configure({
    phoneId,
    name: phoneId,
    tillId: "till-1",
    channel: "electricity",
    tokenHashes: [],
    smssyncSecretHash: null,
    revoked: false,
    version: 1,
  });
  await pulse(phoneId, lastPollAt);
  return phoneId;
}

const ring = (account: string) => runDurableObjectAlarm(ledger(account));
const later = (ms: number) => vi.setSystemTime(Date.now() + ms);

const sentAt = (phoneId: string, receipt: string, account: string) =>
  mailboxOf(env, phoneId).outgoing(`receipt-sms:${receipt}:${account}`);

async function statesOf(account: string) {
  return (await ledger(account).messages(account)).map(({ state, because }) => [state, because]);
}

describe("a receipt SMS", () => {
  it("goes to the holder through a healthy phone, once, in the holder's language", async () => {
    await phone("sms-stale", Date.now() - 2 * HOUR_MS);
    await phone("sms-fresh");
    const account = await live("0301MAK", { language: "en" });
    await ledger(account).post(account, payment({ receipt: "QK7SMS0001" }));
    await ring(account);
    const id = `receipt-sms:QK7SMS0001:${account}`;
    expect(await mailboxOf(env, "sms-fresh").outgoing(id)).toMatchObject({
      to: "26650000101",
      content: "1PWR: M20.00 received for account 0301MAK: 4.0 kWh. Balance 4.0 kWh. Receipt QK7SMS0001.",
      template: "payment_receipt",
      language: "en",
      account,
      receipt: "QK7SMS0001",
      expiresAt: day + 24 * HOUR_MS,
      state: "queued",
    });
    expect(await mailboxOf(env, "sms-stale").outgoing(id)).toBeNull();
    await ledger(account).post(account, payment({ receipt: "QK7SMS0001" }));
    await ring(account);
    expect(await statesOf(account)).toEqual([["handed", null]]);
  });

  it("is not said again when the same receipt comes back to the account after a move", async () => {
    await phone("sms-move");
    const account = await live("0302MAK");
    const paid = payment({ receipt: "QK7SMS0002" });
    await ledger(account).post(account, paid);
    await ledger(account).reverse(account, {
      entryKey: paid.entryKey,
      actor: "Thabo",
      reason: "wrong",
      at: Date.now(),
    });
    await ledger(account).post(account, { ...paid, entryKey: "receipt:QK7SMS0002#3.0", contra: "suspense" });
    await ring(account);
    expect(await statesOf(account)).toEqual([["handed", null]]);
  });

  it("goes to whoever paid when the holder has no phone, and to nobody when neither has", async () => {
    await phone("sms-payer");
    const account = await live("0303MAK", { holderPhone: null });
    await ledger(account).post(account, payment({ receipt: "QK7SMS0003" }));
    await ledger(account).post(account, payment({ receipt: "QK7SMS0004", payerPhone: null }));
    await ring(account);
    expect(await sentAt("sms-payer", "QK7SMS0003", account)).toMatchObject({ to: "26650000999" });
    expect(await sentAt("sms-payer", "QK7SMS0004", account)).toBeNull();
    expect((await statesOf(account)).map(([state]) => state).sort()).toEqual(["handed", "no_recipient"]);
  });

  it("goes to nobody when whoever paid was taken out of what is kept", async () => {
    await phone("sms-erased");
    const account = await live("0318MAK", { holderPhone: null });
    await ledger(account).post(account, payment({ receipt: "QK7SMS0018", payerPhone: ERASED_PHONE }));
    await ring(account);
    expect(await statesOf(account)).toEqual([["no_recipient", null]]);
    expect(await sentAt("sms-erased", "QK7SMS0018", account)).toBeNull();
  });

  it("uses the text that somebody wrote for the language, and else the built-in one in that language", async () => {
    await phone("sms-text");
    const text = "Khotso! {amount}, {energy_kwh} kWh, {receipt}";
    await directoryOf(env).putTemplates([{ kind: "payment_receipt", language: "st", text, version: day }]);
    const account = await live("0304MAK", { language: "st" });
    const french = await live("0311MAK", { language: "fr" });
    for (const each of [account, french]) {
      await ledger(each).post(each, payment({ receipt: "QK7SMS0005" }));
      await ring(each);
    }
    expect(await sentAt("sms-text", "QK7SMS0005", account)).toMatchObject({
      content: "Khotso! M20.00, 4.0 kWh, QK7SMS0005",
      language: "st",
    });
    expect(await sentAt("sms-text", "QK7SMS0005", french)).toMatchObject({
      content: expect.stringContaining("enregistré pour le compte 0311MAK"),
      language: "fr",
    });
  });

  it("goes to the least stale phone when none is healthy", async () => {
    await phone("sms-old", Date.now() - 300 * MINUTE_MS);
    await phone("sms-older", Date.now() - 301 * MINUTE_MS);
    const account = await live("0305MAK");
    await ledger(account).post(account, payment({ receipt: "QK7SMS0006" }));
    await ring(account);
    expect(await sentAt("sms-old", "QK7SMS0006", account)).not.toBeNull();
  });

  it("waits for a country without a phone, over an eviction, and goes when one comes", async () => {
    const account = await live("0306MAK");
    await ledger(account).post(account, payment({ receipt: "QK7SMS0007" }));
    await ring(account);
    expect(await statesOf(account)).toEqual([["pending", "no_phone"]]);
    await evictDurableObject(ledger(account));
    later(2 * HOUR_MS);
    await phone("sms-late");
    await ring(account);
    expect(await sentAt("sms-late", "QK7SMS0007", account)).not.toBeNull();
  });

  it("is given up after a day without a phone", async () => {
    const account = await live("0307MAK");
    await ledger(account).post(account, payment({ receipt: "QK7SMS0008" }));
    for (let hours = 0; hours <= 25; hours++) {
      await ring(account);
      later(HOUR_MS);
    }
    expect(await statesOf(account)).toEqual([["expired", "no_phone"]]);
  });

  it("stays with its phone when a Mailbox is not ready, and moves on when one refuses it for ever", async () => {
    await pulse("sms-unknown", Date.now());
    const account = await live("0308MAK");
    await ledger(account).post(account, payment({ receipt: "QK7SMS0009" }));
    await ring(account);
    expect(await statesOf(account)).toEqual([["pending", "not_ready"]]);
    later(MINUTE_MS);
    await phone("sms-other");
    await ring(account);
    expect(await sentAt("sms-other", "QK7SMS0009", account)).toBeNull();
    await phone("sms-unknown");
    later(HOUR_MS);
    await ring(account);
    expect(await sentAt("sms-unknown", "QK7SMS0009", account)).not.toBeNull();
    expect(await statesOf(account)).toEqual([["handed", null]]);
  });

  it("is held back above 5 an hour, and the account is credited all the same", async () => {
    await phone("sms-many");
    const account = await live("0309MAK");
    for (let n = 0; n < 7; n++) {
      await ledger(account).post(account, payment({ receipt: `QK7RATE${n}` }));
      later(MINUTE_MS);
    }
    await ring(account);
    const states = (await statesOf(account)).map(([state]) => state);
    expect(states.filter((state) => state === "handed")).toHaveLength(5);
    expect(states.filter((state) => state === "rate_limited")).toHaveLength(2);
    expect(await ledger(account).head(account)).toMatchObject({ seq: 7, balanceWh: 28_000 });
    later(HOUR_MS);
    await ledger(account).post(account, payment({ receipt: "QK7RATE8" }));
    await ring(account);
    expect(await sentAt("sms-many", "QK7RATE8", account)).not.toBeNull();
  });

  it("is owed in the same transaction as the credit: no credit, no SMS", async () => {
    const account = await live("0310MAK");
    await runInDurableObject(ledger(account), (_, state) => {
      state.storage.sql.exec("DROP TABLE effects");
    });
    await runInDurableObject(ledger(account), async (object) => {
      await expect(object.post(account, payment({ receipt: "QK7HALF001" }))).rejects.toThrow();
    });
    expect(await ledger(account).head(account)).toMatchObject({ seq: 0, balanceWh: 0 });
    expect(await ledger(account).copyBatch(10)).toEqual([]);
  });
});
