import { describe, expect, it } from "vitest";
import { COUNTRIES } from "../../src/domain/country.ts";
import type { HeldAccount } from "../../src/ports/holders.ts";
import type { StoredSms } from "../../src/ports/sms-processor.ts";
import type { TicketHand, TicketOrder } from "../../src/ports/tickets.ts";
import { type CallPorts, requestCall } from "../../src/services/request-call.ts";

/** Ten minutes before midnight in Lesotho. */
const LATE = Date.parse("2026-11-29T21:50:00Z");
const sms = (receivedAt = LATE): StoredSms => ({
  claimed: null,
  waitsAsText: false,
  ...{
    phoneId: "ls-north-a",
    tillId: "ls-till-north",
    channel: "electricity",
    externalId: "m-1",
    contentHash: "c0ffee",
  },
  ...{ sender: "+26650000101", content: "please call me", receivedAt },
});
const held = (account: string, status: HeldAccount["status"] = "live"): HeldAccount => ({
  account,
  status,
  language: "st",
});

function world(accounts: HeldAccount[] | "down") {
  const orders: TicketOrder[] = [];
  const said: { ticketId: number; key: string; text: string }[] = [];
  /** Keys of tickets that somebody has resolved. */
  const resolved = new Map<string, number>();
  const ports: CallPorts = {
    country: COUNTRIES.LS,
    holders: { accountsOfHolder: async () => accounts },
    tickets: {
      open: async (order) => {
        orders.push(order);
        return { ok: true, value: { version: 1 } };
      },
      comment: async (ticketId, { key, text }, by: TicketHand) => {
        expect(by.machine).toBe(true);
        if (!said.some((each) => each.ticketId === ticketId && each.key === key)) said.push({ ticketId, key, text });
        return { ok: true, value: { version: 1 } };
      },
    },
    openCallOf: async (phone) => {
      const nth = orders.findLastIndex((order) => order.phone === phone && !resolved.has(order.key));
      return nth < 0 ? null : { ticketId: nth + 1, key: orders[nth]?.key ?? "" };
    },
    callResolvedAt: async (_, key) => {
      const ends = [...resolved].flatMap(([each, at]) => (each === key || each.startsWith(`${key}:`) ? at : []));
      return ends.length === 0 ? null : Math.max(...ends);
    },
    now: () => LATE,
  };
  const ask = (at?: number) => requestCall(ports, sms(at), { phone: "+26650000101", why: "asked" });
  return { orders, said, resolved, ask };
}

describe("a request to be called", () => {
  it("is one ticket while it is open, with a line each further local day, however often it comes", async () => {
    const { orders, said, ask } = world([held("0045MAK")]);
    await ask();
    await ask(LATE + 9 * 60_000);
    expect(said).toEqual([]);
    await ask(LATE + 11 * 60_000);
    await ask(LATE + 12 * 60_000);
    await ask(LATE + 36 * 3_600_000);
    expect(orders.map(({ key }) => key)).toEqual(["sms-call:26650000101:2026-11-29"]);
    expect(orders[0]).toMatchObject({ account: "0045MAK", source: "sms", phone: "26650000101" });
    expect(said.map(({ ticketId, key }) => [ticketId, key])).toEqual([
      [1, "call:2026-11-30"],
      [1, "call:2026-12-01"],
    ]);
  });

  it("is another ticket once the one before is resolved", async () => {
    const { orders, said, resolved, ask } = world([held("0045MAK")]);
    await ask();
    resolved.set("sms-call:26650000101:2026-11-29", LATE + 1);
    await ask(LATE + 11 * 60_000);
    expect(orders.map(({ key }) => key)).toEqual([
      "sms-call:26650000101:2026-11-29",
      "sms-call:26650000101:2026-11-30",
    ]);
    expect(said).toEqual([]);
  });

  it("is another ticket on the same day, too, where somebody had called back before, and twice is once", async () => {
    const { orders, resolved, ask } = world([held("0045MAK")]);
    await ask(LATE - 600_000);
    resolved.set("sms-call:26650000101:2026-11-29", LATE - 60_000);
    // The first SMS again, and one that came before the call: they are seen to.
    await ask(LATE - 600_000);
    await ask(LATE - 120_000);
    expect(orders).toHaveLength(1);
    await ask(LATE);
    await ask(LATE);
    const again = `sms-call:26650000101:2026-11-29:${LATE}`;
    expect(orders.map(({ key }) => key)).toEqual(["sms-call:26650000101:2026-11-29", again]);
    resolved.set(again, LATE + 60_000);
    await ask(LATE);
    expect(orders).toHaveLength(2);
  });

  it.each([
    ["several accounts", [held("0045MAK"), held("0046MAK")], null],
    ["one that is in use", [held("0045MAK", "terminated"), held("0046MAK")], "0046MAK"],
    ["none", [], null],
  ])("of a phone with %s names %s", async (_, accounts, account) => {
    const { orders, ask } = world(accounts);
    expect(await ask()).toEqual({ state: "done", because: null, account });
    expect(orders).toMatchObject([{ account }]);
  });

  it("waits while the database does not answer", async () => {
    const { orders, ask } = world("down");
    expect(await ask()).toEqual({ state: "later", because: "holder_unknown_yet" });
    expect(orders).toEqual([]);
  });
});
