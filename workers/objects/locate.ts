import { receiptShard } from "../../src/domain/receipt.ts";
import type { Env } from "../env.ts";

/** Fixed for ever: changing it would send a receipt to another shard than the one that holds it. */
export const RECEIPT_SHARDS = 16;

/** Objects are not hosted in Africa; this is next to the database, so that only phone to edge is long. */
const NEAR_DATABASE = { locationHint: "weur" } as const;

/** A stub may be broken by an exception, so each attempt makes a new one: call these anew for every call. */
export const accountLocator = (env: Env, account: string) =>
  env.ACCOUNT_LEDGER.get(env.ACCOUNT_LEDGER.idFromName(account), NEAR_DATABASE);

export const mailboxOf = (env: Env, phoneId: string) => env.MAILBOX.get(env.MAILBOX.idFromName(phoneId), NEAR_DATABASE);

export const tillOf = (env: Env, tillId: string) => env.TILL.get(env.TILL.idFromName(tillId), NEAR_DATABASE);

export const shardName = (shard: number) => `shard-${String(shard).padStart(2, "0")}`;
export const shardOf = (env: Env, shard: number) =>
  env.RECEIPT_BOOK.get(env.RECEIPT_BOOK.idFromName(shardName(shard)), NEAR_DATABASE);
export const receiptBookOf = (env: Env, receipt: string) => shardOf(env, receiptShard(receipt, RECEIPT_SHARDS));

export const GATE_NAME = "gate";
export const gateOf = (env: Env) => env.DISCONNECT_GATE.get(env.DISCONNECT_GATE.idFromName(GATE_NAME), NEAR_DATABASE);
export const directoryOf = (env: Env) => env.DIRECTORY.get(env.DIRECTORY.idFromName("directory"), NEAR_DATABASE);
export const unmappedOf = (env: Env) =>
  env.UNMAPPED_METERS.get(env.UNMAPPED_METERS.idFromName("unmapped"), NEAR_DATABASE);

/** One an organisation of a vendor: whoever calls it in this country asks the same object. */
export const vendorBudgetOf = (env: Env, name: string) =>
  env.VENDOR_BUDGET.get(env.VENDOR_BUDGET.idFromName(name), NEAR_DATABASE);
