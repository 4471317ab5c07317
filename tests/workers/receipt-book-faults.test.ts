import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it } from "vitest";
import type { OutboxRow } from "../../src/domain/outbox.ts";
import type { RestoredReceipt } from "../../src/ports/shard-restores.ts";
import type { Env } from "../../workers/env.ts";
import { accountLocator, gateOf } from "../../workers/objects/locate.ts";
import type { ReceiptBook } from "../../workers/objects/receipt-book.ts";
import {
  aClaim,
  alarmNow,
  aMove,
  book,
  bookOf,
  booksOf,
  claimed,
  inSuspense,
  inTreasury,
  openAccount,
  owedBy,
  stateOf,
  toAccount,
} from "./receipt-book-world.ts";

type Fault = "before" | "after" | "through";
type Cuttable = "ACCOUNT_LEDGER" | "DISCONNECT_GATE";

const mended: (() => void)[] = [];
afterEach(() => {
  for (const mend of mended.splice(0)) mend();
});

/** The shard's line to other objects fails: before the call arrives, or after it was done and its answer is lost. */
async function cutLine(stub: DurableObjectStub<ReceiptBook>, binding: Cuttable, next: () => Fault) {
  await runInDurableObject(stub, (object) => {
    const inside: Env = Reflect.get(object, "env");
    const whole = inside[binding];
    const cut = (target: object) =>
      new Proxy(target, {
        get(stubInside, method) {
          const call = Reflect.get(stubInside, method);
          if (typeof call !== "function") return call;
          return async (...args: unknown[]) => {
            const fault = next();
            if (fault === "before") throw new Error("the line is cut");
            const answer = await Reflect.apply(call, stubInside, args);
            if (fault === "after") throw new Error("the answer is lost");
            return answer;
          };
        },
      });
    const faulty = {
      idFromName: (name: string) => whole.idFromName(name),
      get: (id: DurableObjectId) => cut(whole.get(id)),
    };
    Object.defineProperty(inside, binding, { value: faulty, configurable: true, writable: true });
    mended.push(() => Object.defineProperty(inside, binding, { value: whole, configurable: true, writable: true }));
  });
}

const mend = () => {
  for (const undo of mended.splice(0)) undo();
};

/** What the copy consumer does once everything is in Postgres. */
async function copyAll(receipt: string, accounts: string[]) {
  const stub = book(receipt);
  for (const account of accounts) {
    const rows = await owedBy(accountLocator(env, account));
    await stub.recorded(
      rows.flatMap((row) => (row.kind === "posting" ? row.rows.map(({ entryKey }) => entryKey) : [])),
    );
  }
  const items = await stub.copyBatch(10_000);
  await book(receipt).copied({ recorded: items.map(({ id }) => id), refused: [], stop: null });
}

