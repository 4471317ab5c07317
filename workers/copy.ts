import { troubleOf } from "../src/adapters/neon/database.ts";
import { receiptShard } from "../src/domain/receipt.ts";
import { forRequest, log } from "../src/ports/log.ts";
import { type CopyPorts, copyOutboxes } from "../src/services/copy-outboxes.ts";
import type { Resumable } from "../src/services/resume-copy.ts";
import type { CopyMessage, Env } from "./env.ts";
import { measure } from "./metrics.ts";
import { accountLocator, gateOf, mailboxOf, RECEIPT_SHARDS, shardOf, tillOf } from "./objects/locate.ts";
import { clockOf, copiesOf } from "./ports.ts";

/** Rounds of one queue batch: an object with a long outbox gets another message after so many. */
const COPY_ROUNDS_MAX = 20;
/** Accounts that are fetched along with the shards in one round; one that is left over comes in the next, or asks by itself. */
const ACCOUNTS_MAX = 320;
/** Who was just credited hears from the meter in a moment: what it owes by then goes along, and is not fetched by itself. */
const COMPANY_MS = 1_500;
/** How often one account is asked for a batch: one whose entry Postgres does not take is not asked for ever. */
const ASKED_MAX = 5;

const RETRY_SECONDS = 5;
/** The queue would give a message up after its tenth try, one for each time somebody paid while the database was down. */
const DOWN_TRIES_MAX = 10;

/** The LEDGER_COPY consumer: a message only names an object; what it owes is fetched from the object itself. */
export function copyQueue(batch: MessageBatch<CopyMessage>, env: Env): Promise<void> {
  const asked = new Set(batch.messages.map(({ body }) => (isCopyMessage(body) ? body.requestId : undefined)));
  const [only] = asked;
  return forRequest(asked.size === 1 ? only : undefined, () => copyNamed(batch, env));
}

async function copyNamed(batch: MessageBatch<CopyMessage>, env: Env): Promise<void> {
  const named = new Map<string, CopyMessage>();
  for (const { body } of batch.messages) if (isCopyMessage(body)) named.set(`${body.object}:${body.name}`, body);
  try {
    const shards = [...named.values()].filter(({ object }) => object === "receipt_book").map(({ name }) => name);
    const asked = new Map<string, number>();
    let more = await copyOutboxes(
      copyPortsOf(env),
      [...named.values()].map((message) => sourceOf(env, message)),
    );
    if (shards.length > 0) await new Promise((resolve) => setTimeout(resolve, COMPANY_MS));
    for (let round = 1; round < COPY_ROUNDS_MAX; round++) {
      const known = new Set(more.map(({ name }) => name));
      const accounts = (await accountsAwaited(env, shards)).filter((account) => (asked.get(account) ?? 0) < ASKED_MAX);
      for (const account of accounts) asked.set(account, (asked.get(account) ?? 0) + 1);
      const awaited = accounts.map((name) => sourceOf(env, { object: "account_ledger", name }));
      const sources = [...more, ...awaited.filter(({ name }) => !known.has(name))];
      if (sources.length === 0) break;
      more = await copyOutboxes(copyPortsOf(env), sources);
    }
    for (const { name } of more) {
      const message = named.get(name);
      if (message !== undefined) await env.LEDGER_COPY.send(message);
    }
    batch.ackAll();
    measure(env, { kind: "copy", name: "objects", outcome: "written", count: named.size });
  } catch (thrown) {
    // Nothing is lost: each object still has its rows and asks again. The queue's own retry is only the faster road.
    measure(env, { kind: "copy", name: "objects", outcome: "failed", count: named.size });
    log.warn("copy", { objects: named.size, error: thrown });
    const isDown = troubleOf(thrown) === "down";
    for (const message of batch.messages)
      if (isDown && message.attempts >= DOWN_TRIES_MAX) message.ack();
      else message.retry({ delaySeconds: RETRY_SECONDS });
  }
}

/** What a shard is waiting for lies in accounts: they are fetched along with it, and need no message of their own. */
async function accountsAwaited(env: Env, shards: readonly string[]): Promise<string[]> {
  const each = Math.floor(ACCOUNTS_MAX / Math.max(1, shards.length));
  const accounts = await Promise.all(
    shards.map((name) =>
      shardNamed(env, name)
        .awaitingAccounts(each)
        .catch(() => []),
    ),
  );
  return [...new Set(accounts.flat())];
}

const shardNamed = (env: Env, name: string) => env.RECEIPT_BOOK.get(env.RECEIPT_BOOK.idFromName(name));

export const copyPortsOf = (env: Env): CopyPorts => ({
  copies: copiesOf(env),
  recorded: (entries) => tellShards(env, entries),
  now: () => clockOf(env).now(),
});

const isCopyMessage = (body: unknown): body is CopyMessage =>
  typeof body === "object" && body !== null && "object" in body && "name" in body && typeof body.name === "string";

export function sourceOf(env: Env, { object, name }: CopyMessage): Resumable {
  // A new stub for every call: one that has thrown stays broken.
  const stub = () => {
    switch (object) {
      case "mailbox":
        return mailboxOf(env, name);
      case "receipt_book":
        return shardNamed(env, name);
      case "till":
        return tillOf(env, name);
      case "account_ledger":
        return accountLocator(env, name);
      case "disconnect_gate":
        return gateOf(env);
    }
  };
  return {
    name: `${object}:${name}`,
    account: object === "account_ledger" ? name : null,
    stopsOnConflict: object === "account_ledger",
    copyBatch: (max) => stub().copyBatch(max),
    copied: (report) => stub().copied(report),
    resumeCopy: () => stub().resumeCopy(),
    refusals: () => stub().refusals(),
  };
}

async function tellShards(env: Env, entries: { receipt: string; entryKey: string }[]) {
  const byShard = new Map<number, string[]>();
  for (const { receipt, entryKey } of entries) {
    const shard = receiptShard(receipt, RECEIPT_SHARDS);
    byShard.set(shard, [...(byShard.get(shard) ?? []), entryKey]);
  }
  await Promise.all([...byShard].map(([shard, keys]) => shardOf(env, shard).recorded(keys)));
}
