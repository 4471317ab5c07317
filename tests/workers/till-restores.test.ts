import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { RestoredBreak, RestoredVerdict, TillRestores } from "../../src/ports/till-restores.ts";
import { tillOf } from "../../workers/objects/locate.ts";
import { casesOf, copyAll, facts, MINUTE, NOON, nothingElse, opened, pollFor, question } from "./till-facts.ts";

describe("a till that lost its memory", () => {
  it("loads its facts when the database answers, and is not ready before", async () => {
    const till = () => tillOf(env, "reborn");
    expect(await till().assess(question({ receipt: "A1" }))).toBe("not_ready");
    await runInDurableObject(till(), (object) => {
      Object.defineProperty(object, "restores", { value: () => nothingElse });
    });
    expect(await till().assess(question({ receipt: "A1" }))).toEqual({ allow: true });
  });
});

describe("what a till takes from Postgres", () => {
  const text = (id: number, receipt: string, amountMinor: number, newBalanceMinor: number, receivedAt: number) => ({
    id,
    sender: "MPESA",
    contentHash: `h${id}`,
    receivedAt,
    parsed: {
      kind: "payment" as const,
      provider: "mpesa" as const,
      receipt,
      amountMinor,
      newBalanceMinor,
      printedAt: null,
      payerPhone: null,
      reference: null,
      remark: null,
      otherText: null,
    },
  });
  const verdict = (receipt: string, over: Partial<RestoredVerdict> = {}): RestoredVerdict => ({
    receipt,
    amountMinor: 10_000,
    account: "0045MAK",
    because: null,
    receivedAt: NOON,
    claimedAt: NOON,
    ...over,
  });

  it("keeps its caps of the day, its first verdicts, its chain and the case of a break", async () => {
    const restores: TillRestores = {
      ...nothingElse,
      tillVerdicts: async () => [
        verdict("A1"),
        verdict("A2"),
        verdict("OLD", { receivedAt: NOON - 24 * 60 * MINUTE }),
        verdict("HELD", { account: null, because: "cap" }),
      ],
      tillTexts: async () => [text(1, "A1", 10_000, 20_000, NOON), text(2, "A2", 10_000, 50_000, NOON + MINUTE)],
      chainBreaks: async () => [
        { gapId: 4, provider: "mpesa", startMinor: 40_000, endMinor: 20_000, open: true, openedAt: NOON, version: 1 },
      ],
    };
    const till = tillOf(env, "lost");
    await runInDurableObject(till, async (object) => {
      Object.defineProperty(object, "restores", { value: () => restores });
      await object.configure(facts({ tillId: "lost", version: 8 }));
    });
    expect(await till.assess(question({ receipt: "HELD" }))).toMatchObject({ allow: false, because: "cap" });
    expect(await till.assess(question({ receipt: "A1" }))).toEqual({ allow: true });
    // 20,000 of this account's 30,000 are used, and above 1,000 the open break holds.
    expect(await till.assess(question({ receipt: "B1" }))).toMatchObject({ allow: false, because: "chain" });
    expect(await till.view()).toMatchObject({
      links: 2,
      gaps: [{ endMinor: 20_000, startMinor: 40_000, caseOpen: true }],
    });
    // The lost text comes after all: the same case is closed.
    await till.assess(question({ receipt: "C1", amountMinor: 20_000, newBalanceMinor: 40_000 }));
    expect(await casesOf("lost")).toMatchObject([{ caseKey: "chain:lost:4", state: "closed", version: 2 }]);
    expect(await till.assess(question({ receipt: "B2", amountMinor: 10_001 }))).toMatchObject({ because: "cap" });
    expect(await till.assess(question({ receipt: "B3" }))).toEqual({ allow: true });
  });

  it("tells the case of a break again when Postgres has lost it, and not while it is on its way there", async () => {
    const till = await opened("compared");
    await runInDurableObject(till, (object) => {
      Object.defineProperty(object, "restores", { value: () => nothingElse });
    });
    await till.assess(question({ receipt: "A1", newBalanceMinor: 20_000 }));
    await till.assess(question({ receipt: "A2", newBalanceMinor: 50_000 }));
    await pollFor("compared", 60);
    expect(await casesOf("compared")).toHaveLength(1);
    expect(await till.learn(), "it waits to be written").toEqual({ learned: 0, told: 0 });
    await copyAll(till);
    expect(await till.learn(), "Postgres has lost it").toEqual({ learned: 0, told: 1 });
    expect(await till.learn(), "it waits again").toEqual({ learned: 0, told: 0 });
    expect(await casesOf("compared")).toMatchObject([{ state: "open" }]);
  });

  it("tells again that a case is closed where the database was set back, and a person can end one that is open there alone", async () => {
    const till = await opened("reopened");
    let breaks: RestoredBreak[] = [];
    await runInDurableObject(till, (object) => {
      Object.defineProperty(object, "restores", { value: () => ({ ...nothingElse, chainBreaks: async () => breaks }) });
    });
    await till.assess(question({ receipt: "A1", newBalanceMinor: 20_000 }));
    await till.assess(question({ receipt: "A2", newBalanceMinor: 50_000 }));
    await pollFor("reopened", 60);
    const order = { provider: "mpesa", startMinor: 40_000, actor: "Mpho", reason: "seen", at: NOON } as const;
    expect(await till.closeChainCase(order)).toBe(true);
    const [gapId] = (await casesOf("reopened")).map(({ caseKey }) => Number(caseKey.split(":").at(-1)));
    const open = { provider: "mpesa", startMinor: 40_000, endMinor: 20_000, open: true, openedAt: NOON } as const;
    breaks = [{ ...open, gapId: gapId ?? 0, version: 1 }];
    expect(await till.learn(), "it waits to be written").toEqual({ learned: 0, told: 0 });
    await copyAll(till);
    expect(await till.learn(), "Postgres was set back").toEqual({ learned: 0, told: 1 });
    expect(await casesOf("reopened")).toMatchObject([{ state: "closed", version: 3 }]);
    await copyAll(till);
    // Of a gap that its text has filled the till remembers nothing; another operator's case is not meant.
    breaks = [{ ...open, gapId: 77, version: 1, startMinor: 90_000 }];
    expect(await till.learn()).toEqual({ learned: 0, told: 0 });
    expect(await till.closeChainCase({ ...order, startMinor: 90_000, provider: "ecocash" })).toBe(false);
    expect(await till.closeChainCase({ ...order, startMinor: 90_000 })).toBe(true);
    expect(await casesOf("reopened")).toMatchObject([{ caseKey: "chain:reopened:77", state: "closed", version: 2 }]);
  });

  it("takes no links of foreign senders from there either, and shows itself as soon as it is loaded", async () => {
    const foreign = text(3, "F1", 7_000, 99_000, NOON + MINUTE);
    const withdrawal = { ...foreign, parsed: { ...foreign.parsed, kind: "outgoing" as const }, sender: "26650000199" };
    const till = tillOf(env, "lost-foreign");
    await runInDurableObject(till, (object) => {
      const tillTexts = async () => [text(1, "A1", 10_000, 20_000, NOON), withdrawal];
      Object.defineProperty(object, "restores", { value: () => ({ ...nothingElse, tillTexts }) });
    });
    expect(await till.view()).toMatchObject({ links: 1, gaps: [], chains: [{ stretches: 1, balanceMinor: 20_000 }] });
  });

  it("decides nothing while the database does not answer", async () => {
    const till = tillOf(env, "waits");
    await runInDurableObject(till, async (object) => {
      Object.defineProperty(object, "restores", { value: () => ({ ...nothingElse, tillTexts: async () => "down" }) });
      await object.configure(facts({ tillId: "waits", version: 8 }));
    });
    expect(await till.assess(question({ receipt: "A1" }))).toBe("not_ready");
  });
});
