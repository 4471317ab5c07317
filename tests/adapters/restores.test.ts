import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withClient } from "../../dev/database-server.ts";
import { neonCopies } from "../../src/adapters/neon/copy-rows.ts";
import { connect, type Database } from "../../src/adapters/neon/database.ts";
import { neonHeads } from "../../src/adapters/neon/heads.ts";
import { neonRestores } from "../../src/adapters/neon/restore-accounts.ts";
import { neonMailboxRestores } from "../../src/adapters/neon/restore-mailboxes.ts";
import { neonShardRestores } from "../../src/adapters/neon/restore-shards.ts";
import { neonTillRestores } from "../../src/adapters/neon/restore-tills.ts";
import { COUNTRIES } from "../../src/domain/country.ts";
import type { LedgerRow } from "../../src/domain/ledger.ts";
import type { OutboxRow, SightingRow } from "../../src/domain/outbox.ts";
import { chainHash } from "../../src/domain/posting.ts";
import { type FreshDatabase, freshDatabase, setFault } from "./database.ts";
import { allocation, credit, credits, items, NOON, payment, seed, sms } from "./rows.ts";

const DAY_MS = 86_400_000;
const suspense: OutboxRow = {
  kind: "suspense_case",
  caseKey: "receipt:MOVED#1.1",
  receipt: "MOVED",
  generation: 1,
  share: 1,
  tillId: "till-1",
  amountMinor: 2_000,
  currency: "LSL",
  because: "two_accounts",
  hintAccounts: ["0045MAK", "0046MAK"],
  hintNote: "both are named",
  payerPhone: "26650000101",
  text: null,
  state: "open",
  openedAt: NOON + 5,
  closedAt: null,
  version: 1,
};

const seenLater: SightingRow = {
  sightingKey: "sms:later",
  receipt: "LATER",
  road: "sms",
  provider: "mpesa",
  amountMinor: 2_000,
  currency: "LSL",
  account: "0045MAK",
  verdict: "first",
  seenAt: NOON,
};

const balance = { kind: "payment", provider: "mpesa", amountMinor: 2_000, newBalanceMinor: 9_000 };

let database: FreshDatabase;
let db: Database;
let account: number;
const chain = () => credits(account, 12);

beforeAll(async () => {
  database = await freshDatabase();
  db = connect(database.appUrl, database.sqlUrl);
  const [first, second] = await seed(database.ownerUrl);
  account = first;
  const held = { account: null, holderKind: "suspense" } as const;
  const rows: OutboxRow[] = [
    payment({ receipt: "LATER", claimedAt: NOON + DAY_MS }),
    { kind: "sighting", ...seenLater },
    {
      kind: "sms_result",
      externalId: "a",
      contentHash: "11",
      phoneId: "phone-1",
      parserVersion: 1,
      outcome: "credited",
      because: null,
      receipt: "LATER",
      account: null,
      parsedJson: JSON.stringify(balance),
      processedAt: NOON,
      version: 1,
    },
    {
      kind: "case",
      caseKey: "chain:till-1:7",
      caseKind: "chain_break",
      subject: "till-1",
      detailsJson: JSON.stringify({ provider: "mpesa", startMinor: 40_000 }),
      state: "open",
      openedAt: NOON,
      closedAt: null,
      version: 1,
    },
    allocation({ receipt: "LATER", entryKey: "receipt:LATER#1.1" }),
    payment({ receipt: "MOVED", generation: 2, version: 7, account: "0046MAK" }),
    allocation({ receipt: "MOVED", ...held, because: "two_accounts", entryKey: "receipt:MOVED#1.1" }),
    allocation({ receipt: "MOVED", generation: 2, account: "0046MAK", entryKey: "receipt:MOVED#2.1" }),
    suspense,
    payment({ receipt: "OTHERSHARD", shard: 4 }),
    ...chain(),
    credit(second, { receipt: "MOVED", account: "0046MAK" }).row,
    // Asked of 0045MAK, never posted there, then taken to suspense: refused for ever.
    payment({ receipt: "REFUSED", generation: 2, version: 2, ...held }),
    allocation({ receipt: "REFUSED", entryKey: "receipt:REFUSED#1.1" }),
    allocation({
      receipt: "REFUSED",
      generation: 2,
      ...held,
      because: "tariff_unset",
      entryKey: "receipt:REFUSED#2.1",
    }),
    sms({ externalId: "b", contentHash: "22" }),
    sms({ externalId: "a", contentHash: "11" }),
    sms({ externalId: null, contentHash: "33" }),
    sms({ externalId: "other", contentHash: "44", phoneId: "phone-2" }),
    sms({ externalId: "b", contentHash: "22", phoneId: "phone-2", receivedAt: NOON + 1 }),
    {
      kind: "case",
      caseKey: "reversal:GONE",
      caseKind: "reversal",
      subject: "GONE",
      detailsJson: JSON.stringify({ provider: "mpesa", sightingKey: "sms:9" }),
      state: "open",
      openedAt: NOON,
      closedAt: null,
      version: 3,
    },
  ];
  const written = await neonCopies(db).write(items(rows));
  expect(written).toMatchObject({ refused: [], conflicts: [] });
});
afterAll(() => database.drop());

