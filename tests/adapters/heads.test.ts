import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { neonCopies } from "../../src/adapters/neon/copy-rows.ts";
import { neonHeads } from "../../src/adapters/neon/heads.ts";
import type { LedgerRow } from "../../src/domain/ledger.ts";
import type { OutboxRow } from "../../src/domain/outbox.ts";
import { chain, close, db, open } from "./restores-world.ts";
import { allocation, items, NOON, payment } from "./rows.ts";

beforeAll(open);
afterAll(close);

describe("heads", () => {
  const sha256 = (lines: string[]) =>
    createHash("sha256")
      .update(lines.map((line) => `${line}\n`).join(""))
      .digest("hex");

  it("tell the end of each account and the sum of its entries", async () => {
    const last = chain().at(-1)?.rows[0];
    expect(await neonHeads(db).heads(["0045MAK", "9999MAK"])).toEqual([
      { account: "0045MAK", seq: 12, balanceWh: 48_000, hash: last?.hash, sumWh: 48_000, entries: 12 },
    ]);
    expect(await neonHeads(db).accountsAfter("0045MAK", 10)).toEqual(["0046MAK"]);
  });

  it("count and hash a shard's claims and a phone's SMS by UTC day", async () => {
    const heads = neonHeads(db);
    expect(await heads.shardDigest(3, "2026-11-03")).toEqual({
      count: 2,
      sha256: sha256(["MOVED#2/1/1", "REFUSED#2/1/0"]),
    });
    expect(await heads.shardDigest(3, "2026-11-04")).toEqual({ count: 1, sha256: sha256(["LATER#1/1/0"]) });
    expect(await heads.shardDigest(9, "2026-11-03")).toEqual({ count: 0, sha256: sha256([]) });
    expect(await heads.shardReceiptsOf(4, "2026-11-03")).toEqual([
      { receipt: "OTHERSHARD", generation: 1, shares: 0, postings: 0 },
    ]);
    expect(await heads.mailboxDigest("phone-1", "2026-11-03", 0)).toEqual({
      count: 3,
      sha256: sha256(["a|11", "b|22", "|33"]),
    });
    expect(await heads.mailboxDigest("phone-2", "2026-11-03", 0)).toMatchObject({ count: 2 });
    expect(await heads.mailboxDigest("phone-2", "2026-11-03", NOON + 1)).toMatchObject({ count: 1 });
    expect(await heads.phones(1)).toEqual(["phone-1"]);
  });

  it("say how far a receipt has come", async () => {
    expect(await neonHeads(db).versionsOf(["MOVED", "NEVERSEEN"])).toEqual([
      { receipt: "MOVED", version: 7, generation: 2, shares: 1, postings: 1 },
    ]);
  });

  it("name the tills, and the texts without a receipt that wait or did", async () => {
    const text = (caseKey: string, over: object) => ({
      kind: "suspense_case" as const,
      caseKey,
      receipt: null,
      generation: null,
      share: null,
      tillId: "till-1",
      amountMinor: 500,
      currency: "LSL" as const,
      because: "no_receipt" as const,
      hintAccounts: ["0045MAK"],
      hintNote: "",
      payerPhone: "26650000101",
      text: null,
      state: "open" as const,
      openedAt: NOON,
      closedAt: null,
      version: 1,
      ...over,
    });
    const closed = text("text:till-1:b", { state: "closed", closedAt: NOON + 2, openedAt: NOON - 1, payerPhone: null });
    await neonCopies(db).write(items([text("text:till-1:a", {}), closed]));
    const held = { accounts: ["0045MAK"], since: NOON };
    expect(await neonHeads(db).textsWithoutReceipt(9)).toEqual([
      { ...held, key: "text:till-1:a", phones: ["26650000101"], closed: false },
      { ...held, key: "text:till-1:b", phones: [], since: NOON - 1, closed: true },
    ]);
    expect(await neonHeads(db).tills(9)).toContain("till-1");
  });

  it("say which sites are stopped: open cases of a breaker, the last one first, and no others", async () => {
    const stopped = (site: string, over: object = {}) => ({
      kind: "case" as const,
      caseKey: `breaker:${site}:${NOON + 7}`,
      caseKind: "disconnect_breaker" as const,
      subject: site,
      detailsJson: JSON.stringify({ site, because: "share", by: null }),
      state: "open" as const,
      openedAt: NOON + 7,
      closedAt: null,
      version: 1,
      ...over,
    });
    const burst = JSON.stringify({ site: "KET", because: "burst", by: null });
    const over = { state: "closed" as const, closedAt: NOON + 9, version: 2 };
    const rows = [
      stopped("MAK"),
      stopped("KET", { openedAt: NOON + 8, detailsJson: burst }),
      stopped("SHG"),
      stopped("SHG", over),
      stopped("LEB", { caseKind: "reading_quarantined" }),
    ];
    await neonCopies(db).write(items(rows));
    expect((await neonHeads(db).gateSettings()).breakers).toEqual([
      { site: "KET", trippedAt: NOON + 8, because: "burst" },
      { site: "MAK", trippedAt: NOON + 7, because: "share" },
    ]);
  });

  it("differ when a payment is there and its shares or our own postings are not", async () => {
    const heads = neonHeads(db);
    const held = { account: null, holderKind: "suspense" } as const;
    const line = (book: "clearing" | "suspense", amountMinor: number): LedgerRow => ({
      entryKey: `receipt:HELD#1.1/${book}`,
      postingId: "receipt:HELD#1.1",
      book,
      kind: "payment",
      energyWh: 0,
      amountMinor,
      currency: "LSL",
      provider: "mpesa",
      accountId: null,
      seq: null,
      balanceAfterWh: null,
      tariffId: null,
      rateE4PerKwh: null,
      receipt: "HELD",
      actor: null,
      reason: null,
      hash: null,
      occurredAt: NOON,
      acceptedAt: NOON,
    });
    const said = async (...rows: OutboxRow[]) => {
      expect(await neonCopies(db).write(items(rows))).toMatchObject({ refused: [], conflicts: [] });
      return heads.shardDigest(5, "2026-11-03");
    };
    const digest = (lineOfIt: string) => ({ count: 1, sha256: sha256([lineOfIt]) });
    expect(await said(payment({ receipt: "HELD", shard: 5, ...held }))).toEqual(digest("HELD#1/0/0"));
    const share = allocation({ receipt: "HELD", ...held, because: "cap", entryKey: "receipt:HELD#1.1" });
    expect(await said(share)).toEqual(digest("HELD#1/1/0"));
    const rows = [line("clearing", -2_000), line("suspense", 2_000)];
    expect(
      await said({ kind: "posting", account: null, accountId: null, postingId: "receipt:HELD#1.1", rows }),
    ).toEqual(digest("HELD#1/1/1"));
    expect(await heads.shardReceiptsOf(5, "2026-11-03")).toEqual([
      { receipt: "HELD", generation: 1, shares: 1, postings: 1 },
    ]);
  });

  it("name SMS of which no result is recorded", async () => {
    expect(await neonHeads(db).smsWithoutResult("phone-2", "2026-11-03", NOON - 1, 9)).toEqual([
      { externalId: "b", contentHash: "22" },
      { externalId: "other", contentHash: "44" },
    ]);
    expect(await neonHeads(db).smsWithoutResult("phone-2", "2026-11-04", NOON - 1, 9)).toEqual([]);
  });

  it("name SMS whose claim was lost: a result from long ago names a receipt that Postgres does not have", async () => {
    const claimed = (receipt: string): OutboxRow => ({
      kind: "sms_result",
      externalId: "b",
      contentHash: "22",
      phoneId: "phone-2",
      parserVersion: 1,
      outcome: "held",
      because: "cap",
      receipt,
      account: null,
      parsedJson: "{}",
      processedAt: NOON,
      version: receipt === "LOSTCLAIM" ? 1 : 2,
    });
    const unsettled = async (settledBefore: number) =>
      (await neonHeads(db).smsWithoutResult("phone-2", "2026-11-03", settledBefore, 9)).map((sms) => sms.externalId);
    await neonCopies(db).write(items([claimed("LOSTCLAIM")]));
    expect(await unsettled(NOON)).toContain("b");
    // Processed a moment ago: the claim's own rows may still be on their way.
    expect(await unsettled(NOON - 1)).not.toContain("b");
    await neonCopies(db).write(items([claimed("LATER")]));
    expect(await unsettled(NOON)).not.toContain("b");
  });
});
