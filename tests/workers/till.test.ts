import { evictDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { TillQuestion } from "../../src/ports/tills.ts";
import { tillOf } from "../../workers/objects/locate.ts";
import { casesOf, facts, MINUTE, NOON, opened, pollFor, question } from "./till-facts.ts";

describe("a till's caps", () => {
  it("knows nothing before it is configured", async () => {
    expect(await tillOf(env, "nobody").assess(question({ receipt: "A1" }))).toBe("not_ready");
    expect(await tillOf(env, "nobody").view()).toBeNull();
  });

  it("counts a receipt once, and its first verdict stays, also after an eviction", async () => {
    const till = await opened("caps");
    for (let time = 0; time < 40; time++)
      expect(await till.assess(question({ receipt: "A1" }))).toEqual({ allow: true });
    await evictDurableObject(till);
    expect(await tillOf(env, "caps").assess(question({ receipt: "A2" }))).toEqual({ allow: true });
    expect(await tillOf(env, "caps").assess(question({ receipt: "A3" }))).toEqual({ allow: true });
    expect(await tillOf(env, "caps").assess(question({ receipt: "A4" }))).toMatchObject({
      allow: false,
      because: "cap",
    });
    await tillOf(env, "caps").configure(
      facts({
        tillId: "caps",
        version: 2,
        caps: { paymentMinorMax: 1e9, accountDayMinorMax: 1e9, tillDayMinorMax: 1e9, chainBreakMinorMax: 1e9 },
      }),
    );
    expect(await tillOf(env, "caps").assess(question({ receipt: "A4" }))).toMatchObject({
      allow: false,
      because: "cap",
    });
    expect(await tillOf(env, "caps").assess(question({ receipt: "A5" }))).toEqual({ allow: true });
  });

  it("uses no cap for money paid before cut-over, however much of it is sent again on one day", async () => {
    const till = await opened("old");
    for (let n = 0; n < 40; n++)
      expect(await till.assess(question({ receipt: `OLD${n}`, isOld: true }))).toEqual({ allow: true });
    expect((await till.view())?.today).toMatchObject({ countedMinor: 0, payments: 0 });
    expect(await till.assess(question({ receipt: "NEW1" }))).toEqual({ allow: true });
  });

  it("ignores older facts", async () => {
    const till = await opened("older");
    await till.configure(facts({ tillId: "older", version: 5 }));
    await till.configure(facts({ tillId: "older", version: 4, senders: ["SOMEBODY"] }));
    expect(await till.assess(question({ receipt: "A1" }))).toEqual({ allow: true });
  });

  it("begins a new day at the country's midnight", async () => {
    const till = await opened("midnight");
    const late = Date.parse("2026-11-20T21:59:59Z");
    await till.assess(question({ receipt: "A1", receivedAt: late }));
    await till.assess(question({ receipt: "A2", receivedAt: late }));
    await till.assess(question({ receipt: "A3", receivedAt: late }));
    expect(await till.assess(question({ receipt: "A4", receivedAt: late }))).toMatchObject({ because: "cap" });
    expect(await till.assess(question({ receipt: "A5", receivedAt: late + 1_000 }))).toEqual({ allow: true });
  });

  it("lets money that goes to suspense use no account's cap", async () => {
    const till = await opened("nobodys");
    for (const receipt of ["A1", "A2", "A3", "A4"])
      expect(await till.assess(question({ receipt, account: null }))).toEqual({ allow: true });
  });

  it("judges what it let pass without a name once more when a text names the account, by that account's day alone", async () => {
    const caps = { ...facts({ tillId: "named" }).caps, tillDayMinorMax: 41_000 };
    const till = await opened("named", { caps });
    await till.assess(question({ receipt: "A1", amountMinor: 20_000 }));
    await till.assess(question({ receipt: "A2", account: null }));
    for (let twice = 0; twice < 2; twice++)
      expect(await till.assess(question({ receipt: "A2" }))).toEqual({ allow: true });
    await till.assess(question({ receipt: "A3", account: null }));
    // The day is full, and stays so for this payment when a new one has begun, and after an eviction.
    for (const receivedAt of [NOON, NOON + 24 * 60 * MINUTE]) {
      await evictDurableObject(till);
      expect(await tillOf(env, "named").assess(question({ receipt: "A3", receivedAt }))).toMatchObject({
        because: "cap",
      });
    }
    expect(await tillOf(env, "named").assess(question({ receipt: "A3", account: null }))).toEqual({ allow: true });
    // The till itself has counted each of the three once.
    const other = (receipt: string, amountMinor: number) => question({ receipt, amountMinor, account: "0046MAK" });
    expect(await tillOf(env, "named").assess(other("A4", 1_000))).toEqual({ allow: true });
    expect(await tillOf(env, "named").assess(other("A5", 1))).toMatchObject({ because: "cap" });
  });

  it("lets a sender who is not on its list name nobody for a payment that the operator told", async () => {
    const till = await opened("namers");
    await till.assess(question({ receipt: "A1", account: null }));
    expect(await till.assess(question({ receipt: "A1", sender: "26650000199" }))).toMatchObject({ because: "sender" });
    expect(await till.assess(question({ receipt: "A1" }))).toEqual({ allow: true });
    expect(await till.assess(question({ receipt: "A1", sender: "26650000199" }))).toMatchObject({ because: "sender" });
    expect(await till.assess(question({ receipt: "A2", amountMinor: 20_000 }))).toEqual({ allow: true });
    expect(await till.assess(question({ receipt: "A3", amountMinor: 1 }))).toMatchObject({ because: "cap" });
  });

  it("remembers nothing of a text from a sender who is not on its list: the operator's is judged as if it came first", async () => {
    const till = await opened("strangers");
    const stranger = question({ receipt: "A1", sender: "26650000199", amountMinor: 100 });
    expect(await till.assess(stranger)).toMatchObject({ because: "sender" });
    await evictDurableObject(till);
    const again = tillOf(env, "strangers");
    expect(await again.assess(question({ receipt: "A1", amountMinor: 20_000 }))).toEqual({ allow: true });
    expect(await again.assess(stranger)).toMatchObject({ because: "sender" });
  });

  it("believes no sender that only looks alike", async () => {
    const till = await opened("senders");
    expect(await till.assess(question({ receipt: "A1", sender: "mpesa " }))).toEqual({ allow: true });
    expect(await till.assess(question({ receipt: "A2", sender: "M-PESA", newBalanceMinor: 99_000 }))).toMatchObject({
      because: "sender",
    });
    expect(await till.view()).toMatchObject({ links: 0 });
  });
});

describe("a till's chain", () => {
  const paid = (receipt: string, newBalanceMinor: number, amountMinor = 5_000, account: string | null = null) =>
    question({ receipt, newBalanceMinor, amountMinor, account, paidAt: NOON + newBalanceMinor });

  it("opens a case for a gap that no text fills in thirty minutes of polling, and closes it when one comes", async () => {
    const till = await opened("chain");
    await till.assess(paid("A1", 5_000));
    await till.assess(paid("A3", 15_000));
    expect(await till.view()).toMatchObject({ gaps: [{ endMinor: 5_000, startMinor: 10_000, caseOpen: false }] });
    await pollFor("chain", 20);
    expect(await till.assess(paid("A4", 20_000))).toEqual({ allow: true });
    await pollFor("chain", 40);
    expect(await till.view()).toMatchObject({ gaps: [{ startMinor: 10_000, caseOpen: true }] });
    expect(await casesOf("chain")).toMatchObject([{ caseKind: "chain_break", state: "open", version: 1 }]);
    expect(await till.assess(paid("A5", 25_000))).toMatchObject({ because: "chain" });
    expect(await till.assess(paid("A6", 26_000, 1_000))).toEqual({ allow: true });
    // The missing one itself is above the cap, and closes the gap before it is judged.
    expect(await till.assess(paid("A2", 10_000))).toEqual({ allow: true });
    expect(await till.view()).toMatchObject({ gaps: [] });
    expect(await casesOf("chain")).toMatchObject([
      { state: "open" },
      { state: "closed", version: 2, closedAt: expect.any(Number) },
    ]);
    // What was held stays held: its first verdict stays.
    expect(await till.assess(paid("A5", 25_000))).toMatchObject({ because: "chain" });
  });

  it("does not let a gap age while no phone polls", async () => {
    const till = await opened("silent");
    await till.assess(paid("A1", 5_000));
    await till.assess(paid("A3", 15_000));
    const from = Date.now();
    await till.polled("phone-1", from + 10 * MINUTE);
    await till.polled("phone-1", from + 600 * MINUTE);
    await till.polled("phone-1", from + 605 * MINUTE);
    expect(await casesOf("silent")).toEqual([]);
    await pollFor("silent", 20, from + 605 * MINUTE);
    expect(await casesOf("silent")).toHaveLength(1);
  });

  it("takes withdrawals for links, in any order", async () => {
    const till = await opened("withdrawals");
    await till.assess(paid("A3", 12_000));
    await till.link({
      provider: "mpesa",
      sender: "MPESA",
      key: "out:W1",
      fromMinor: 10_000,
      toMinor: 7_000,
      at: NOON + 7,
      receivedAt: NOON,
    });
    expect(await till.view()).toMatchObject({ gaps: [], links: 2 });
    await till.link({
      provider: "mpesa",
      sender: "MPESA",
      key: "out:W1",
      fromMinor: 10_000,
      toMinor: 7_000,
      at: NOON + 7,
      receivedAt: NOON,
    });
    expect(await till.view()).toMatchObject({ gaps: [], links: 2 });
  });

  it("takes no link from a sender that is not on its list, and none before it knows the list", async () => {
    const withdrawal = { provider: "mpesa" as const, key: "out:F1", fromMinor: 70_000, toMinor: 60_000 };
    const notice = { ...withdrawal, at: NOON + 2 * MINUTE, receivedAt: NOON + 3 * MINUTE };
    expect(await tillOf(env, "nobody-yet").link({ ...notice, sender: "MPESA" })).toBe("not_ready");
    const till = await opened("foreign-links");
    await till.assess(paid("A1", 5_000));
    expect(await till.link({ ...notice, sender: "26650000199" })).toBe("stranger");
    expect(await till.view()).toMatchObject({ links: 1, gaps: [] });
    // The same text from the operator is its first link, not a repeat.
    expect(await till.link({ ...notice, sender: "mpesa" })).toBe("taken");
    expect(await till.view()).toMatchObject({ links: 2, gaps: [{ startMinor: 70_000 }] });
  });

  it("says whom it believes also of a text that tells no balance, which is no link", async () => {
    const till = await opened("believes");
    const ends = { key: "reversal:B1", fromMinor: null, toMinor: null, at: NOON, receivedAt: NOON };
    const said = { provider: "mpesa" as const, ...ends };
    expect(await tillOf(env, "believes-nobody").link({ ...said, sender: "MPESA" })).toBe("not_ready");
    expect(await till.link({ ...said, sender: "26650000199" })).toBe("stranger");
    expect(await till.link({ ...said, sender: "mpesa" })).toBe("taken");
    expect(await till.view()).toMatchObject({ links: 0, gaps: [] });
  });

  it("is closed by a person, once, and does not open again for the same gap", async () => {
    const till = await opened("person");
    await till.assess(paid("A1", 5_000));
    await till.assess(paid("A3", 15_000));
    await pollFor("person", 30);
    const order = {
      provider: "mpesa" as const,
      startMinor: 10_000,
      actor: "Mpho",
      reason: "the phone was off",
      at: NOON,
    };
    expect(await till.closeChainCase({ ...order, provider: "ecocash" })).toBe(false);
    expect(await till.closeChainCase(order)).toBe(true);
    expect(await till.closeChainCase(order)).toBe(false);
    await pollFor("person", 120);
    expect(await casesOf("person")).toMatchObject([{ state: "open" }, { state: "closed" }]);
    expect(await till.assess(paid("A4", 20_000))).toEqual({ allow: true });
  });

  it("keeps one chain an operator: balances of two wallets that differ make no gap", async () => {
    const till = await opened("two-wallets", { senders: ["MPESA", "199"] });
    const eco = (receipt: string, newBalanceMinor: number) => ({
      ...paid(receipt, newBalanceMinor),
      provider: "ecocash" as const,
      sender: "199",
    });
    await till.assess(paid("M1", 5_000));
    await till.assess(eco("E1", 705_000));
    await till.assess(paid("M2", 10_000));
    await till.assess(eco("E2", 710_000));
    await till.link({
      provider: "ecocash",
      sender: "199",
      key: "out:E9",
      fromMinor: 710_000,
      toMinor: 700_000,
      at: NOON + 8,
      receivedAt: NOON,
    });
    await pollFor("two-wallets", 120);
    expect(await till.view()).toMatchObject({ gaps: [], links: 5 });
    expect(await casesOf("two-wallets")).toEqual([]);
  });

  it("shows whose chain is broken, also where both break at the same balance, and closes one by itself", async () => {
    const till = await opened("both-break", { senders: ["MPESA", "199"] });
    const eco = (question: TillQuestion) => ({ ...question, provider: "ecocash" as const, sender: "199" });
    await till.assess(paid("M1", 5_000));
    await till.assess(eco(paid("E1", 5_000)));
    await till.assess(paid("M3", 15_000));
    await till.assess(eco(paid("E3", 15_000)));
    await pollFor("both-break", 40);
    expect((await till.view())?.gaps).toMatchObject([
      { provider: "mpesa", startMinor: 10_000, caseOpen: true },
      { provider: "ecocash", startMinor: 10_000, caseOpen: true },
    ]);
    const details = (await casesOf("both-break")).map(({ detailsJson }) => JSON.parse(detailsJson).provider);
    expect(details).toEqual(["mpesa", "ecocash"]);
    await till.assess(paid("M2", 10_000));
    expect((await till.view())?.gaps).toMatchObject([{ provider: "ecocash", startMinor: 10_000 }]);
    const order = { provider: "ecocash" as const, startMinor: 10_000, actor: "Mpho", reason: "seen", at: NOON };
    expect(await till.closeChainCase(order)).toBe(true);
    expect((await till.view())?.gaps).toEqual([]);
  });

  it("keeps its gaps when old links are joined", async () => {
    const till = await opened("long");
    await till.assess(paid("first", 5_000));
    for (let index = 0; index < 510; index++)
      await till.link({
        provider: "mpesa",
        sender: "MPESA",
        key: `link-${index}`,
        fromMinor: 10_000 + index,
        toMinor: 10_001 + index,
        at: NOON + 100_000 + index,
        receivedAt: NOON,
      });
    const view = await till.view();
    expect(view?.links).toBeLessThan(300);
    expect(view?.gaps).toMatchObject([{ startMinor: 10_000 }]);
    await till.assess(paid("missing", 10_000));
    expect((await till.view())?.gaps).toEqual([]);
    // A text whose link was joined long ago is no second link.
    await till.link({
      provider: "mpesa",
      sender: "MPESA",
      key: "link-3",
      fromMinor: 10_003,
      toMinor: 10_004,
      at: NOON,
      receivedAt: NOON,
    });
    expect((await till.view())?.gaps).toEqual([]);
  });
});
