import { describe, expect, it } from "vitest";
import { batch, DAY, message, NOON, phone, type TestPhone } from "./mailbox-phone.ts";

/** A Mailbox with one SMS that is read and copied, by a country that keeps such for `days`; "down": nobody answers. */
async function kept(days: number | "down") {
  const said: { days: number | "down" } = { days };
  const p = await phone({}, { keepDays: async () => said.days });
  await p.post(batch([message()]));
  await p.alarm();
  await p.copyAll();
  return { p, said };
}
const prunedAt = async (p: TestPhone, at: number) => {
  p.now = at;
  await p.alarm();
  return (await p.smsCount()) === 0;
};

describe("an SMS that Postgres has", () => {
  it.each([31, 35, 60])("is here for %i days, to the last millisecond, and then goes", async (days) => {
    const { p } = await kept(days);
    expect(await prunedAt(p, NOON + days * DAY)).toBe(false);
    expect(await prunedAt(p, NOON + days * DAY + DAY)).toBe(true);
  });

  it("is kept as it was said last while nobody answers, and stays where nothing ever was", async () => {
    const { p, said } = await kept(60);
    await prunedAt(p, NOON + 2 * DAY);
    said.days = "down";
    expect(await prunedAt(p, NOON + 59 * DAY)).toBe(false);
    expect(await prunedAt(p, NOON + 61 * DAY)).toBe(true);
    const { p: other, said: later } = await kept("down");
    expect(await prunedAt(other, NOON + 400 * DAY)).toBe(false);
    later.days = 366;
    expect(await prunedAt(other, NOON + 402 * DAY)).toBe(true);
  });

  it("holds up no payment while a database that hangs is asked how long it is kept", async () => {
    const hangs = await phone({}, { keepDays: () => new Promise<never>(() => {}) });
    hangs.now = NOON + 2 * DAY;
    await hangs.post(batch([message()]));
    const began = performance.now();
    await hangs.alarm();
    expect(hangs.processed).toHaveLength(1);
    expect(performance.now() - began).toBeLessThan(5_000);
  });

  it("that is not in Postgres yet is kept however old it is", async () => {
    const p = await phone({}, { keepDays: async () => 31 });
    await p.post(batch([message()]));
    await p.alarm();
    expect(await prunedAt(p, NOON + 100 * DAY)).toBe(false);
  });

  it("is new to nobody after it went: the same SMS again is taken and not worked on", async () => {
    const { p } = await kept(31);
    const sms = message();
    await p.post(batch([sms]));
    await p.alarm();
    await p.copyAll();
    await prunedAt(p, NOON + 40 * DAY);
    const before = p.processed.length;
    expect((await p.post(batch([sms]))).status).toBe(200);
    await p.alarm();
    expect([await p.smsCount(), p.processed.length]).toEqual([0, before]);
  });

  it("makes no day whole that a release of before may have let go, which wrote nothing of it down", async () => {
    const { p } = await kept(60);
    expect(await prunedAt(p, NOON + 50 * DAY)).toBe(false);
    expect(await p.stub.smsDay("2026-11-20")).toBeNull();
  });

  it("makes its day whole for as long as none of that day went: longer with 60 days, and not again once it was shortened", async () => {
    const { p, said } = await kept(60);
    await prunedAt(p, NOON + DAY);
    expect(await prunedAt(p, NOON + 50 * DAY)).toBe(false);
    expect(await p.stub.smsDay("2026-11-20")).toMatchObject({ count: 1 });
    said.days = 31;
    expect(await prunedAt(p, NOON + 52 * DAY)).toBe(true);
    said.days = 60;
    await prunedAt(p, NOON + 54 * DAY);
    expect(await p.stub.smsDay("2026-11-20")).toBeNull();
  });
});