describe("a shard that is broken off between any two steps", () => {
  it.each([0, 1, 2, 3, 4, 5, 6])(
    "moves its receipt to its end, once, whichever calls fail (from the %ith on)",
    async (seed) => {
      const receipt = `CUT${seed}`;
      const [first, second, third] = [`03${10 + seed}MAK`, `04${10 + seed}MAK`, `05${10 + seed}MAK`];
      for (const account of [first, second, third]) await openAccount(account);
      await bookOf(receipt);
      // Each call to an account or the gate fails in its own way; a seed shifts which.
      let calls = seed;
      const faults: Fault[] = ["before", "after", "through", "after", "through", "before", "through"];
      const next = () => faults[calls++ % faults.length] ?? "through";
      const step = async () => {
        await cutLine(book(receipt), "ACCOUNT_LEDGER", next);
        await cutLine(book(receipt), "DISCONNECT_GATE", next);
        await alarmNow(book(receipt));
        mend();
        await evictDurableObject(book(receipt));
      };
      const rest = async () => {
        for (let run = 0; run < 40 && !["recording", "closed"].includes((await stateOf(receipt)).phase); run++)
          await step();
      };
      await cutLine(book(receipt), "ACCOUNT_LEDGER", next);
      await book(receipt).claim(aClaim({ receipt, holder: toAccount(first) }));
      mend();
      await rest();
      await cutLine(book(receipt), "ACCOUNT_LEDGER", next);
      await cutLine(book(receipt), "DISCONNECT_GATE", next);
      await book(receipt).move(
        aMove({
          receipt,
          expectedGeneration: 1,
          newShares: [
            { holder: toAccount(second), amountMinor: 3_333 },
            { holder: toAccount(third), amountMinor: 3_333 },
            { holder: inTreasury, amountMinor: 3_334 },
          ],
        }),
      );
      mend();
      await rest();
      expect(await stateOf(receipt)).toMatchObject({
        generation: 2,
        shares: [{ posting: "posted" }, { posting: "posted" }, { posting: "none" }],
      });
      expect(await booksOf(receipt, [first, second, third])).toMatchObject({
        clearing: -10_000,
        suspense: 0,
        treasury: 3_334,
        customer_energy: 6_666,
      });
      for (const [account, balanceWh] of [
        [first, 0],
        [second, 6_666],
        [third, 6_666],
      ] as const)
        expect(await accountLocator(env, account).view(account)).toMatchObject({ balanceWh });
      // Settle, reverse and three posts, and each of the faults at least once.
      expect(calls - seed).toBeGreaterThan(faults.length);
      await copyAll(receipt, [first, second, third]);
      expect((await stateOf(receipt)).phase).toBe("closed");
    },
    60_000,
  );

  it("does not answer a claim that holds money before the gate knows, and keeps the claim", async () => {
    const receipt = "GATE1";
    await bookOf(receipt);
    await cutLine(book(receipt), "DISCONNECT_GATE", () => "before");
    expect(await claimed(receipt, inSuspense("cap", ["0601MAK"]))).toEqual({ status: "not_ready" });
    expect(await stateOf(receipt)).toMatchObject({ generation: 1 });
    mend();
    expect(await gateOf(env).heldFor({ account: "0601MAK", phones: [] })).toEqual([]);
    expect(await claimed(receipt, inSuspense("cap", ["0601MAK"]))).toMatchObject({ status: "new" });
    expect(await gateOf(env).heldFor({ account: "0601MAK", phones: [] })).toEqual(["receipt:GATE1#1"]);
  });

  it("does not answer a claim that its account refuses before the gate knows, and keeps the claim", async () => {
    const receipt = "GATE4";
    await openAccount("0612MAK", null);
    await bookOf(receipt);
    await cutLine(book(receipt), "DISCONNECT_GATE", () => "before");
    expect(await claimed(receipt, toAccount("0612MAK"))).toEqual({ status: "not_ready" });
    expect(await stateOf(receipt)).toMatchObject({ generation: 2, shares: [{ holder: { because: "tariff_unset" } }] });
    mend();
    expect(await claimed(receipt, toAccount("0612MAK"))).toMatchObject({ status: "new", state: { generation: 2 } });
    expect(await gateOf(env).heldFor({ account: "0612MAK", phones: [] })).toEqual(["receipt:GATE4#2"]);
  });

  it("credits an account although the gate does not answer, at once or when the account does", async () => {
    await bookOf("GATE2");
    await cutLine(book("GATE2"), "DISCONNECT_GATE", () => "before");
    expect(await claimed("GATE2", toAccount("0602MAK"))).toMatchObject({ status: "new", state: { phase: "posting" } });
    await alarmNow(book("GATE2"));
    await openAccount("0602MAK");
    expect(await claimed("GATE2", toAccount("0602MAK"))).toMatchObject({
      status: "new",
      state: { shares: [{ posting: "posted" }] },
    });
  });

  it("tells the gate by its alarm when nobody asks again", async () => {
    const receipt = "GATE3";
    await bookOf(receipt);
    await cutLine(book(receipt), "DISCONNECT_GATE", () => "before");
    await claimed(receipt, inSuspense("cap", ["0603MAK"]));
    mend();
    await evictDurableObject(book(receipt));
    await alarmNow(book(receipt));
    expect(await gateOf(env).heldFor({ account: "0603MAK", phones: [] })).toEqual(["receipt:GATE3#1"]);
  });
});

