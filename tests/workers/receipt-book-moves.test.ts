import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { Holder, Move } from "../../src/domain/claim.ts";
import { accountLocator, gateOf } from "../../workers/objects/locate.ts";
import {
  alarmNow,
  book,
  booksOf,
  claimed,
  gone,
  inSuspense,
  inTreasury,
  moved,
  openAccount,
  owedBy,
  stateOf,
  toAccount,
} from "./receipt-book-world.ts";

describe("a move", () => {
  it("assigns money that waited, closes its case and lets the gate forget it", async () => {
    await openAccount("0201MAK");
    await claimed("MVA1", inSuspense("two_accounts", ["0201MAK", "0202MAK"]));
    const answer = await moved("MVA1", 1, [{ holder: toAccount("0201MAK"), amountMinor: 10_000 }]);
    expect(answer).toMatchObject({
      status: "moved",
      state: { generation: 2, phase: "recording", shares: [{ entryKey: "receipt:MVA1#2.1", posting: "posted" }] },
    });
    expect(await booksOf("MVA1", ["0201MAK"])).toMatchObject({
      clearing: -10_000,
      suspense: 0,
      customer_energy: 10_000,
    });
    const cases = (await owedBy(book("MVA1"))).filter((row) => row.kind === "suspense_case");
    expect(cases).toMatchObject([
      { caseKey: "receipt:MVA1#1.1", state: "open", version: 1 },
      { caseKey: "receipt:MVA1#1.1", state: "closed", version: 2 },
    ]);
    await alarmNow(book("MVA1"));
    expect(await gateOf(env).heldFor({ account: "0202MAK", phones: [] })).toEqual([]);
  });

  it("lets one of two win and shows the other the present holder", async () => {
    await openAccount("0203MAK");
    await openAccount("0204MAK");
    await claimed("MVRACE", inSuspense("two_accounts"));
    const [left, right] = await Promise.all([
      moved("MVRACE", 1, [{ holder: toAccount("0203MAK"), amountMinor: 10_000 }], "Mpho"),
      moved("MVRACE", 1, [{ holder: toAccount("0204MAK"), amountMinor: 10_000 }], "Lerato"),
    ]);
    const [won, lost] = left.status === "moved" ? [left, right] : [right, left];
    expect(won.status).toBe("moved");
    expect(lost).toMatchObject({ status: "stale", state: { generation: 2 } });
    const books = await booksOf("MVRACE", ["0203MAK", "0204MAK"]);
    expect(books).toMatchObject({ clearing: -10_000, suspense: 0, customer_energy: 10_000 });
  });

  it("takes the money back from the old account before the new one gets it", async () => {
    await openAccount("0205MAK");
    await openAccount("0206MAK");
    await claimed("MVB1", toAccount("0205MAK"));
    const answer = await moved("MVB1", 1, [{ holder: toAccount("0206MAK"), amountMinor: 10_000 }]);
    expect(answer).toMatchObject({ status: "moved", state: { shares: [{ posting: "posted" }] } });
    const old = (await owedBy(accountLocator(env, "0205MAK"))).filter(({ kind }) => kind === "posting");
    expect(old).toMatchObject([{ postingId: "receipt:MVB1#1.1" }, { postingId: "receipt:MVB1#1.1:reversal" }]);
    expect(await accountLocator(env, "0205MAK").view("0205MAK")).toMatchObject({ balanceWh: 0 });
    expect(await accountLocator(env, "0206MAK").view("0206MAK")).toMatchObject({ balanceWh: 20_000 });
    expect(await booksOf("MVB1", ["0205MAK", "0206MAK"])).toMatchObject({ clearing: -10_000, suspense: 0 });
  });

  it("splits, sends to treasury and brings back, right to the last minor unit", async () => {
    await openAccount("0207MAK");
    await openAccount("0208MAK");
    const accounts = ["0207MAK", "0208MAK"];
    await claimed("MVS1", toAccount("0207MAK"), { amountMinor: 10_001 });
    await moved("MVS1", 1, [
      { holder: toAccount("0207MAK"), amountMinor: 3_333 },
      { holder: toAccount("0208MAK"), amountMinor: 3_333 },
      { holder: inTreasury, amountMinor: 3_335 },
    ]);
    expect(await booksOf("MVS1", accounts)).toMatchObject({
      clearing: -10_001,
      suspense: 0,
      treasury: 3_335,
      customer_energy: 6_666,
    });
    await moved("MVS1", 2, [
      { holder: toAccount("0208MAK"), amountMinor: 3_333 },
      { holder: inSuspense("moved"), amountMinor: 3_333 },
      { holder: inTreasury, amountMinor: 3_335 },
    ]);
    expect((await stateOf("MVS1")).shares[0]).toMatchObject({ entryKey: "receipt:MVS1#2.2", posting: "posted" });
    expect(await booksOf("MVS1", accounts)).toMatchObject({
      clearing: -10_001,
      suspense: 3_333,
      treasury: 3_335,
      customer_energy: 3_333,
    });
    const last = await moved("MVS1", 3, [{ holder: toAccount("0207MAK"), amountMinor: 10_001 }]);
    expect(last.status).toBe("moved");
    expect(await booksOf("MVS1", accounts)).toMatchObject({
      clearing: -10_001,
      suspense: 0,
      treasury: 0,
      customer_energy: 10_001,
    });
  });

  it.each([1, 2, 3])(
    "is right to the last minor unit after any row of moves (row %i)",
    async (seed) => {
      const accounts = [`022${seed}SHG`, `023${seed}SHG`] as const;
      for (const account of accounts) await openAccount(account);
      const receipt = `WALK${seed}`;
      const holders = [toAccount(accounts[0]), toAccount(accounts[1]), inTreasury, inSuspense("moved"), gone];
      let dice = seed;
      const roll = (sides: number) => {
        dice = (dice * 48_271) % 2_147_483_647;
        return dice % sides;
      };
      const amountMinor = 10_001;
      await claimed(receipt, holders[roll(4)] ?? inTreasury, { amountMinor });
      for (let generation = 1; generation <= 10; generation++) {
        const newShares: Move["newShares"] = [];
        for (let left = amountMinor; left > 0; ) {
          const share = newShares.length === 4 ? left : 1 + roll(left);
          newShares.push({ holder: holders[roll(5)] ?? inTreasury, amountMinor: share });
          left -= share;
        }
        expect(await moved(receipt, generation, newShares)).toMatchObject({ status: "moved" });
        const sum = (kind: Holder["kind"]) =>
          newShares.reduce((total, share) => total + (share.holder.kind === kind ? share.amountMinor : 0), 0);
        const books = await booksOf(receipt, [...accounts]);
        expect([books.clearing, books.customer_energy ?? 0, books.suspense ?? 0, books.treasury ?? 0]).toEqual([
          sum("returned") - amountMinor,
          sum("account"),
          sum("suspense"),
          sum("treasury"),
        ]);
      }
    },
    30_000,
  );

  it("posts nothing to an account that a move asked first", async () => {
    // An account whose object does not answer yet: the claim waits.
    const waiting = await claimed("MVN1", toAccount("0209MAK"));
    expect(waiting).toMatchObject({ status: "new", state: { phase: "posting", shares: [{ posting: "wanted" }] } });
    await alarmNow(book("MVN1"));
    expect(await gateOf(env).heldFor({ account: "0209MAK", phones: [] })).toEqual(["posting:MVN1#1"]);
    await openAccount("0210MAK");
    const move = await moved("MVN1", 1, [{ holder: toAccount("0210MAK"), amountMinor: 10_000 }]);
    expect(move).toMatchObject({ status: "moved", state: { phase: "settling", shares: [{ posting: "wanted" }] } });
    expect(await moved("MVN1", 2, [{ holder: inTreasury, amountMinor: 10_000 }])).toMatchObject({
      status: "refused",
      because: "moving",
    });
    await openAccount("0209MAK");
    await alarmNow(book("MVN1"));
    await alarmNow(book("MVN1"));
    expect(await gateOf(env).heldFor({ account: "0209MAK", phones: [] })).toEqual([]);
    expect(await stateOf("MVN1")).toMatchObject({ phase: "recording", shares: [{ posting: "posted" }] });
    const late = await accountLocator(env, "0209MAK").post("0209MAK", {
      entryKey: "receipt:MVN1#1.1",
      receipt: "MVN1",
      provider: "mpesa",
      road: "sms",
      amountMinor: 10_000,
      currency: "LSL",
      paidAt: 1,
      payerPhone: null,
      contra: "clearing",
      actor: null,
      twinAllowed: false,
    });
    expect(late).toMatchObject({ status: "refused", because: "moved" });
    expect(await booksOf("MVN1", ["0209MAK", "0210MAK"])).toMatchObject({
      clearing: -10_000,
      suspense: 0,
      customer_energy: 10_000,
    });
  });
});

