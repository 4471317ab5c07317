import { expect } from "vitest";
import { neonCopies } from "../../src/adapters/neon/copy-rows.ts";
import { connect, type Database } from "../../src/adapters/neon/database.ts";
import type { OutboxRow, SightingRow } from "../../src/domain/outbox.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";
import { allocation, credit, credits, items, NOON, payment, seed, sms } from "./rows.ts";

/** A database in which an account, a shard, a phone and a till have a past, and their objects have none. */

export const DAY_MS = 86_400_000;
export const suspense: OutboxRow = {
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

export const seenLater: SightingRow = {
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

export const balance = { kind: "payment", provider: "mpesa", amountMinor: 2_000, newBalanceMinor: 9_000 };

export let database: FreshDatabase;
export let db: Database;
export let account: number;
export const chain = () => credits(account, 12);

export const open = async () => {
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
    {
      kind: "case",
      caseKey: "reversal:GONE2",
      caseKind: "reversal",
      subject: "GONE2",
      detailsJson: JSON.stringify({ provider: "mpesa", sightingKey: "sms:8", texts: ["sms:7", "sms:8"] }),
      state: "open",
      openedAt: NOON + 1,
      closedAt: null,
      version: 2,
    },
  ];
  const written = await neonCopies(db).write(items(rows));
  expect(written).toMatchObject({ refused: [], conflicts: [] });
};
export const close = () => database.drop();