describe("an account that lost its memory", () => {
  it("gets its entries page by page, exactly as they were posted, and the chain still holds", async () => {
    const restores = neonRestores(db, COUNTRIES.LS);
    const pages = [await restores.accountEntries(account, 0, 5), await restores.accountEntries(account, 5, 50)];
    const rows = pages.flatMap((page) => (page === "down" ? [] : page));
    expect(rows).toEqual(chain().flatMap((posting) => posting.rows.filter((row) => row.accountId !== null)));
    let hash = "";
    for (const { hash: stored, ...row } of rows) {
      hash = chainHash(hash, row);
      expect(stored).toBe(hash);
    }
  });

  it("learns which keys it has refused for ever", async () => {
    const restores = neonRestores(db, COUNTRIES.LS);
    expect(await restores.refusedKeys(account, "", 10)).toEqual([
      { entryKey: "receipt:REFUSED#1.1", receipt: "REFUSED" },
    ]);
  });

  it("is told apart from one of which there is nothing to load: entries, meters and a person's word count", async () => {
    const blank = async (number: string) => {
      const found = await neonRestores(db, COUNTRIES.LS).accountsFacts([number, "9999MAK"]);
      if (found === "down") throw new Error("Postgres answers");
      return found.map(({ facts, isBlank }) => [facts.account, isBlank]);
    };
    const run = (query: string) => withClient(database.ownerUrl, (client) => client.query(query));
    const newest = "(SELECT max(id) FROM accounts)";
    const anyMeter = "(SELECT min(id) FROM meters)";
    await run(`INSERT INTO accounts (account_number, site_code, customer_id, status, facts_version)
      SELECT n || 'MAK', 'MAK', customer_id, 'live', facts_version FROM accounts, unnest(ARRAY['0003', '0004']) AS n
      WHERE account_number = '0045MAK'`);
    expect(await blank("0045MAK")).toEqual([["0045MAK", false]]);
    expect(await blank("0003MAK")).toEqual([["0003MAK", true]]);
    expect(await blank("0004MAK")).toEqual([["0004MAK", true]]);
    await run(`INSERT INTO relay_overrides (id, account_id, meter_id, state, actor, reason, at)
      VALUES ('o-blank', ${newest}, ${anyMeter}, 'keep_lit', 'ops', 'clinic', now())`);
    expect(await blank("0004MAK")).toEqual([["0004MAK", false]]);
    expect(await blank("0003MAK")).toEqual([["0003MAK", true]]);
  });

  it("waits when the database does not answer", async () => {
    await setFault("down", 1);
    expect(await neonRestores(db, COUNTRIES.LS).accountFacts("0045MAK")).toBe("down");
    await setFault("none", null);
    expect(await neonRestores(db, COUNTRIES.LS).accountFacts("9999MAK")).toBeNull();
  });
});

describe("a shard of receipts that lost its memory", () => {
  it("gets its receipts with shares, hints and lines, in order, without stand-ins and without other shards", async () => {
    const restores = neonShardRestores(db);
    const found = await restores.shardReceipts(3, "", 10);
    if (found === "down") throw new Error("down");
    expect(found.map(({ payment: { receipt } }) => receipt)).toEqual(["LATER", "MOVED", "REFUSED"]);
    const { kind: _, ...stored } = payment({ receipt: "MOVED", generation: 2, version: 7, account: "0046MAK" });
    expect(found[1]?.payment).toEqual(stored);
    expect(found[1]?.shares).toMatchObject([
      {
        generation: 1,
        holderKind: "suspense",
        because: "two_accounts",
        hints: { accounts: ["0045MAK", "0046MAK"], note: "both are named" },
        openedAt: NOON + 5,
      },
      { generation: 2, holderKind: "account", account: "0046MAK", amountMinor: 2_000, hints: null, openedAt: null },
    ]);
    expect(found[0]?.sightings).toEqual([seenLater]);
    expect(await restores.receiptsNamed(["MOVED", "NEVERSEEN"])).toEqual([found[1]]);
    expect(found[1]?.lines.find(({ entry }) => entry !== null)).toEqual({
      entryKey: "receipt:MOVED#1.1",
      amountMinor: 2_000,
      entry: { account: "0046MAK", seq: 1, energyWh: 4_000, balanceAfterWh: 4_000, rateE4PerKwh: 50_000 },
    });
    expect(await restores.shardReceipts(3, "MOVED", 10)).toHaveLength(1);
    expect(await restores.openReversals()).toEqual([
      { receipt: "GONE", provider: "mpesa", sightingKey: "sms:9", at: NOON, version: 3 },
    ]);
  });
});

