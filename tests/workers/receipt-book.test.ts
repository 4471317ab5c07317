import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { accountLocator, receiptBookOf } from "../../workers/objects/locate.ts";
import type { ReceiptBook } from "../../workers/objects/receipt-book.ts";
import { facts } from "./country.ts";
import { aClaim, bookOf, booksOf, inSuspense, openAccount, owedBy } from "./receipt-book-world.ts";

describe("a claim", () => {
  it("credits the account and tells the entry in its answer", async () => {
    await openAccount("0101MAK");
    const book = await bookOf("THIN1");
    const answer = await book.claim(aClaim({ receipt: "THIN1", holder: { kind: "account", account: "0101MAK" } }));
    expect(answer).toMatchObject({
      status: "new",
      state: {
        generation: 1,
        phase: "recording",
        blocked: false,
        shares: [
          {
            share: 1,
            amountMinor: 10_000,
            entryKey: "receipt:THIN1#1.1",
            posting: "posted",
            entry: { account: "0101MAK", seq: 1, energyWh: 20_000, balanceAfterWh: 20_000, rateE4PerKwh: 50_000 },
          },
        ],
      },
    });
    const rows = await owedBy(receiptBookOf(env, "THIN1"));
    expect(rows.map(({ kind }) => kind)).toEqual(["payment", "allocation", "sighting"]);
    expect(await booksOf("THIN1", ["0101MAK"])).toMatchObject({ clearing: -10_000, customer_energy: 10_000 });
  });

  it("tells of its holder under which id that one goes, once it has said so; what the release before kept says none", async () => {
    const receipt = "WHOSEID1";
    const idsTold = async () =>
      (await owedBy(receiptBookOf(env, receipt))).map((row) => ("accountId" in row ? row.accountId : null));
    const book = await bookOf(receipt);
    // Nobody there yet: it is claimed, and waits.
    await book.claim(aClaim({ receipt, holder: { kind: "account", account: "0139MAK" } }));
    expect(await idsTold()).toEqual([null, null, null]);
    await accountLocator(env, "0139MAK").configure(facts("0139MAK", { accountId: 2047 }), Date.now());
    await book.claim(aClaim({ receipt, holder: { kind: "account", account: "0139MAK" } }));
    expect(await idsTold()).toEqual([2047, 2047, null]);
    await runInDurableObject(receiptBookOf(env, receipt), (_: ReceiptBook, state) =>
      state.storage.sql.exec("UPDATE entries SET entry = json_remove(entry, '$.accountId') WHERE receipt = ?", receipt),
    );
    expect(await idsTold()).toEqual([null, null, null]);
  });

  it("credits once when it comes forty times at once on three roads", async () => {
    await openAccount("0102MAK");
    await bookOf("FORTY");
    const roads = ["sms", "webhook", "manual"] as const;
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        receiptBookOf(env, "FORTY").claim(
          aClaim({
            receipt: "FORTY",
            road: roads[index % 3] ?? "sms",
            sightingKey: `seen-${index}`,
            provider: index % 2 === 0 ? "mpesa" : "ecocash",
            holder: { kind: "account", account: "0102MAK" },
          }),
        ),
      ),
    );
    expect(answers.filter(({ status }) => status === "new")).toHaveLength(1);
    expect(answers.filter(({ status }) => status === "same")).toHaveLength(39);
    const postings = (await owedBy(accountLocator(env, "0102MAK"))).filter(({ kind }) => kind === "posting");
    expect(postings).toHaveLength(1);
    const sightings = (await owedBy(receiptBookOf(env, "FORTY"))).filter(({ kind }) => kind === "sighting");
    expect(sightings).toHaveLength(40);
  });

  it("holds money that names nobody, and the gate knows before the answer", async () => {
    const book = await bookOf("HELD1");
    const answer = await book.claim(aClaim({ receipt: "HELD1", holder: inSuspense("two_accounts", ["0103MAK"]) }));
    expect(answer).toMatchObject({ status: "new", state: { shares: [{ posting: "none" }] } });
    const gate = env.DISCONNECT_GATE.get(env.DISCONNECT_GATE.idFromName("gate"));
    expect(await gate.heldFor({ account: "0103MAK", phones: [] })).toEqual(["receipt:HELD1#1"]);
    expect(await gate.heldFor({ account: "0104MAK", phones: ["26650000101"] })).toContain("receipt:HELD1#1");
    expect(await booksOf("HELD1", [])).toEqual({ clearing: -10_000, suspense: 10_000 });
  });
});
