import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { AccountFacts } from "../../src/ports/accounts.ts";
import { gateOf } from "../../workers/objects/locate.ts";
import { facts, ledger, live, payment, placed } from "./account-makers.ts";
import { calmGate, HOUR, keepPhonesPolling, MINUTE, owedBy, reading, viewOf } from "./reading-makers.ts";

/** 01:00 UTC: three in the morning in Lesotho. */
const T0 = Date.UTC(2026, 10, 25, 1, 0);
const METER = placed({ meterNumber: "23099001", thing: "MAK-GW-0007" });

let published: { action: string; cmd_id: string; seq?: number }[] = [];

beforeEach(async () => {
  vi.useFakeTimers({ now: T0, toFake: ["Date"] });
  published = [];
  vi.stubGlobal("fetch", async (request: Request) => {
    published.push(JSON.parse(await request.clone().text()));
    return Response.json({ message: "OK" });
  });
  await calmGate();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** An account with 4 kWh, lit, whose meter has been read once. */
async function lit(account: string, over: Partial<AccountFacts> = {}) {
  await live(account, { meters: [METER], ...over });
  await ledger(account).post(account, payment({ receipt: `QK7${account}` }));
  await ring(account);
  await proveLit(account);
  await read(account, 1, 10_000);
  published = [];
  return account;
}

/** The meter answers its newest command: power is on. */
async function proveLit(account: string) {
  const [command] = (await viewOf(account)).commands;
  await ledger(account).acknowledge({
    commandId: command?.id ?? "",
    status: "acked",
    connectedAfter: true,
    error: null,
    thing: null,
    meterNumber: null,
  });
}

/** Keys of nobody's account: the test deployment has none. */
const ring = async (account: string) => {
  await runInDurableObject(ledger(account), (object) => {
    Object.assign(Reflect.get(object, "env"), { AWS_ACCESS_KEY_ID: "AKIDTEST", AWS_SECRET_ACCESS_KEY: "not-a-secret" });
  });
  return runDurableObjectAlarm(ledger(account));
};

const clock = async (minutes: number) => {
  vi.setSystemTime(T0 + minutes * MINUTE);
  await keepPhonesPolling(T0 + minutes * MINUTE);
};
const read = async (account: string, minutes: number, registerWh: number, connected = true) => {
  await clock(minutes);
  return ledger(account).read(account, [reading({ readAt: T0 + minutes * MINUTE, registerWh, connected })]);
};
const dark = async (account: string) => (await viewOf(account)).meters[0]?.dark?.because ?? null;

describe("an account that has run out", () => {
  it("is looked at twice, five minutes apart, and then told to disconnect", async () => {
    const account = await lit("1301MAK");
    await read(account, 61, 13_900);
    expect(await dark(account)).toBeNull();
    await read(account, 70, 14_010);
    expect(await dark(account)).toBe("first_look");
    await clock(74);
    await ring(account);
    expect(published).toEqual([]);
    await clock(75);
    await ring(account);
    expect(published).toMatchObject([{ action: "open", reason: "zero_balance" }]);
    expect(await owedBy(account, "relay_command")).toContainEqual(
      expect.objectContaining({ action: "disconnect", state: "published", because: "zero_balance", actor: null }),
    );
  });

  it("stays lit when a payment comes between the looks, and is lit at once when it comes after them", async () => {
    const account = await lit("1302MAK");
    await read(account, 70, 14_010);
    await clock(73);
    await ledger(account).post(account, payment({ receipt: "QK7BETWEEN" }));
    await clock(76);
    await ring(account);
    expect(published.filter(({ action }) => action === "open")).toEqual([]);
    expect(await dark(account)).toBe("credit_left");
    await read(account, 130, 18_100);
    await clock(135);
    await ring(account);
    expect(published.at(-1)).toMatchObject({ action: "open" });
    await clock(136);
    await ledger(account).post(account, payment({ receipt: "QK7AFTER" }));
    await ring(account);
    expect(published.at(-1)).toMatchObject({ action: "close", reason: "credit_restored" });
  });

  it("connects once more when a disconnect that nobody answered has ended", async () => {
    const account = await lit("1303MAK");
    await read(account, 70, 14_010);
    await clock(75);
    await ring(account);
    await ledger(account).post(account, payment({ receipt: "QK7ONCEMORE" }));
    await ring(account);
    // The meter has answered the connect, and may still obey the disconnect that came before it.
    await proveLit(account);
    await clock(80);
    await ring(account);
    expect(published.at(-1)).toMatchObject({ action: "close", reason: "disconnect_unanswered" });
    expect(published).toHaveLength(3);
    await proveLit(account);
    await clock(90);
    await ring(account);
    expect(published).toHaveLength(3);
  });

  it("is not disconnected by a reading that has grown old", async () => {
    const account = await lit("1304MAK");
    await clock(100);
    await ledger(account).read(account, [reading({ readAt: T0 + 69 * MINUTE, registerWh: 14_010 })]);
    expect(await dark(account)).toBe("reading_stale");
    await clock(110);
    await ring(account);
    expect(published).toEqual([]);
  });

  it("stays lit while money waits that names it, and goes dark when that is settled for another", async () => {
    const account = await lit("1305MAK");
    await gateOf(env).hold({ key: "receipt:WAITS#1", accounts: [account], phones: [], since: 1 });
    await read(account, 70, 14_010);
    await clock(75);
    await ring(account);
    expect([published, await dark(account)]).toEqual([[], "money_waits"]);
    await gateOf(env).release("receipt:WAITS#1");
    await clock(80);
    await ring(account);
    expect(published).toMatchObject([{ action: "open" }]);
  });

  it.each([
    [
      "its holder's phone is named by money that waits",
      async () => gateOf(env).hold({ key: "receipt:PHONE#1", accounts: [], phones: ["26650000101"], since: 1 }),
      "money_waits",
      "1314MAK",
    ],
    [
      "the country has it switched off",
      async () => gateOf(env).putSettings({ disconnectsOn: false, sites: [] }),
      "switch_off",
      "1315MAK",
    ],
    ["no phone of a till has polled", async () => keepPhonesPolling(T0), "till_silent", "1316MAK"],
  ] as const)("stays lit while %s", async (_what, arrange, because, number) => {
    const account = await lit(number);
    await read(account, 70, 14_010);
    await clock(75);
    await arrange();
    await ring(account);
    expect([published, await dark(account)]).toEqual([[], because]);
    await gateOf(env).release("receipt:PHONE#1");
  });

  it("stays lit while the gate does not answer", async () => {
    const account = await lit("1306MAK");
    await read(account, 70, 14_010);
    await clock(75);
    await runInDurableObject(ledger(account), (object) => {
      Object.defineProperty(object, "permit", { value: () => Promise.reject(new Error("no answer")) });
    });
    await ring(account);
    expect([published, await dark(account)]).toEqual([[], "gate_silent"]);
  });

  it("asks anew after an eviction between the looks", async () => {
    const account = await lit("1307MAK");
    await read(account, 70, 14_010);
    await evictDurableObject(ledger(account));
    await clock(75);
    await ring(account);
    expect(published).toMatchObject([{ action: "open" }]);
  });

  it("is left alone when its meter says that it is dark already, and lit when it has paid and says so", async () => {
    const account = await lit("1308MAK");
    await read(account, 70, 14_010, false);
    expect(await dark(account)).toBe("already_dark");
    await ledger(account).post(account, payment({ receipt: "QK7DARK" }));
    await ring(account);
    expect(published).toMatchObject([{ action: "close" }]);
    // Nobody answered, and the next reading shows it dark: at once again, not in five minutes.
    await clock(76);
    await ring(account);
    await read(account, 77, 14_010, false);
    await ring(account);
    expect(published.map(({ action }) => action)).toEqual(["close", "close"]);
  });
});

describe("a disconnect that cannot be handed over", () => {
  /** Out of credit, both looks agree, and the meters' endpoint answers errors. */
  async function stuck(account: string) {
    await lit(account);
    await read(account, 70, 14_010);
    await clock(75);
    const works = globalThis.fetch;
    vi.stubGlobal("fetch", async () => new Response("no", { status: 500 }));
    await ring(account);
    vi.stubGlobal("fetch", works);
    expect((await viewOf(account)).commands[0]).toMatchObject({ action: "disconnect", state: "queued" });
    return account;
  }

  it.each<[string, string, Partial<AccountFacts>]>([
    ["its meter has moved to another family", "1341MAK", { meters: [{ ...METER, to: T0 + 75 * MINUTE }] }],
    ["the account pays later from now on", "1342MAK", { status: "postpaid" }],
  ])("is not sent any more when %s", async (_what, number, over) => {
    const account = await stuck(number);
    vi.setSystemTime(T0 + 75 * MINUTE + 3_000);
    await ledger(account).configure(facts({ account, meters: [METER], version: 2, ...over }));
    await ring(account);
    expect(published.filter(({ action }) => action === "open")).toEqual([]);
    expect((await viewOf(account)).commands.at(-2)).toMatchObject({ action: "disconnect", state: "superseded" });
  });

  it("is not sent any more when a person keeps the meter lit", async () => {
    const account = await stuck("1343MAK");
    const order = { meterNumber: "23099001", state: "keep_lit", actor: "Mpho", reason: "a clinic" } as const;
    await ledger(account).override(account, { ...order, expiresAt: T0 + 5 * HOUR });
    await ring(account);
    expect(published.map(({ action }) => action)).toEqual(["close"]);
  });

  it("is decided anew, with a permit of its own, when it took too long", async () => {
    const account = await stuck("1344MAK");
    await clock(76);
    await ring(account);
    expect(published).toEqual([]);
    expect((await viewOf(account)).commands[0]).toMatchObject({ action: "disconnect", state: "superseded" });
  });
});

describe("a wrong clock", () => {
  it("does not make old data fresh", async () => {
    const account = await lit("1351MAK");
    await clock(70);
    await ledger(account).read(account, [reading({ readAt: T0 + 129 * MINUTE, registerWh: 14_010 })]);
    expect(await dark(account)).toBe("first_look");
    await clock(120);
    // The same once more is no younger for it.
    await ledger(account).read(account, [reading({ readAt: T0 + 129 * MINUTE, registerWh: 14_010 })]);
    expect(await dark(account)).toBe("reading_stale");
  });

  it("does not silence what the meter says after it", async () => {
    const account = await lit("1352MAK");
    await clock(30);
    await ledger(account).read(account, [reading({ readAt: T0 + 85 * MINUTE, registerWh: 10_100 })]);
    await clock(46);
    await ledger(account).read(account, [reading({ readAt: T0 + 46 * MINUTE, registerWh: 10_050, connected: false })]);
    expect((await viewOf(account)).meters[0]?.connected).toBe(false);
  });
});

describe("an account that becomes postpaid while it is dark", () => {
  it("is lit", async () => {
    const account = await lit("1361MAK");
    await read(account, 70, 14_010);
    await clock(75);
    await ring(account);
    published = [];
    await clock(90);
    await ledger(account).configure(facts({ account, meters: [METER], status: "postpaid", version: 2 }));
    await ring(account);
    expect(published).toMatchObject([{ action: "close" }]);
  });
});

describe("an account with credit whose meter was never ordered anything", () => {
  it("is lit again when its meter says that it is dark", async () => {
    const account = "1331MAK";
    await live(account, { meters: [METER] });
    // It was lit when the money came, so nothing had to be ordered.
    await read(account, 1, 10_000);
    await ledger(account).post(account, payment({ receipt: "QK7TRIP" }));
    await ring(account);
    expect(published).toEqual([]);
    await read(account, 31, 10_100, false);
    await ring(account);
    expect(published).toMatchObject([{ action: "close", reason: "connect_unconfirmed" }]);
  });

  it("is left alone when no money ever came: somebody else may have put it in the dark", async () => {
    const account = "1332MAK";
    await live(account, { meters: [METER] });
    await read(account, 1, 10_000, false);
    await ring(account);
    expect(published).toEqual([]);
  });
});

describe("a person's word", () => {
  const by = { meterNumber: "23099001", actor: "Mpho", reason: "a fallen line" };

  it("puts in the dark for safety, and no payment lights it until it ends", async () => {
    const account = await lit("1321MAK");
    await ledger(account).override(account, { ...by, state: "keep_dark", expiresAt: T0 + 2 * HOUR });
    await ring(account);
    expect(published).toMatchObject([{ action: "open", reason: "keep_dark" }]);
    await ledger(account).post(account, payment({ receipt: "QK7SAFE" }));
    await ring(account);
    expect(published).toHaveLength(1);
    await clock(120);
    await ring(account);
    expect(published.at(-1)).toMatchObject({ action: "close" });
    expect(await owedBy(account, "relay_override")).toMatchObject([{ state: "keep_dark", actor: "Mpho" }]);
  });

  it("is told again until the meter says that it is dark, and at once when it says that it is lit", async () => {
    const account = await lit("1324MAK");
    await ledger(account).override(account, { ...by, state: "keep_dark", expiresAt: T0 + 24 * HOUR });
    await ring(account);
    expect(published).toHaveLength(1);
    await clock(7);
    await ring(account);
    await ring(account);
    expect(published.map(({ action }) => action)).toEqual(["open", "open"]);
    await clock(13);
    await ring(account);
    await read(account, 14, 10_050, true);
    await ring(account);
    expect(published.length).toBeGreaterThanOrEqual(3);
    const told = published.length;
    await clock(20);
    await ring(account);
    await read(account, 31, 10_050, false);
    await ring(account);
    const dark = published.length;
    expect(dark).toBeGreaterThanOrEqual(told);
    await clock(120);
    await ring(account);
    expect(published).toHaveLength(dark);
  });

  it("keeps lit who has nothing left, until it ends", async () => {
    const account = await lit("1322MAK");
    await ledger(account).override(account, { ...by, state: "keep_lit", expiresAt: T0 + 80 * MINUTE });
    await read(account, 70, 14_010);
    expect(await dark(account)).toBe("keep_lit");
    await clock(80);
    await ring(account);
    expect(await dark(account)).toBe("first_look");
    await clock(85);
    await ring(account);
    expect(published).toMatchObject([{ action: "open" }]);
  });

  it("orders by hand with what stands in the way named, and set aside only by force", async () => {
    const account = await lit("1323MAK");
    const order = { ...by, action: "disconnect", ttlSeconds: 60, force: false } as const;
    await clock(5);
    expect(await ledger(account).command(account, order)).toEqual({
      status: "refused",
      because: ["debounce"],
    });
    const forced = await ledger(account).command(account, { ...order, force: true });
    expect(forced).toMatchObject({ status: "queued", thing: "MAK-GW-0007", skipped: ["debounce"] });
    await ring(account);
    expect(published).toMatchObject([{ action: "open", reason: "by_hand", ttl_seconds: 60 }]);
    expect((await owedBy(account, "relay_command")).at(-1)).toMatchObject({
      actor: "Mpho",
      reason: "a fallen line",
      skipped: ["debounce"],
    });
    expect(await ledger(account).command(account, { ...order, meterNumber: "777" })).toEqual({ status: "unknown" });
  });
});
