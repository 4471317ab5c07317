import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { AccountFacts, RelayAck } from "../../src/ports/accounts.ts";
import { facts, ledger, live, payment, placed } from "./account-makers.ts";

const MINUTE_MS = 60_000;
const METER = placed({ meterNumber: "23099001", thing: "oneMeter13" });

type Published = { url: string; headers: Headers; body: Record<string, unknown> };

/** The broker at the edge of the network: what it was sent, and what it answers. */
const broker = { published: [] as Published[], answer: () => new Response("{}") };

beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2026, 10, 25, 6, 0), toFake: ["Date"] });
  broker.published = [];
  broker.answer = () => new Response("{}");
  vi.stubGlobal("fetch", async (input: Request | string, init?: RequestInit) => {
    const request = new Request(input, init);
    if (!request.url.includes("/topics/")) throw new Error("nothing else is reachable");
    broker.published.push({ url: request.url, headers: request.headers, body: await request.json() });
    return broker.answer();
  });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** An account with one meter, and a credit that just came. */
async function credited(account: string, over: Partial<AccountFacts> = {}) {
  await live(account, { meters: [METER], ...over });
  await secretsFor(account);
  await ledger(account).post(account, payment());
  return account;
}

/** Keys of nobody's account: the test deployment has none. */
const secretsFor = (account: string) =>
  runInDurableObject(ledger(account), (object) => {
    const settings = Reflect.get(object, "env");
    Object.assign(settings, { AWS_ACCESS_KEY_ID: "AKIDTEST", AWS_SECRET_ACCESS_KEY: "not-a-secret" });
  });

const ring = (account: string) => runDurableObjectAlarm(ledger(account));
const later = (ms: number) => vi.setSystemTime(Date.now() + ms);

async function commandsOf(account: string) {
  const view = await ledger(account).view(account);
  if (view === null || view === "not_ready") throw new Error("no view");
  return view.commands;
}

const statesOf = async (account: string) => (await commandsOf(account)).map(({ state }) => state);

const ack = (commandId: string | undefined, over: Partial<RelayAck> = {}): RelayAck => ({
  commandId: commandId ?? "",
  status: "acked",
  connectedAfter: true,
  error: null,
  thing: "oneMeter13",
  meterNumber: "23099001",
  ...over,
});

