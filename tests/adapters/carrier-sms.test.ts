import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Cm, startCm } from "../../dev/cm.ts";
import { withClient } from "../../dev/database-server.ts";
import { cmClient } from "../../src/adapters/cm/cm-client.ts";
import { neonCarrierBook } from "../../src/adapters/neon/carrier-sms.ts";
import { connect, type Database } from "../../src/adapters/neon/database.ts";
import { CARRIER_PAUSE_MS, CARRIER_SENDING_MS_MAX } from "../../src/domain/carrier-sms.ts";
import { COUNTRIES } from "../../src/domain/country.ts";
import { CARRIER_UNSET, type CarrierSetting } from "../../src/domain/sms-route.ts";
import type { EnqueueAnswer, OutgoingSms } from "../../src/ports/mailboxes.ts";
import { type CarrierPorts, sendCarrierSms } from "../../src/services/send-carrier-sms.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";
import { NOON, seed } from "./rows.ts";

const TOKEN = "a token of a test";
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
let database: FreshDatabase;
let db: Database;
let cm: Cm;
let now: number;
let phones: { id: string; sms: OutgoingSms }[];
let phoneAnswers: EnqueueAnswer[];

beforeEach(async () => {
  database = await freshDatabase();
  db = connect(database.appUrl, database.sqlUrl);
  await seed(database.ownerUrl);
  cm = await startCm({ port: 0, productToken: TOKEN });
  now = NOON;
  phones = [];
  phoneAnswers = [];
});
afterEach(async () => {
  await cm.close();
  await database.drop();
});

const book = () => neonCarrierBook(db);
const ports = (over: Partial<CarrierPorts> = {}): CarrierPorts => ({
  country: COUNTRIES.LS,
  carrier: cmClient({ url: `${cm.url}/v1.0/message`, token: TOKEN, sender: "1PWR" }),
  book: book(),
  gate: {
    phones: async () => [
      {
        ...{ phoneId: "phone-1", tillId: "till-1", channel: "electricity", lastPollAt: now, revoked: false },
        oldestUnprocessedAt: null,
      },
    ],
  },
  enqueue: async (id, sms) => {
    const answer = phoneAnswers.shift() ?? { status: "queued" };
    if (answer.status !== "not_ready") phones.push({ id, sms });
    return answer;
  },
  now: () => now,
  ...over,
});
const sms = (id: string, over: Partial<OutgoingSms> = {}): OutgoingSms => ({
  ...{ id, to: "26650000101", content: "1PWR: M20.00 received.", template: "payment_receipt", language: "en" },
  ...{ account: "0045MAK", receipt: "QK7AAA", createdAt: now, expiresAt: now + 24 * HOUR_MS, ...over },
});
const set = (over: Partial<CarrierSetting>) =>
  book().putSetting({ ...CARRIER_UNSET, ...over }, { actor: "Lineo", reason: null, at: now });
const states = async () =>
  Object.fromEntries(
    (await db.read<{ id: string; state: string }>("SELECT id, state FROM carrier_sms ORDER BY id")).map((row) => [
      row.id,
      row.state,
    ]),
  );

