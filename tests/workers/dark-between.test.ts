import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Permit } from "../../src/domain/disconnect.ts";
import { facts, ledger, live, payment, placed } from "./account-makers.ts";
import { calmGate, keepPhonesPolling, MINUTE, reading, viewOf } from "./reading-makers.ts";

/** 01:00 UTC: three in the morning in Lesotho. */
const T0 = Date.UTC(2026, 10, 26, 1, 0);
const METER = placed({ meterNumber: "23099001", thing: "MAK-GW-0007" });

let published: string[] = [];
let broker = async () => Response.json({ message: "OK" });

beforeEach(async () => {
  vi.useFakeTimers({ now: T0, toFake: ["Date"] });
  published = [];
  broker = async () => Response.json({ message: "OK" });
  vi.stubGlobal("fetch", async (request: Request) => {
    const { action } = (await request.clone().json()) as { action: string };
    published.push(action);
    return broker();
  });
  await calmGate();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const clock = async (minutes: number) => {
  vi.setSystemTime(T0 + minutes * MINUTE);
  await keepPhonesPolling(T0 + minutes * MINUTE);
};
const read = async (account: string, minutes: number, registerWh: number, connected = true) => {
  await clock(minutes);
  await ledger(account).read(account, [reading({ readAt: T0 + minutes * MINUTE, registerWh, connected })]);
};
const ring = (account: string) => runDurableObjectAlarm(ledger(account));

/** An account with 4 kWh, lit and proven so, that has used all of it and was looked at once. */
async function ranOut(account: string) {
  await live(account, { meters: [METER] });
  await runInDurableObject(ledger(account), (object) => {
    Object.assign(Reflect.get(object, "env"), { AWS_ACCESS_KEY_ID: "AKIDTEST", AWS_SECRET_ACCESS_KEY: "not-a-secret" });
  });
  await ledger(account).post(account, payment({ receipt: `QK7${account}` }));
  await ring(account);
  await proveLit(account);
  await read(account, 1, 10_000);
  await read(account, 70, 14_010);
  published = [];
  return account;
}

/** The meter answers its newest command: power is on. */
async function proveLit(account: string) {
  const [newest] = (await viewOf(account)).commands;
  const proof = { status: "acked", connectedAfter: true, error: null, thing: null, meterNumber: null } as const;
  await ledger(account).acknowledge({ commandId: newest?.id ?? "", ...proof });
}

const pay = (account: string, receipt: string) => ledger(account).post(account, payment({ receipt }));

/** The gate permits it, after something else has happened. */
const whileTheGateThinks = (account: string, meanwhile: () => Promise<unknown>) =>
  runInDurableObject(ledger(account), (object) => {
    const permit = async (): Promise<Permit> => {
      await meanwhile();
      return { granted: true };
    };
    Object.defineProperty(object, "permit", { value: permit });
  });

describe("between a look and the light", () => {
  it("a payment that comes while the gate thinks keeps the light on", async () => {
    const account = await ranOut("1341MAK");
    await clock(75);
    await whileTheGateThinks(account, () => pay(account, "QK7THINKING"));
    await ring(account);
    expect(published.filter((action) => action === "open")).toEqual([]);
    const { meters, commands } = await viewOf(account);
    expect(meters[0]?.dark?.because).toBe("credit_left");
    // Not even ordered: it would have taken the place of a connect.
    expect(commands.map(({ action }) => action)).not.toContain("disconnect");
  });

  it("a payment after a disconnect that nobody answered lights at once, though no reading has shown it dark yet", async () => {
    const account = await ranOut("1342MAK");
    await clock(75);
    await ring(account);
    expect(published).toEqual(["open"]);
    // It was obeyed, and its answer is lost; its time is over before the money comes.
    await clock(81);
    await ring(account);
    await clock(82);
    await pay(account, "QK7NOANSWER");
    await ring(account);
    expect(published).toEqual(["open", "close"]);
  });

  it("a payment while a disconnect is being published is followed by a second connect when that has ended", async () => {
    const account = await ranOut("1343MAK");
    await clock(75);
    broker = async () => {
      broker = async () => Response.json({ message: "OK" });
      await pay(account, "QK7HANDEDOVER");
      return Response.json({ message: "OK" });
    };
    await ring(account);
    await ring(account);
    expect(published).toEqual(["open", "close"]);
    await proveLit(account);
    await clock(81);
    await ring(account);
    expect(published).toEqual(["open", "close", "close"]);
  });

  it("a meter that went to somebody else while the gate thinks is left alone", async () => {
    const account = await ranOut("1344MAK");
    await clock(75);
    await whileTheGateThinks(account, () =>
      ledger(account).configure(facts({ account, version: 2, meters: [{ ...METER, to: T0 + 75 * MINUTE }] })),
    );
    await ring(account);
    expect(published).toEqual([]);
  });

  it("an end of a person's word that comes late is not lost when the next word comes first", async () => {
    const account = await ranOut("1345MAK");
    const word = { meterNumber: "23099001", actor: "Mpho", reason: "a fallen line" };
    await ledger(account).override(account, { ...word, state: "keep_dark", expiresAt: T0 + 80 * MINUTE });
    await ring(account);
    await pay(account, "QK7UNDERWORD");
    await clock(81);
    await ledger(account).override(account, { ...word, state: "auto", expiresAt: null });
    await ring(account);
    expect(published).toEqual(["open", "close"]);
  });
});