describe("a receipt seen again", () => {
  it("is a conflict with one case when the amount is another, and nothing moves", async () => {
    await openAccount("0604MAK");
    await claimed("CONF1", toAccount("0604MAK"));
    const other = aClaim({ receipt: "CONF1", holder: toAccount("0604MAK"), amountMinor: 10_001, sightingKey: "other" });
    for (const _time of [1, 2]) expect(await book("CONF1").claim(other)).toMatchObject({ status: "conflict" });
    const cases = (await owedBy(book("CONF1"))).filter((row) => row.kind === "case" && row.subject === "CONF1");
    expect(cases).toMatchObject([{ caseKind: "receipt_conflict", caseKey: "conflict:CONF1:LSL10001" }]);
    expect(await accountLocator(env, "0604MAK").view("0604MAK")).toMatchObject({ balanceWh: 20_000 });
  });

  it("is moved out of suspense by the provider that names the account, once", async () => {
    await openAccount("0605MAK");
    await claimed("HOOK1", inSuspense("no_account_token"));
    const hook = aClaim({
      receipt: "HOOK1",
      holder: toAccount("0605MAK"),
      road: "webhook",
      fromProvider: true,
      sightingKey: "webhook:1",
    });
    expect(await book("HOOK1").claim(hook)).toMatchObject({
      status: "moved",
      state: { shares: [{ posting: "posted" }] },
    });
    expect(await book("HOOK1").claim(hook)).toMatchObject({ status: "same", state: { generation: 2 } });
  });

  it("adds a hint when the old system's key names an account for money held for another reason", async () => {
    await claimed("HOOK2", inSuspense("chain"));
    const hook = aClaim({ receipt: "HOOK2", holder: toAccount("0606MAK"), road: "webhook", sightingKey: "webhook:2" });
    expect(await book("HOOK2").claim(hook)).toMatchObject({
      status: "same",
      state: { generation: 1, shares: [{ holder: { because: "chain", hints: { accounts: ["0606MAK"] } } }] },
    });
    expect(await gateOf(env).heldFor({ account: "0606MAK", phones: [] })).toEqual(["receipt:HOOK2#1"]);
  });

  it("gives a Mailbox that lost the answer the first answer again", async () => {
    await openAccount("0607MAK");
    await claimed("AGAIN1", toAccount("0607MAK"));
    await evictDurableObject(book("AGAIN1"));
    expect(await claimed("AGAIN1", toAccount("0607MAK"))).toMatchObject({ status: "new" });
    const sightings = (await owedBy(book("AGAIN1"))).filter(
      (row) => row.kind === "sighting" && row.receipt === "AGAIN1",
    );
    expect(sightings).toHaveLength(1);
  });

  it("never moves and posts nothing when the old system holds it", async () => {
    await claimed("OLD1", { kind: "legacy" });
    expect(await booksOf("OLD1", [])).toEqual({});
    const shares = [{ holder: toAccount("0608MAK"), amountMinor: 10_000 }];
    expect(await book("OLD1").move(aMove({ receipt: "OLD1", expectedGeneration: 1, newShares: shares }))).toMatchObject(
      {
        status: "refused",
        because: "held_by_legacy",
      },
    );
  });
});