describe("a Mailbox that lost its memory", () => {
  it("gets every SMS it ever brought, those that another phone brought first included", async () => {
    const restores = neonMailboxRestores(db);
    const first = await restores.mailboxHashes("phone-1", null, 2);
    expect(first).toEqual([
      { externalId: null, contentHash: "33" },
      { externalId: "a", contentHash: "11" },
    ]);
    expect(await restores.mailboxHashes("phone-1", { externalId: "a", contentHash: "11" }, 2)).toEqual([
      { externalId: "b", contentHash: "22" },
    ]);
    expect(await restores.mailboxHashes("phone-2", null, 9)).toEqual([
      { externalId: "b", contentHash: "22" },
      { externalId: "other", contentHash: "44" },
    ]);
  });
});

describe("a Mailbox that lost SMS on their way", () => {
  it("gets those that nobody is known to have processed, exactly, and the SMS that were to be sent", async () => {
    const restores = neonMailboxRestores(db);
    const waiting = await restores.unprocessedSms("phone-2", NOON - 1, 9);
    const { kind: _, ...row } = sms({ externalId: "other", contentHash: "44", phoneId: "phone-2" });
    expect(waiting).toEqual([row]);
    expect(await restores.unprocessedSms("phone-2", NOON + 1, 9)).toEqual([]);
    expect(await restores.outgoingSms("phone-2", "", 9)).toEqual([]);
  });
});

describe("a till that lost its memory", () => {
  it("gets what came by its road, when it is a road's, or its caps would count the day anew", async () => {
    await withClient(database.ownerUrl, (client) =>
      client.query(`INSERT INTO tills (id, name, providers, senders, currency, payment_minor_max, account_day_minor_max,
        till_day_minor_max, chain_break_minor_max, facts_version)
        SELECT 'road-webhook', 'Webhook', providers, '{webhook}', currency, 1, 2, 3, 4, 1 FROM tills WHERE id = 'till-1'`),
    );
    const typed = payment({ receipt: "TYPED", road: "manual", shard: 11 });
    const rows: OutboxRow[] = [
      payment({ receipt: "BYROAD", road: "webhook", tillId: "road-webhook", shard: 11 }),
      allocation({ receipt: "BYROAD", entryKey: "receipt:BYROAD#1.1" }),
      typed,
      allocation({ receipt: "TYPED", entryKey: "receipt:TYPED#1.1" }),
    ];
    expect(await neonCopies(db).write(items(rows))).toMatchObject({ refused: [], conflicts: [] });
    const restores = neonTillRestores(db, COUNTRIES.LS);
    const of = async (tillId: string) => {
      const found = await restores.tillVerdicts(tillId, { claimedAt: NOON - 1, receipt: "" }, 20);
      return found === "down" ? found : found.map(({ receipt, account: to }) => [receipt, to]);
    };
    expect(await of("road-webhook")).toEqual([["BYROAD", "0045MAK"]]);
    expect(await of("till-1")).not.toContainEqual(["TYPED", "0045MAK"]);
  });

  it("gets what it had decided in order of claim, by the instant of the SMS, and the breaks of its chain", async () => {
    const restores = neonTillRestores(db, COUNTRIES.LS);
    const found = await restores.tillVerdicts("till-1", { claimedAt: NOON - 1, receipt: "" }, 9);
    if (found === "down") throw new Error("down");
    expect(found.map(({ receipt, account: to, because }) => [receipt, to, because])).toEqual(
      expect.arrayContaining([
        ["LATER", "0045MAK", null],
        ["MOVED", null, "two_accounts"],
        ["REFUSED", "0045MAK", null],
      ]),
    );
    expect(found.at(-1)).toMatchObject({ receipt: "LATER", receivedAt: NOON, claimedAt: NOON + DAY_MS });
    const after = { claimedAt: NOON + DAY_MS, receipt: "LATER" };
    expect(await restores.tillVerdicts("till-1", after, 9)).toEqual([]);
    expect(await restores.tillTexts("till-1", 0, 0, 9)).toEqual([
      expect.objectContaining({ sender: "MPESA", contentHash: "11", receivedAt: NOON, parsed: balance }),
    ]);
    expect(await restores.chainBreaks("till-1", 9)).toEqual([
      { gapId: 7, provider: "mpesa", startMinor: 40_000, endMinor: null, open: true, openedAt: NOON, version: 1 },
    ]);
  });
});

it("an SMS that only Postgres has is named by its id and hash, whichever phone brought it first", async () => {
  const restores = neonMailboxRestores(db);
  const keys = [
    { externalId: "a", contentHash: "11" },
    { externalId: null, contentHash: "33" },
    { externalId: "a", contentHash: "99" },
  ];
  const found = await restores.smsNamed(keys);
  if (found === "down") throw new Error("Postgres answers");
  expect(found.map(({ externalId, contentHash }) => ({ externalId, contentHash }))).toEqual(
    expect.arrayContaining(keys.slice(0, 1)),
  );
  expect(found.some(({ contentHash }) => contentHash === "99")).toBe(false);
});

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
