import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { paymentSms } from "../../dev/samples.ts";
import { COUNTRIES } from "../../src/domain/country.ts";
import { receiptShard } from "../../src/domain/receipt.ts";
import { copyQueue } from "../../workers/copy.ts";
import type { CopyMessage, Env, JobMessage } from "../../workers/env.ts";
import { app } from "../../workers/index.ts";
import { CLOCK_JOBS, jobQueue } from "../../workers/jobs.ts";
import { sha256Hex } from "../../workers/keys.ts";
import { RECEIPT_SHARDS, shardName, tillOf } from "../../workers/objects/locate.ts";
import { KEYS, openCountry, settings } from "../workers/country.ts";
import { Browser, country, member, ops, PASSWORD, rows } from "./country.ts";

const ACCOUNT = "0045MAK";
const UUID = /^[0-9a-f-]{36}$/;
const WAIT_MS_MAX = 30_000;
const BRIDGE_KEY = "a-bridge-key-of-a-test-of-logs";
const env: Env = { ...country, BRIDGE_KEY_SHA256: sha256Hex(BRIDGE_KEY) };
/** Nobody answers there: what fails for it says so in the log. */
const down: Env = { ...env, DATABASE_URL: settings.DATABASE_URL, NEON_SQL_URL: settings.NEON_SQL_URL ?? "" };

/** Who and what must not stand in any line: people, numbers, words, passwords and keys of this test. */
const PERSON = { name: "Nthabiseng Qhobela", phone: "26658761234", email: "nthabiseng@example.org" };
const WORDS = "ngoana oa ka oa kula";
const SECRETS = [KEYS.ops, KEYS.gateway, KEYS.provider, KEYS.iot, BRIDGE_KEY, PASSWORD, "a wrong password of hers"];

type Line = { at: string; requestId?: string; receipts?: string[]; actId?: string; [field: string]: unknown };
const written: string[] = [];
const lines = (): Line[] => written.filter((line) => line.startsWith("{")).map((line) => JSON.parse(line));
const of = (requestId: string) => lines().filter((line) => line.requestId === requestId);
let phone: { phoneId: string; token: string };

const ask = (path: string, init: RequestInit = {}, at: Env = env) => app.request(path, init, at);
const post = (path: string, body: unknown, headers: Record<string, string> = {}, at: Env = env) =>
  ask(
    path,
    {
      method: "POST",
      headers: { "Content-Type": "application/json", ...headers },
      body: typeof body === "string" ? body : JSON.stringify(body),
    },
    at,
  );
const fromPhone = (messages: unknown, requestId?: string) =>
  post("/api/sms/incoming", typeof messages === "string" ? messages : { messages, updates: [] }, {
    Authorization: `Basic ${btoa(`${phone.phoneId}:${phone.token}`)}`,
    "User-Agent": "medic-gateway",
    ...(requestId === undefined ? {} : { "X-Request-Id": requestId }),
  });
let texts = 0;
const sms = (from: string, content: string) => {
  const at = Date.now();
  return { id: String(++texts), from, content, sms_sent: at, sms_received: at };
};
const paid = (receipt: string) =>
  paymentSms("mpesa", {
    account: ACCOUNT,
    amountMinor: 2_000,
    receipt,
    balanceMinor: 500_000,
    phone: PERSON.phone,
    name: PERSON.name,
    at: Date.now(),
  });
const until = (at: string, requestId: string) =>
  vi.waitFor(() => expect(of(requestId).map((line) => line.at)).toContain(at), { timeout: WAIT_MS_MAX, interval: 50 });
/** A batch as the platform hands it over. */
const batchOf = <T>(body: T) =>
  ({
    queue: "a queue",
    messages: [{ id: "message-of-a-test", body, ack: () => {}, retry: () => {} }],
    ackAll: () => {},
    retryAll: () => {},
  }) as unknown as MessageBatch<T>;

