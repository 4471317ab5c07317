import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { accountLocator, gateOf } from "../../workers/objects/locate.ts";
import {
  alarmNow,
  book,
  bookOf,
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

describe("the operator's reversal", () => {
  const notice = (receipt: string, sightingKey = "sms:phone-1:reversal") =>
    ({ receipt, provider: "mpesa", because: "reversal", sightingKey, at: 1_000 }) as const;

  it("blocks a credited receipt without debiting anybody", async () => {
    await openAccount("0220MAK");
    await claimed("REV1", toAccount("0220MAK"));
    await book("REV1").block(notice("REV1"));
    await book("REV1").block(notice("REV1", "sms:phone-2:reversal"));
    expect(await stateOf("REV1")).toMatchObject({ blocked: true, generation: 1 });
    expect(await gateOf(env).heldFor({ account: "0220MAK", phones: [] })).toEqual(["reversal:REV1"]);
    expect(await moved("REV1", 1, [{ holder: inTreasury, amountMinor: 10_000 }])).toMatchObject({
      status: "refused",
      because: "blocked_by_reversal",
    });
    expect(await accountLocator(env, "0220MAK").view("0220MAK")).toMatchObject({ balanceWh: 20_000 });
    const cases = (await owedBy(book("REV1"))).filter((row) => row.kind === "case" && row.subject === "REV1");
    expect(cases).toMatchObject([{ caseKind: "reversal", state: "open", version: 1 }]);
    expect(await book("REV1").unblock({ receipt: "REV1", actor: "Mpho", reason: "looked", at: 2_000 })).toMatchObject({
      blocked: false,
    });
    await alarmNow(book("REV1"));
    expect(await gateOf(env).heldFor({ account: "0220MAK", phones: [] })).toEqual([]);
  });

  it("lets a person take the money out of the account, and keeps case and hold until it is closed", async () => {
    await openAccount("0223MAK");
    await claimed("REV4", toAccount("0223MAK"));
    await book("REV4").block(notice("REV4"));
    expect(await moved("REV4", 1, [{ holder: inSuspense("moved", ["0223MAK"]), amountMinor: 10_000 }])).toMatchObject({
      status: "moved",
      state: { blocked: true, generation: 2, shares: [{ holder: { kind: "suspense" } }] },
    });
    await alarmNow(book("REV4"));
    expect(await accountLocator(env, "0223MAK").view("0223MAK")).toMatchObject({ balanceWh: 0 });
    expect(await booksOf("REV4", ["0223MAK"])).toMatchObject({
      clearing: -10_000,
      suspense: 10_000,
      customer_energy: 0,
    });
    expect(await gateOf(env).heldFor({ account: "0223MAK", phones: [] })).toContain("reversal:REV4");
    const cases = (await owedBy(book("REV4"))).filter((row) => row.kind === "case" && row.subject === "REV4");
    expect(cases).toMatchObject([{ caseKind: "reversal", state: "open" }]);
    expect(await moved("REV4", 2, [{ holder: toAccount("0223MAK"), amountMinor: 10_000 }])).toMatchObject({
      status: "refused",
      because: "blocked_by_reversal",
    });
  });

  it("ends with the word that the money went back: account, case and gate are free, and undo lets it wait", async () => {
    await openAccount("0224MAK");
    await claimed("REV5", toAccount("0224MAK"));
    await book("REV5").block(notice("REV5"));
    expect(await moved("REV5", 1, [{ holder: gone, amountMinor: 10_000 }])).toMatchObject({
      status: "moved",
      state: { blocked: false, generation: 2, shares: [{ holder: { kind: "returned" }, posting: "none" }] },
    });
    await alarmNow(book("REV5"));
    expect(await accountLocator(env, "0224MAK").view("0224MAK")).toMatchObject({ balanceWh: 0 });
    expect(await booksOf("REV5", ["0224MAK"])).toMatchObject({ clearing: 0, suspense: 0, customer_energy: 0 });
    expect(await gateOf(env).heldFor({ account: "0224MAK", phones: [] })).toEqual([]);
    const cases = (await owedBy(book("REV5"))).filter((row) => row.kind === "case" && row.subject === "REV5");
    expect(cases).toMatchObject([{ state: "open" }, { state: "closed", version: 2 }]);
    await book("REV5").block(notice("REV5", "sms:phone-2:reversal"));
    expect(await stateOf("REV5")).toMatchObject({ blocked: false });
    await moved("REV5", 2, [{ holder: inSuspense("moved", ["0224MAK"]), amountMinor: 10_000 }]);
    expect(await booksOf("REV5", ["0224MAK"])).toMatchObject({ clearing: -10_000, suspense: 10_000 });
  });

  it("opens again by other words after a person has closed it, never by the same, and tells all of them", async () => {
    await openAccount("0226MAK");
    await claimed("REV7", toAccount("0226MAK"));
    const close = () => book("REV7").unblock({ receipt: "REV7", actor: "Mpho", reason: "forged", at: 2_000 });
    await book("REV7").block(notice("REV7", "sms:phone-1:id-1:aaaa"));
    // While it is open another text may be the true one: whoever closes it is told of both.
    await book("REV7").block(notice("REV7", "sms:phone-1:id-2:bbbb"));
    await close();
    for (const key of ["sms:phone-2::aaaa", "sms:phone-2:id-9:bbbb"]) await book("REV7").block(notice("REV7", key));
    expect(await stateOf("REV7")).toMatchObject({ blocked: false });
    await book("REV7").block(notice("REV7", "statement:till-a:reversal:08XX0TESTE07"));
    expect(await stateOf("REV7")).toMatchObject({ blocked: true });
    expect(await gateOf(env).heldFor({ account: "0226MAK", phones: [] })).toEqual(["reversal:REV7"]);
    await close();
    await book("REV7").block(notice("REV7", "statement:till-a:reversal:08XX0TESTE07"));
    await book("REV7").block(notice("REV7", "sms:phone-3:id-1:aaaa"));
    expect(await stateOf("REV7")).toMatchObject({ blocked: false });
    const cases = (await owedBy(book("REV7"))).flatMap((row) =>
      row.kind === "case" && row.subject === "REV7" ? [row] : [],
    );
    expect(cases.map(({ state, version }) => `${state} ${version}`)).toEqual([
      "open 1",
      "open 2",
      "closed 3",
      "open 4",
      "closed 5",
    ]);
    expect(JSON.parse(cases[3]?.detailsJson ?? "")).toMatchObject({
      texts: ["sms:aaaa", "sms:bbbb", "statement:till-a:reversal:08XX0TESTE07"],
      closedBy: null,
    });
  });

  it("stays ended by other words too once all of the money went back", async () => {
    await openAccount("0227MAK");
    await claimed("REV8", toAccount("0227MAK"));
    await book("REV8").block(notice("REV8"));
    await moved("REV8", 1, [{ holder: gone, amountMinor: 10_000 }]);
    await book("REV8").block(notice("REV8", "statement:till-a:reversal:08XX0TESTE08"));
    expect(await stateOf("REV8")).toMatchObject({ blocked: false });
  });

  it("stays open while a part of the money waits", async () => {
    await openAccount("0225MAK");
    await claimed("REV6", toAccount("0225MAK"));
    await book("REV6").block(notice("REV6"));
    const parts = [
      { holder: gone, amountMinor: 4_000 },
      { holder: inSuspense("moved"), amountMinor: 6_000 },
    ];
    expect(await moved("REV6", 1, parts)).toMatchObject({ status: "moved", state: { blocked: true } });
    expect(await booksOf("REV6", ["0225MAK"])).toMatchObject({ clearing: -6_000, suspense: 6_000 });
  });

  it("holds a payment that comes after it, once", async () => {
    await openAccount("0221MAK");
    const stub = await bookOf("REV2");
    await stub.block(notice("REV2"));
    const answer = await claimed("REV2", toAccount("0221MAK"));
    expect(answer).toMatchObject({
      status: "new",
      state: { blocked: true, shares: [{ holder: { because: "reversal", hints: { accounts: ["0221MAK"] } } }] },
    });
    await book("REV2").unblock({ receipt: "REV2", actor: "Mpho", reason: "the operator paid again", at: 2_000 });
    await book("REV2").block(notice("REV2"));
    expect(await stateOf("REV2")).toMatchObject({ blocked: false });
    expect(await moved("REV2", 1, [{ holder: toAccount("0221MAK"), amountMinor: 10_000 }])).toMatchObject({
      status: "moved",
      state: { shares: [{ posting: "posted" }] },
    });
  });

  it("stops what is not posted yet", async () => {
    await claimed("REV3", toAccount("0222MAK"));
    await book("REV3").block(notice("REV3"));
    await openAccount("0222MAK");
    await alarmNow(book("REV3"));
    expect(await stateOf("REV3")).toMatchObject({
      blocked: true,
      generation: 2,
      shares: [{ holder: { kind: "suspense", because: "reversal" } }],
    });
    expect(await booksOf("REV3", ["0222MAK"])).toEqual({ clearing: -10_000, suspense: 10_000 });
  });
});