describe("a refusal by the account", () => {
  it("holds the money, numbered like any other move", async () => {
    await openAccount("0211MAK", null);
    const answer = await claimed("REF1", toAccount("0211MAK"));
    expect(answer).toMatchObject({
      status: "new",
      state: {
        generation: 2,
        phase: "recording",
        shares: [
          {
            entryKey: "receipt:REF1#2.1",
            holder: { kind: "suspense", because: "tariff_unset", hints: { accounts: ["0211MAK"] } },
          },
        ],
      },
    });
    expect(await booksOf("REF1", ["0211MAK"])).toEqual({ clearing: -10_000, suspense: 10_000 });
    expect(await gateOf(env).heldFor({ account: "0211MAK", phones: [] })).toEqual(["receipt:REF1#2"]);
  });

  it("leaves a likely twin to a second person, who may credit both", async () => {
    await openAccount("0212MAK");
    await claimed("TWIN1", toAccount("0212MAK"));
    const twin = await claimed("TWIN2", toAccount("0212MAK"), { road: "manual", actor: "Mpho" });
    expect(twin).toMatchObject({
      state: { shares: [{ holder: { because: "second_person", hints: { accounts: ["0212MAK"] } } }] },
    });
    const [share] = twin.status === "not_ready" ? [] : twin.state.shares;
    const note = share?.holder.kind === "suspense" ? share.holder.hints.note : "";
    expect(note).toContain("TWIN1");
    expect(note).toContain("TWIN2");
    const shares = [{ holder: toAccount("0212MAK"), amountMinor: 10_000 }];
    expect(await moved("TWIN2", 2, shares, "Mpho")).toMatchObject({ status: "refused", because: "same_person" });
    expect(await moved("TWIN2", 2, shares, "Lerato")).toMatchObject({
      status: "moved",
      state: { shares: [{ posting: "posted" }] },
    });
    expect(await accountLocator(env, "0212MAK").view("0212MAK")).toMatchObject({ balanceWh: 40_000 });
  });

  it("keeps the other share's entry when one of two is refused", async () => {
    await openAccount("0213MAK");
    await openAccount("0214MAK", null);
    await claimed("REF2", inSuspense("two_accounts"));
    const answer = await moved("REF2", 1, [
      { holder: toAccount("0213MAK"), amountMinor: 4_000 },
      { holder: toAccount("0214MAK"), amountMinor: 6_000 },
    ]);
    expect(answer).toMatchObject({
      state: {
        generation: 3,
        shares: [
          { entryKey: "receipt:REF2#2.1", posting: "posted" },
          { holder: { because: "tariff_unset" }, posting: "none" },
        ],
      },
    });
    expect(await booksOf("REF2", ["0213MAK", "0214MAK"])).toMatchObject({
      clearing: -10_000,
      suspense: 6_000,
      customer_energy: 4_000,
    });
  });
});