beforeAll(async () => {
  await openCountry([]);
  const till = { tillId: "till-log", name: "A till", senders: ["MPESA"] };
  const { caps } = COUNTRIES.LS;
  // New in its object too: there is nothing to load, which the objects of these tests could not.
  await tillOf(settings, till.tillId).configure({ ...till, currency: "LSL", caps, utcOffsetMinutes: 120, version: 1 });
  const rate = { scope: "global", subject: null, rateE4PerKwh: 50_000, validFrom: new Date(0).toISOString() };
  const account = { account: ACCOUNT, name: PERSON.name, phone: PERSON.phone, status: "live", meters: [] };
  const made = [
    await ops("POST", "/sites", { sites: [{ code: "MAK", name: "Ha Makebe", district: "Berea" }] }),
    await ops("POST", "/rates", { rates: [rate] }),
    await ops("POST", "/tills", till),
    await ops("POST", "/accounts", { accounts: [account] }),
  ];
  expect(made.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  for (const level of ["log", "warn", "error", "info", "debug"] as const)
    vi.spyOn(console, level).mockImplementation((...said: unknown[]) => void written.push(said.map(String).join(" ")));
  const added = await ops("POST", "/phones", { name: "A phone", tillId: till.tillId, channel: "electricity" });
  phone = added.body as unknown as typeof phone;
});
afterAll(() => vi.restoreAllMocks());

describe("a request's id", () => {
  it("is the caller's own where it is well formed, and the answer says it", async () => {
    const given = await ask("/health", { headers: { "X-Request-Id": "till-7.2026-11-29_1" } });
    expect(given.headers.get("X-Request-Id")).toBe("till-7.2026-11-29_1");
  });

  it.each([undefined, "short", PERSON.phone, `of-${PERSON.phone}`, "thabo.mokoena", "a b c d e f g h"])(
    "is made where it is not: %j",
    async (said) => {
      const answer = await ask("/api/me", { headers: said === undefined ? {} : { "X-Request-Id": said } });
      expect(answer.headers.get("X-Request-Id")).toMatch(UUID);
    },
  );

  it("stands on what is refused, on what is not there, and in the line about it", async () => {
    const refused = await ask("/api/tickets", { headers: { "X-Request-Id": "refused-1" } });
    expect([refused.status, refused.headers.get("X-Request-Id")]).toEqual([401, "refused-1"]);
    expect(of("refused-1")).toMatchObject([{ at: "refused", status: 401 }]);
    expect((await ask("/api/nowhere")).headers.get("X-Request-Id")).toMatch(UUID);
  });

  it("given twice is still two acts in the audit: each has an id of its own, which the log names too", async () => {
    const headers = { "X-Request-Id": "twice-the-same-1", "X-Ops-Key": KEYS.ops, "X-Actor": "Lineo of the log" };
    for (const name of ["One", "Two"]) {
      const answer = await post("/api/ops/sites", { sites: [{ code: "MAS", name, district: "Berea" }] }, headers);
      expect(answer.status).toBe(200);
    }
    const acts = await rows<{ id: string }>(
      "SELECT request_id AS id FROM mutations WHERE subject = 'site:MAS' AND actor = 'Lineo of the log'",
    );
    expect(new Set(acts.map(({ id }) => id)).size).toBe(2);
    expect(of("twice-the-same-1").map(({ actId }) => actId)).toEqual(expect.arrayContaining(acts.map(({ id }) => id)));
  });
});

describe("a payment in the log", () => {
  it("is one id from the phone's POST over its entry and its claim to the copy in Postgres", async () => {
    const requestId = crypto.randomUUID();
    const receipt = "TRACEQK701";
    const { from, content } = paid(receipt);
    const answer = await fromPhone([sms(from, content)], requestId);
    expect([answer.status, answer.headers.get("X-Request-Id")]).toEqual([200, requestId]);
    await until("sms", requestId);
    expect(of(requestId).filter(({ at }) => ["kept", "posted", "claim", "sms"].includes(at))).toMatchObject([
      { at: "kept", phone: phone.phoneId, count: 1 },
      { at: "posted", account: ACCOUNT, entry: `receipt:${receipt}#1.1`, status: "posted" },
      { at: "claim", receipt, road: "sms", status: "new" },
      { at: "sms", phone: phone.phoneId, outcome: "credited", receipt },
    ]);
    const shard = shardName(receiptShard(receipt, RECEIPT_SHARDS));
    await copyQueue(batchOf<CopyMessage>({ object: "receipt_book", name: shard, requestId }), env);
    expect(of(requestId).flatMap(({ at, receipts }) => (at === "copied" ? (receipts ?? []) : []))).toContain(receipt);
    expect(await rows(`SELECT 1 FROM payments WHERE receipt = '${receipt}'`)).toHaveLength(1);
    // Long after the log is gone, the same id leads from what is stored to the SMS and its receipt.
    await copyQueue(batchOf<CopyMessage>({ object: "mailbox", name: phone.phoneId }), env);
    const stored = await ops("GET", `/requests/${requestId}/sms`);
    expect(stored.body).toMatchObject({
      sms: [{ phoneId: phone.phoneId, firstBy: null, results: [{ outcome: "credited", receipt }] }],
    });
    expect(JSON.stringify(stored.body)).not.toContain(PERSON.phone.slice(3));
    expect((await ops("GET", "/requests/request-of-nobody/sms")).body).toMatchObject({ sms: [] });
    expect((await ops("GET", "/requests/26658761234/sms")).status).toBe(400);
  });

  it("that the old system states is one id too", async () => {
    const stated = {
      account_number: ACCOUNT,
      amount: 20,
      reference: "TRACEQK702",
      phone: PERSON.phone,
      provider: "mpesa",
    };
    const headers = { "X-Gateway-Key": KEYS.gateway, "X-Request-Id": "stated-payment-1" };
    expect((await post("/api/payments/webhook", stated, headers)).status).toBe(200);
    expect(of("stated-payment-1").map(({ at }) => at)).toEqual(expect.arrayContaining(["posted", "claim", "request"]));
  });
});

describe("the log of a day on which everything was sent and much of it failed", () => {
  it("has a line of each, and in none of them a name, a number, words, a password or a key", async () => {
    const before = lines().length;
    const { email } = await member({ name: PERSON.name });
    const bridge = { "X-Bridge-Key": BRIDGE_KEY };
    const whatsapp = {
      id: "wa-1",
      from: `${PERSON.phone}@c.us`,
      phone: PERSON.phone,
      text: WORDS,
      at: new Date().toISOString(),
    };
    // Texts: a payment, a question, words, a body that is none, and a text of another shape.
    await fromPhone([sms("MPESA", paid("TRACEQK703").content), sms(PERSON.phone, WORDS)], "day-of-texts-1");
    await fromPhone(`{"messages":[{"content":"${WORDS} ${PERSON.phone}"`);
    await fromPhone([{ id: 7, from: PERSON.phone, content: { [WORDS]: PERSON.name } }]);
    await until("sms", "day-of-texts-1");
    // Payments that are refused, and one while nobody can look anything up.
    const stated = { account_number: PERSON.name, amount: "many", reference: WORDS, phone: PERSON.phone };
    await post("/api/payments/webhook", stated, { "X-Gateway-Key": KEYS.gateway });
    await post(
      "/api/payments/webhook",
      { ...stated, account_number: "0099MAK" },
      { "X-Gateway-Key": "not-a-key-of-ours" },
    );
    await post("/api/payments/record", { ...stated, note: WORDS }, { "X-Ops-Key": KEYS.ops, "X-Actor": PERSON.name });
    // Sign-in: wrong, right, and without a database; bodies that cannot be read.
    const browser = new Browser(env);
    await browser.signIn(email, "a wrong password of hers");
    await browser.signIn(email);
    await new Browser(down).signIn(PERSON.email);
    await post("/api/sign-in", `{"email":"${PERSON.email}","password":"${PASSWORD}`, { Origin: "http://localhost" });
    await post("/api/my/claim", { account: ACCOUNT, code: "1", password: PASSWORD }, { Origin: "http://localhost" });
    // WhatsApp, with and without a database, and with a stranger's key.
    await post("/api/bridge/messages", whatsapp, bridge);
    await post("/api/bridge/messages", { ...whatsapp, id: "wa-2" }, bridge, down);
    await post("/api/bridge/messages", whatsapp, { "X-Bridge-Key": PERSON.phone });
    // Addresses in which a person stands.
    const withKey = { headers: { "X-Ops-Key": KEYS.ops, "X-Actor": "Lineo" } };
    for (const path of [
      `/api/customers?q=${PERSON.name}`,
      `/api/customers/search/${PERSON.phone}`,
      `/c/${"k".repeat(40)}`,
    ])
      for (const at of [env, down]) await ask(encodeURI(path), withKey, at);
    await ask(`/api/sms/incoming/${phone.phoneId}.${phone.token}x`, { method: "POST", body: WORDS });
    await post("/api/customers", { name: PERSON.name, phone: PERSON.phone, note: WORDS }, withKey.headers, down);
    await post(
      "/api/meters/relay-ack",
      { cmd_id: WORDS, status: "failed", error: PERSON.name },
      { "X-IoT-Key": KEYS.iot },
    );
    // Every job of the clock, with and without a database.
    for (const job of Object.keys(CLOCK_JOBS))
      for (const at of [env, down]) await jobQueue(batchOf<JobMessage>({ job, page: null }), at);
    await copyQueue(batchOf<CopyMessage>({ object: "mailbox", name: phone.phoneId }), down);

    expect(lines().length - before).toBeGreaterThan(40);
    expect(new Set(lines().map(({ at }) => at))).toEqual(
      new Set([
        ...new Set(lines().map(({ at }) => at)),
        "kept",
        "sms",
        "request",
        "refused",
        "route",
        "job",
        "sign-in",
      ]),
    );
    const personal = [PERSON.name, ...PERSON.name.split(" "), PERSON.phone, PERSON.phone.slice(3), PERSON.email, email];
    const all = written.join("\n").toLowerCase();
    const told = [
      ...personal,
      WORDS,
      ...WORDS.split(" ").filter((word) => word.length > 4),
      ...SECRETS,
      phone.token,
    ].filter((text) => all.includes(text.toLowerCase()));
    expect(told.map((text) => [text, written.find((line) => line.toLowerCase().includes(text.toLowerCase()))])).toEqual(
      [],
    );
  }, 180_000);
});