describe("a credit and the relay", () => {
  it("orders a connect in the same transaction and publishes it at the first alarm", async () => {
    const account = await credited("0201MAK");
    expect(await statesOf(account)).toEqual(["queued"]);
    expect(await ring(account)).toBe(true);
    const [sent] = broker.published;
    expect(sent?.url).toBe("https://iot.invalid/topics/oneMeter%2FoneMeter13%2Fcmd%2Frelay?qos=1");
    expect(sent?.headers.get("authorization")).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIDTEST\/20261125\/eu-west-1\/iotdevicegateway\/aws4_request, /,
    );
    const [command] = await commandsOf(account);
    expect(sent?.body).toEqual({
      cmd_id: command?.id,
      meter_id: "000023099001",
      action: "close",
      reason: "credit_restored",
      requested_at: "2026-11-25T06:00:00Z",
      requested_at_unix: Date.UTC(2026, 10, 25, 6, 0) / 1_000,
      ttl_seconds: 300,
    });
    expect(command?.state).toBe("published");
  });

  it("is published at once, before any alarm, and not again by the alarm", async () => {
    const account = await live("0291MAK", { meters: [METER] });
    await secretsFor(account);
    await runInDurableObject(ledger(account), (object) => {
      Reflect.set(object, "actsAtOnce", true);
    });
    await ledger(account).post(account, payment());
    await vi.waitFor(async () => expect(await statesOf(account)).toEqual(["published"]));
    later(6_000);
    await ring(account);
    expect(broker.published).toHaveLength(1);
  });

  it("is published by the alarm when the call that ordered it could not", async () => {
    const account = await live("0292MAK", { meters: [METER] });
    await runInDurableObject(ledger(account), (object) => {
      Reflect.set(object, "actsAtOnce", true);
    });
    broker.answer = () => new Response("busy", { status: 503 });
    await secretsFor(account);
    await ledger(account).post(account, payment());
    await vi.waitFor(() => expect(broker.published).toHaveLength(1));
    broker.answer = () => new Response("{}");
    for (let n = 0; n < 2; n++) {
      later(60_000);
      await ring(account);
    }
    expect(await statesOf(account)).toEqual(["published"]);
  });

  it("publishes once, however often it is woken", async () => {
    const account = await credited("0202MAK");
    for (let n = 0; n < 4; n++) await ring(account);
    expect(broker.published).toHaveLength(1);
  });

  it("publishes after an eviction between the credit and the alarm", async () => {
    const account = await credited("0203MAK");
    await evictDurableObject(ledger(account));
    await secretsFor(account);
    await ring(account);
    expect(broker.published).toHaveLength(1);
  });

  it("leaves alone meters of others, of other days, and without a gateway", async () => {
    const meters = [
      { ...METER, meterNumber: "1", to: Date.now() },
      { ...METER, meterNumber: "2", from: Date.now() + 1 },
      { ...METER, meterNumber: "3", thing: null },
      { ...METER, meterNumber: "4", from: Date.now() },
    ];
    const account = await credited("0204MAK", { meters });
    expect((await commandsOf(account)).map(({ meterNumber }) => meterNumber)).toEqual(["4"]);
  });

  it("orders none while the balance is not above zero, and one when a credit lifts it", async () => {
    const account = await live("0205MAK", { meters: [METER] });
    const first = payment({ receipt: "QK7DEBT001" });
    await ledger(account).post(account, first);
    await ledger(account).acknowledge(ack((await commandsOf(account))[0]?.id, { connectedAfter: false }));
    await ledger(account).reverse(account, {
      entryKey: first.entryKey,
      actor: "Thabo",
      reason: "wrong",
      at: Date.now(),
    });
    const before = (await commandsOf(account)).length;
    later(70 * MINUTE_MS);
    await secretsFor(account);
    await ring(account);
    expect(await commandsOf(account)).toHaveLength(before);
    await ledger(account).post(account, payment({ receipt: "QK7LIFT001" }));
    expect(await commandsOf(account)).toHaveLength(before + 1);
  });

  it("orders none when the meter has proven that its relay is closed", async () => {
    const account = await credited("0206MAK");
    await ring(account);
    const [command] = await commandsOf(account);
    expect(await ledger(account).acknowledge(ack(command?.id))).toEqual({ status: "ok", state: "completed" });
    await ledger(account).post(account, payment({ receipt: "QK7MORE001" }));
    later(2 * 60 * MINUTE_MS);
    await ring(account);
    expect(await statesOf(account)).toEqual(["completed"]);
  });

  it("lets only the newest command live, and hears nothing from an older one", async () => {
    const account = await credited("0207MAK");
    await ring(account);
    const [older] = await commandsOf(account);
    await ledger(account).post(account, payment({ receipt: "QK7NEWER01" }));
    expect(await statesOf(account)).toEqual(["queued", "superseded"]);
    expect(await ledger(account).acknowledge(ack(older?.id))).toEqual({ status: "noop", state: "superseded" });
    await ring(account);
    expect(await statesOf(account)).toEqual(["published", "superseded"]);
  });

  it("tries a failed publish again with the same id until the command expires, then orders a new one", async () => {
    broker.answer = () => new Response("throttled", { status: 429 });
    const account = await credited("0208MAK");
    await ring(account);
    later(1_000);
    await ring(account);
    expect(new Set(broker.published.map(({ body }) => body.cmd_id)).size).toBe(1);
    expect(broker.published).toHaveLength(2);
    broker.answer = () => new Response("{}");
    later(5 * MINUTE_MS);
    await ring(account);
    expect(await statesOf(account)).toEqual(["published", "timed_out"]);
    expect(broker.published.at(-1)?.body.reason).toBe("connect_unconfirmed");
  });

  it("orders anew every 5 minutes for an hour, then hourly, while nobody proves that there is power", async () => {
    const account = await credited("0209MAK");
    const orderedAt: number[] = [];
    const begun = Date.now();
    for (let minute = 0; minute <= 4 * 60; minute++) {
      const before = broker.published.length;
      await ring(account);
      if (broker.published.length > before) orderedAt.push((Date.now() - begun) / MINUTE_MS);
      later(MINUTE_MS);
    }
    expect(orderedAt).toEqual([0, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 120, 180, 240]);
  });

  it("follows a rejected connect with a new one, and stops when one is proven", async () => {
    const account = await credited("0210MAK");
    await ring(account);
    const [first] = await commandsOf(account);
    const rejected = ack(first?.id, { status: "rejected", connectedAfter: null, error: "ttl_expired" });
    expect(await ledger(account).acknowledge(rejected)).toEqual({ status: "ok", state: "rejected" });
    expect(await ledger(account).acknowledge(rejected)).toEqual({ status: "noop", state: "rejected" });
    later(5 * MINUTE_MS);
    await ring(account);
    const [second] = await commandsOf(account);
    expect(second?.state).toBe("published");
    await ledger(account).acknowledge(ack(second?.id));
    later(90 * MINUTE_MS);
    await ring(account);
    expect(await statesOf(account)).toEqual(["completed", "rejected"]);
  });

  it("starts again at once when the meter says that the relay is open after all", async () => {
    const account = await credited("0211MAK");
    await ring(account);
    const [command] = await commandsOf(account);
    await ledger(account).acknowledge(ack(command?.id));
    const open = ack(command?.id, { connectedAfter: false });
    expect(await ledger(account).acknowledge(open)).toEqual({ status: "noop", state: "completed" });
    await ring(account);
    expect(await statesOf(account)).toEqual(["published", "completed"]);
  });

  it("stops ordering for a meter that went to somebody else", async () => {
    const account = await credited("0212MAK");
    await ring(account);
    const moved = facts({ account, version: 2, meters: [{ ...METER, to: Date.now() + 1 }] });
    await ledger(account).configure(moved);
    later(5 * MINUTE_MS);
    await ring(account);
    later(60 * MINUTE_MS);
    await ring(account);
    expect(await statesOf(account)).toEqual(["timed_out"]);
  });

  it("tells Postgres each state, with rising versions", async () => {
    const account = await credited("0213MAK");
    await ring(account);
    const [command] = await commandsOf(account);
    await ledger(account).acknowledge(ack(command?.id));
    const rows = (await ledger(account).copyBatch(50)).flatMap(({ row }) =>
      row.kind === "relay_command" ? [row] : [],
    );
    expect(rows.map(({ state, version }) => [state, version])).toEqual([
      ["queued", 1],
      ["published", 2],
      ["completed", 3],
    ]);
    expect(rows[2]).toMatchObject({ id: command?.id, account, accountId: 45, meterNumber: "23099001", error: null });
  });

  it.each([
    ["another thing", { thing: "oneMeter99" }, { status: "mismatch" }],
    ["another meter", { meterNumber: "555" }, { status: "mismatch" }],
    ["no command of ours", { commandId: "7b0a2c6e-0000-4000-8000-000000000000" }, { status: "unknown_command" }],
    ["neither thing nor meter", { thing: null, meterNumber: null }, { status: "ok", state: "completed" }],
  ] as const)("hears an acknowledgement that names %s", async (name, over, answer) => {
    const account = await credited(`${String(220 + name.length).padStart(4, "0")}MAK`);
    await ring(account);
    const [command] = await commandsOf(account);
    expect(await ledger(account).acknowledge(ack(command?.id, over))).toEqual(answer);
  });
});

describe("the test deployment", () => {
  it("has the broker's address that these tests look for", () => {
    expect(env.IOT_ENDPOINT).toBe("https://iot.invalid");
  });
});
