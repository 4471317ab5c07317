import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withClient } from "../../dev/database-server.ts";
import { neonCopies } from "../../src/adapters/neon/copy-rows.ts";
import { neonRestores } from "../../src/adapters/neon/restore-accounts.ts";
import { neonMailboxRestores } from "../../src/adapters/neon/restore-mailboxes.ts";
import { neonShardRestores } from "../../src/adapters/neon/restore-shards.ts";
import { neonTillRestores } from "../../src/adapters/neon/restore-tills.ts";
import { COUNTRIES } from "../../src/domain/country.ts";
import type { OutboxRow } from "../../src/domain/outbox.ts";
import { chainHash } from "../../src/domain/posting.ts";
import { setFault } from "./database.ts";
import { account, balance, chain, close, DAY_MS, database, db, open, seenLater } from "./restores-world.ts";
import { allocation, items, NOON, payment, sms } from "./rows.ts";

beforeAll(open);
afterAll(close);

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
      entry: {
        account: "0046MAK",
        accountId: expect.any(Number),
        seq: 1,
        energyWh: 4_000,
        balanceAfterWh: 4_000,
        rateE4PerKwh: 50_000,
      },
    });
    expect(await restores.shardReceipts(3, "MOVED", 10)).toHaveLength(1);
    expect(await restores.openReversals()).toEqual([
      { receipt: "GONE", provider: "mpesa", sightingKey: "sms:9", texts: null, at: NOON, version: 3 },
      {
        receipt: "GONE2",
        provider: "mpesa",
        sightingKey: "sms:8",
        texts: ["sms:7", "sms:8"],
        at: NOON + 1,
        version: 2,
      },
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