describe("an SMS for the carrier", () => {
  it("goes once, however often it is put there and however many runs look, and the network's word finds it", async () => {
    expect(await book().put(sms("a"), null, now)).toEqual({ status: "queued" });
    expect(await book().put(sms("a", { content: "another text" }), null, now)).toEqual({ status: "exists" });
    await Promise.all([sendCarrierSms(ports()), sendCarrierSms(ports())]);
    await sendCarrierSms(ports());
    expect(cm.messages()).toMatchObject([{ to: "0026650000101", from: "1PWR", content: "1PWR: M20.00 received." }]);
    expect(await states()).toEqual({ a: "accepted" });
    const reference = cm.messages()[0]?.reference ?? "";
    const word = { phone: "0026650000101", word: "delivered", detail: "", at: now } as const;
    expect(await book().told({ ...word, reference: "999" })).toBeNull();
    expect(await book().told({ ...word, reference })).toEqual({ id: "a", state: "delivered" });
  });

  it("is found by its number where the word names none: exactly, by the last digits, and not after ten minutes", async () => {
    await book().put(sms("a"), null, now);
    await sendCarrierSms(ports());
    const word = { reference: null, word: "accepted", detail: "", at: now } as const;
    expect(await book().told({ ...word, phone: "26650000101" })).toMatchObject({ id: "a" });
    expect(await book().told({ ...word, phone: "50000101" })).toMatchObject({ id: "a" });
    expect(await book().told({ ...word, phone: "26650000102" })).toBeNull();
    expect(await book().told({ ...word, phone: "50000101", at: now + 11 * MINUTE_MS })).toBeNull();
  });

  it("is never sent again after an answer that was lost, by nobody; a later word still finds it", async () => {
    await set({ routes: { payment_receipt: "carrier_else_phone" } });
    await book().put(sms("a"), null, now);
    cm.fault("lost", 1);
    await sendCarrierSms(ports());
    expect(await states()).toEqual({ a: "unknown" });
    for (let minute = 0; minute < 30; minute++) {
      now += MINUTE_MS;
      await sendCarrierSms(ports());
    }
    expect(cm.messages()).toHaveLength(1);
    expect(phones).toEqual([]);
    const reference = cm.messages()[0]?.reference ?? "";
    await book().told({ phone: "0026650000101", reference, word: "delivered", detail: "", at: now });
    expect(await states()).toEqual({ a: "delivered" });
  });

  it("whose run died in the middle of the request is unknown, and not sent again", async () => {
    await book().put(sms("a"), null, now);
    const dies = { send: () => Promise.reject(new Error("killed")) };
    await expect(sendCarrierSms(ports({ carrier: dies }))).rejects.toThrow("killed");
    expect(await states()).toEqual({ a: "sending" });
    now += CARRIER_SENDING_MS_MAX + MINUTE_MS;
    await sendCarrierSms(ports());
    expect(await states()).toEqual({ a: "unknown" });
    expect(cm.messages()).toEqual([]);
  });

  it("stays as another run has just claimed it, where this one saw it wait and past its time", async () => {
    await book().put(sms("a"), null, now);
    await withClient(database.ownerUrl, async (client) => {
      await client.query("BEGIN");
      await client.query(
        "UPDATE carrier_sms SET state = 'sending', tried_at = now() + interval '1 day' WHERE id = 'a'",
      );
      const looked = book().leaving(["payment_receipt"], 50, now + 25 * HOUR_MS);
      for (const until = Date.now() + 20_000; Date.now() < until; await sleep(20)) {
        const waiting = await client.query("SELECT FROM pg_locks WHERE NOT granted");
        if (waiting.rowCount !== 0) break;
      }
      await client.query("COMMIT");
      await looked;
    });
    expect(await states()).toEqual({ a: "sending" });
  });

  it("goes out, and stands at no account, where the number is another's by a database that was set back", async () => {
    await withClient(database.ownerUrl, (client) =>
      client.query(`INSERT INTO reconciliation_cases (case_key, case_kind, subject, details, state, opened_at, version)
        SELECT 'other_account:0045MAK:' || id, 'ledger_drift', 'account:0045MAK', '{}', 'open', now(), 1
        FROM accounts WHERE account_number = '0045MAK'`),
    );
    await book().put(sms("a"), null, now);
    expect(await db.read("SELECT id, account_id AS account FROM carrier_sms")).toEqual([{ id: "a", account: null }]);
  });

  it("waits while the token is wrong, then goes; the carrier is left alone in between and tried with one", async () => {
    await book().put(sms("a"), null, now);
    await book().put(sms("b", { to: "26650000102" }), null, now);
    cm.fault("token", 1);
    await sendCarrierSms(ports());
    expect(await states()).toEqual({ a: "queued", b: "queued" });
    await sendCarrierSms(ports());
    expect(cm.messages()).toEqual([]);
    now += CARRIER_PAUSE_MS + 1;
    await sendCarrierSms(ports());
    expect(await states()).toEqual({ a: "accepted", b: "accepted" });
    expect(cm.messages()).toHaveLength(2);
  });

  it("that was rejected goes to a phone where its route says so: to one phone, also when that answers late", async () => {
    await set({ routes: { payment_receipt: "carrier_else_phone" } });
    await book().put(sms("a"), null, now);
    cm.fault("rejected", 1);
    phoneAnswers = [{ status: "not_ready" }];
    await sendCarrierSms(ports());
    expect(await states()).toEqual({ a: "moving" });
    await sendCarrierSms(ports());
    await sendCarrierSms(ports());
    expect(phones).toMatchObject([{ id: "phone-1", sms: { id: "a", content: "1PWR: M20.00 received." } }]);
    expect(await states()).toEqual({ a: "moved" });
    // That phone falls silent and would hand it back: whoever has it now keeps it.
    expect(await book().put(sms("a"), "phone-1", now)).toMatchObject({ status: "refused" });
  });

  it("whose phone is gone waits behind what can go, and ends with its time, once and for all", async () => {
    await set({ routes: { payment_receipt: "carrier_else_phone" } });
    const stuck = `INSERT INTO carrier_sms (id, kind, to_phone, content, parts, language, state, moved_to, tries, created_at, expires_at, next_at, state_at)
      SELECT 'stuck-' || n, 'payment_receipt', '+2665' || (1000000 + n), 'M20.00', 1, 'en', 'moving', 'phone-gone', 1, cc_at(${NOON - 2 * HOUR_MS}),
        cc_at(${NOON + HOUR_MS}), cc_at(${NOON - HOUR_MS}), cc_at(${NOON - HOUR_MS}) FROM generate_series(1, 50) AS n`;
    await withClient(database.ownerUrl, (client) => client.query(stuck));
    await book().put(sms("fresh"), null, now);
    cm.fault("rejected", 1);
    const asked: string[] = [];
    const gone = ports({
      enqueue: async (id, { id: smsId }) => {
        asked.push(`${id} ${smsId}`);
        return { status: id === "phone-gone" ? "not_ready" : "queued" };
      },
    });
    for (let minute = 0; minute < 2; minute++) {
      await sendCarrierSms(gone);
      now += MINUTE_MS;
    }
    expect(asked.filter((each) => each === "phone-1 fresh")).toHaveLength(1);
    expect((await states()).fresh).toBe("moved");
    now = NOON + HOUR_MS;
    await sendCarrierSms(ports({ carrier: null, enqueue: () => Promise.reject(new Error("nobody is asked")) }));
    const ended = Object.values(await states());
    expect([ended.filter((state) => state === "expired").length, ended.length]).toEqual([50, 51]);
    // That phone comes back and would hand one over: it had its time.
    expect(await book().put(sms("stuck-1"), "phone-gone", now)).toMatchObject({ status: "refused" });
  });

  it("is not held up by a phone's object that hangs, which is asked once a run", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      const moving = (n: number, movedTo: string) => ({
        ...{ sms: sms(`m${n}`), movedTo, state: "moving" as const, cameFrom: null, tries: 1 },
      });
      const [given, waits]: string[][] = [[], []];
      const held = {
        ...book(),
        setting: async () => null,
        leaving: async () => [moving(1, "hangs"), moving(2, "hangs"), moving(3, "phone-1")],
        moved: async (id: string) => void given?.push(id),
        stillMoving: async (ids: readonly string[]) => void waits?.push(...ids),
      };
      const enqueue = vi.fn((id: string) =>
        id === "hangs" ? new Promise<EnqueueAnswer>(() => {}) : Promise.resolve({ status: "queued" as const }),
      );
      const run = sendCarrierSms(
        ports({ carrier: null, book: held, enqueue, gate: { phones: () => new Promise(() => {}) } }),
      );
      await vi.advanceTimersByTimeAsync(10_000);
      expect(await run).toEqual({ sent: 0, moved: 1 });
      expect([given, waits, enqueue.mock.calls.length]).toEqual([["m3"], ["m1", "m2"], 2]);
    } finally {
      vi.useRealTimers();
    }
  });

  it("that a phone handed over never goes back to phones", async () => {
    await set({ routes: { payment_receipt: "carrier_else_phone" } });
    await book().put(sms("a"), "phone-1", now);
    expect(await book().put(sms("a"), "phone-1", now)).toEqual({ status: "exists" });
    cm.fault("rejected", 1);
    await sendCarrierSms(ports());
    await sendCarrierSms(ports());
    expect(await states()).toEqual({ a: "rejected" });
    expect(phones).toEqual([]);
  });

  it("is refused where it can never be sent", async () => {
    expect(await book().put(sms("a", { content: "x".repeat(460) }), null, now)).toMatchObject({
      because: "content takes 4 SMS parts; expected at most 3",
    });
    expect(await book().put(sms("a", { to: "199" }), null, now)).toMatchObject({ status: "refused" });
  });
});