describe("a closed claim", () => {
  it("is one whose rows and entries Postgres has, whichever word comes first", async () => {
    await openAccount("0609MAK");
    await claimed("CLOSE1", toAccount("0609MAK"));
    expect(await book("CLOSE1").awaiting(1_000)).toContain("receipt:CLOSE1#1.1");
    const items = await book("CLOSE1").copyBatch(10_000);
    await book("CLOSE1").copied({ recorded: items.map(({ id }) => id), refused: [], stop: null });
    expect((await stateOf("CLOSE1")).phase).toBe("recording");
    await book("CLOSE1").recorded(["receipt:CLOSE1#1.1", "receipt:SOMEBODY#1.1"]);
    expect((await stateOf("CLOSE1")).phase).toBe("closed");
    expect(await book("CLOSE1").awaiting(1_000)).not.toContain("receipt:CLOSE1#1.1");
  });

  it("is closed by the alarm when the end of its report failed while another report came to its own", async () => {
    await openAccount("0614MAK");
    await claimed("CLOSE3", toAccount("0614MAK"));
    await book("CLOSE3").recorded(["receipt:CLOSE3#1.1"]);
    const items = await book("CLOSE3").copyBatch(10_000);
    await runInDurableObject(book("CLOSE3"), async (object) => {
      const transact: (work: () => unknown) => unknown = Reflect.get(object, "transact");
      // Two reports of two steps each, by turns: the last is the end of the second report.
      let steps = 0;
      const failing = (work: () => unknown) => {
        steps += 1;
        if (steps === 4) throw new Error("the disk is full");
        return Reflect.apply(transact, object, [work]);
      };
      Object.defineProperty(object, "transact", { value: failing, configurable: true });
      const ended = await Promise.allSettled([
        object.copied({ recorded: [], refused: [], stop: null }),
        object.copied({ recorded: items.map(({ id }) => id), refused: [], stop: null }),
      ]);
      Reflect.deleteProperty(object, "transact");
      expect(ended.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
    });
    expect((await stateOf("CLOSE3")).phase).toBe("recording");
    await alarmNow(book("CLOSE3"));
    expect((await stateOf("CLOSE3")).phase).toBe("closed");
  });

  it("stays open while a row was refused by Postgres", async () => {
    await claimed("CLOSE2", inSuspense("cap"));
    const items = await book("CLOSE2").copyBatch(10_000);
    const refused = items.filter(({ row }) => row.kind === "allocation" && row.receipt === "CLOSE2");
    expect(refused).toHaveLength(1);
    await book("CLOSE2").copied({
      recorded: items.filter((item) => !refused.includes(item)).map(({ id }) => id),
      refused: refused.map(({ id }) => ({ id, because: "22P05" })),
      stop: null,
    });
    await alarmNow(book("CLOSE2"));
    expect((await stateOf("CLOSE2")).phase).toBe("recording");
  });
});

describe("a shard that lost its memory", () => {
  it("answers not_ready while the database does not", async () => {
    const stub = env.RECEIPT_BOOK.get(env.RECEIPT_BOOK.idFromName("shard-99"));
    expect(await stub.claim(aClaim({ receipt: "LOST0" }))).toEqual({ status: "not_ready" });
    expect(await stub.state("LOST0")).toBe("not_ready");
  });

  it("sends and loads what it had, to the last line, and asks accounts what is not recorded", async () => {
    await openAccount("0610MAK");
    await openAccount("0611MAK");
    await claimed("LOST1", toAccount("0610MAK"));
    await book("LOST1").move(
      aMove({
        receipt: "LOST1",
        expectedGeneration: 1,
        newShares: [
          { holder: toAccount("0611MAK"), amountMinor: 4_000 },
          { holder: inTreasury, amountMinor: 5_000 },
          { holder: inSuspense("moved", ["0610MAK"]), amountMinor: 1_000 },
        ],
      }),
    );
    const before = await stateOf("LOST1");
    const sent = (await owedBy(book("LOST1"))).filter((row) => mentions(row, "LOST1"));
    // What is on its way anyhow is not sent twice.
    expect(await book("LOST1").resend(["LOST1"])).toEqual([]);
    const waiting = await book("LOST1").copyBatch(10_000);
    await book("LOST1").copied({ recorded: waiting.map(({ id }) => id), refused: [], stop: null });
    expect(await book("LOST1").resend(["LOST1", "NEVERSEEN"])).toEqual(["LOST1"]);
    const resent = (await owedBy(book("LOST1"))).filter((row) => mentions(row, "LOST1"));
    const facts = (rows: OutboxRow[]) => rows.filter(({ kind }) => kind === "allocation" || kind === "posting");
    const lines = (rows: OutboxRow[]) =>
      facts(rows)
        .map((row) => JSON.stringify(row))
        .sort();
    expect(lines(resent)).toEqual(lines(sent));

    const ledger = [...sent, ...(await owedBy(accountLocator(env, "0610MAK")))].flatMap((row) =>
      row.kind === "posting" ? row.rows : [],
    );
    const payment = sent.filter((row) => row.kind === "payment").at(-1);
    if (payment?.kind !== "payment") throw new Error("no payment row");
    const recorded: RestoredReceipt = {
      payment,
      sightings: resent.flatMap((row) => (row.kind === "sighting" ? [row] : [])),
      shares: sent.flatMap((row) =>
        row.kind === "allocation" ? [{ ...row, hints: { accounts: ["0610MAK"], note: "" }, openedAt: null }] : [],
      ),
      // What the account 0611MAK posted is not recorded yet.
      lines: ledger.map(({ entryKey, accountId, amountMinor, seq, energyWh, balanceAfterWh, rateE4PerKwh }) => ({
        entryKey,
        amountMinor,
        entry:
          accountId === null
            ? null
            : {
                account: "0610MAK",
                seq: seq ?? 0,
                energyWh,
                balanceAfterWh: balanceAfterWh ?? 0,
                rateE4PerKwh: rateE4PerKwh ?? 0,
              },
      })),
    };
    const reborn = () => env.RECEIPT_BOOK.get(env.RECEIPT_BOOK.idFromName("shard-77"));
    await runInDurableObject(reborn(), (object) => {
      Object.defineProperty(object, "restores", {
        value: () => ({ shardReceipts: async () => [recorded], openReversals: async () => [] }),
      });
      return object.state("LOST1");
    });
    await alarmNow(reborn());
    expect(recorded.sightings.length).toBeGreaterThan(0);
    const after = await reborn().state("LOST1");
    expect(after).toMatchObject({
      generation: 2,
      shares: before.shares.map(({ entryKey, posting, amountMinor }) => ({ entryKey, posting, amountMinor })),
    });
    expect((await owedBy(reborn())).filter(({ kind }) => kind === "posting")).toEqual([]);
    expect(await accountLocator(env, "0611MAK").view("0611MAK")).toMatchObject({ balanceWh: 8_000 });

    // A shard that was set back to the first generation takes over what Postgres has since, once.
    const earlier = sent.find((row) => row.kind === "payment" && row.generation === 1);
    if (earlier?.kind !== "payment") throw new Error("no first payment row");
    const first = recorded.shares.filter(({ generation }) => generation === 1);
    const setBack = () => env.RECEIPT_BOOK.get(env.RECEIPT_BOOK.idFromName("shard-78"));
    await runInDurableObject(setBack(), async (object) => {
      Object.defineProperty(object, "restores", {
        value: () => ({
          shardReceipts: async () => [
            { ...recorded, payment: { ...earlier, shard: 78 }, shares: first, sightings: [] },
          ],
          openReversals: async () => [],
          receiptsNamed: async () => [{ ...recorded, payment: { ...payment, shard: 78 } }],
        }),
      });
      expect(await object.state("LOST1")).toMatchObject({ generation: 1 });
      expect(await object.adopt(["LOST1"])).toEqual(["LOST1"]);
      expect(await object.adopt(["LOST1"])).toEqual([]);
    });
    await alarmNow(setBack());
    expect(await setBack().state("LOST1")).toMatchObject({
      generation: 2,
      shares: before.shares.map(({ entryKey, posting, amountMinor }) => ({ entryKey, posting, amountMinor })),
    });
    expect(await accountLocator(env, "0611MAK").view("0611MAK")).toMatchObject({ balanceWh: 8_000 });
  });
});

const mentions = (row: OutboxRow, receipt: string) =>
  row.kind === "posting" ? row.postingId.includes(`:${receipt}#`) : "receipt" in row && row.receipt === receipt;
