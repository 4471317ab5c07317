import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { random } from "../random.ts";
import { ledger, live, payment, placed } from "./account-makers.ts";
import { calmGate, HOUR, keepPhonesPolling, MINUTE, reading, viewOf } from "./reading-makers.ts";

const SEEDS = 8;
const T0 = Date.UTC(2026, 10, 25, 16, 0);
const QUARTERS = 40;
const METER = placed({ meterNumber: "23099001", thing: "MAK-GW-0007" });

beforeEach(async () => {
  vi.useFakeTimers({ now: T0, toFake: ["Date"] });
  vi.stubGlobal("fetch", async () => Response.json({ message: "OK" }));
  await calmGate();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

type Message = { at: number; deliver: (account: string) => Promise<unknown> };

/** A night of one house: it runs out, is paid for twice, and in some lives the meter starts anew from zero. */
function story(seed: number): { messages: Message[]; usedWh: number; paidWh: number } {
  const draw = random(seed);
  const messages: Message[] = [];
  let registerWh = 10_000 + 10 * draw(1_000);
  let usedWh = 0;
  const resetAt = draw(2) === 0 ? 5 + draw(QUARTERS - 10) : -1;
  for (let quarter = 0; quarter <= QUARTERS; quarter++) {
    const readAt = T0 + quarter * 15 * MINUTE;
    if (quarter === resetAt) registerWh = 0;
    else if (quarter > 0) {
      const wh = 10 * draw(30);
      registerWh += wh;
      usedWh += wh;
    }
    const shown = reading({ readAt, registerWh, powerW: draw(900) });
    messages.push({ at: readAt, deliver: (account) => ledger(account).read(account, [shown]) });
  }
  const paid = [8, 20, 30].map((quarter, n) => ({ at: T0 + quarter * 15 * MINUTE, amountMinor: 500 * (n + 1) }));
  for (const [n, { at, amountMinor }] of paid.entries())
    messages.push({
      at,
      deliver: (account) => ledger(account).post(account, payment({ receipt: `QK7S${seed}N${n}`, amountMinor })),
    });
  const paidWh = paid.reduce((sum, { amountMinor }) => sum + 2 * amountMinor, 0);
  return { messages: messages.sort((a, b) => a.at - b.at), usedWh, paidWh };
}

/** Delivers, with the alarm ringing in between as a clock would have it. */
async function liveThrough(account: string, messages: readonly Message[], between: () => Promise<void>) {
  await live(account, { meters: [METER] });
  await runInDurableObject(ledger(account), (object) => {
    Object.assign(Reflect.get(object, "env"), { AWS_ACCESS_KEY_ID: "AKIDTEST", AWS_SECRET_ACCESS_KEY: "not-a-secret" });
  });
  for (const { at, deliver } of messages) {
    vi.setSystemTime(at);
    await keepPhonesPolling(at);
    await deliver(account);
    await between();
    await runDurableObjectAlarm(ledger(account));
  }
  return viewOf(account);
}

const summed = async (account: string) => {
  const rows = await ledger(account).entriesAfter(account, 0, 5_000);
  if (rows === "not_ready") throw new Error("not ready");
  const sums = { paidWh: 0, usedWh: 0 };
  for (const { kind, energyWh } of rows) sums[kind === "payment" ? "paidWh" : "usedWh"] += energyWh;
  return sums;
};

describe("a night of readings and payments", () => {
  it.each(Array.from({ length: SEEDS }, (_, n) => n + 1))(
    "ends in the same ledger when each message comes twice, shuffled within 30 minutes, with evictions between (seed %i)",
    async (seed) => {
      const { messages, usedWh, paidWh } = story(seed);
      const [calm, wild] = [`${1500 + seed}MAK`, `${1600 + seed}MAK`];
      const draw = random(1_000 + seed);
      // All is said by then: the last register once more, in a new hour.
      const end = T0 + QUARTERS * 15 * MINUTE + 2 * HOUR;
      const last = messages.findLast(({ at }) => at === T0 + QUARTERS * 15 * MINUTE);
      if (last === undefined) throw new Error("no last reading");
      const shuffled = [...messages, ...messages]
        .map((message) => ({ ...message, at: message.at + draw(30 * MINUTE) }))
        .sort((a, b) => a.at - b.at);
      const inOrder = await liveThrough(calm, messages, async () => undefined);
      vi.setSystemTime(T0);
      const twice = await liveThrough(wild, shuffled, async () => {
        if (draw(3) === 0) await evictDurableObject(ledger(wild));
      });
      vi.setSystemTime(end);
      expect([inOrder.availableWh, twice.availableWh]).toEqual([paidWh - usedWh, paidWh - usedWh]);
      // What was metered and not posted is posted by the next hour's reading.
      const registerWh = inOrder.meters[0]?.registerWh ?? 0;
      for (const account of [calm, wild]) {
        await ledger(account).read(account, [reading({ readAt: end, registerWh })]);
        expect(await summed(account)).toEqual({ paidWh, usedWh: -usedWh });
        expect(await viewOf(account)).toMatchObject({ balanceWh: paidWh - usedWh, availableWh: paidWh - usedWh });
      }
    },
  );
});