describe("the caps and the night", () => {
  it("stop at so many an hour and so many a local day, and at five an hour to one number", async () => {
    await set({ perHourMax: 8, perDayMax: 10 });
    for (let n = 0; n < 12; n++) await book().put(sms(`n${n}`, { to: `2665000020${n % 10}` }), null, now);
    for (let n = 0; n < 7; n++) await book().put(sms(`one${n}`, { createdAt: now - HOUR_MS }), null, now - HOUR_MS);
    await sendCarrierSms(ports());
    expect(cm.messages()).toHaveLength(8);
    expect(cm.messages().filter(({ to }) => to === "0026650000101")).toHaveLength(5);
    now += HOUR_MS + MINUTE_MS;
    await sendCarrierSms(ports());
    expect(cm.messages()).toHaveLength(10);
    // Midnight in Lesotho is 22:00 UTC.
    now = Date.UTC(2026, 10, 3, 22, 1);
    await sendCarrierSms(ports());
    expect(cm.messages().length).toBeGreaterThan(10);
  });

  it("keep a warning until the morning, and a receipt not at all", async () => {
    now = Date.UTC(2026, 10, 3, 20);
    await book().put(sms("warning", { template: "low_balance" }), null, now);
    await book().put(sms("receipt"), null, now);
    await sendCarrierSms(ports());
    expect(await states()).toEqual({ receipt: "accepted", warning: "queued" });
    now = Date.UTC(2026, 10, 4, 5, 1);
    await sendCarrierSms(ports());
    expect(await states()).toEqual({ receipt: "accepted", warning: "accepted" });
  });

  it("end what is past its time unsent", async () => {
    await book().put(sms("a", { expiresAt: now + MINUTE_MS }), null, now);
    now += 2 * MINUTE_MS;
    await sendCarrierSms(ports());
    expect(await states()).toEqual({ a: "expired" });
    expect(cm.messages()).toEqual([]);
  });

  it("send nothing that is past its time or was opted out of, also where more waits than one look ends", async () => {
    await withClient(database.ownerUrl, (client) =>
      client.query(`INSERT INTO carrier_sms (id, kind, to_phone, content, parts, language, state, created_at, expires_at, next_at, state_at)
        SELECT 'old-' || n, 'payment_receipt', '+2665' || (1000000 + n), 'M20.00', 1, 'en', 'queued', cc_at(${NOON - HOUR_MS}),
          cc_at(${NOON - MINUTE_MS}), cc_at(${NOON - HOUR_MS}), cc_at(${NOON - HOUR_MS}) FROM generate_series(1, 510) AS n;
        INSERT INTO sms_opt_outs (phone, source, at) VALUES ('26650000109', 'sms', cc_at(${NOON - HOUR_MS}))`),
    );
    await book().put(sms("campaign", { template: "campaign", to: "26650000109" }), null, now);
    const limits = { perHourMax: 1_000, perDayMax: 1_000, dayStartAt: now - 12 * HOUR_MS, isQuiet: false };
    expect(await book().claim(limits, now)).toEqual([]);
  });
});
