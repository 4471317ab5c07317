import { expect, it } from "vitest";
import { copyQueue } from "../../workers/copy.ts";
import type { CopyMessage } from "../../workers/env.ts";
import { accountLocator } from "../../workers/objects/locate.ts";
import { payment } from "../workers/account-makers.ts";
import { facts, settings } from "../workers/country.ts";
import { country, database } from "./country.ts";

const ACCOUNT = "0394MAK";
const ledger = () => accountLocator(country, ACCOUNT);

/** What became of each message of one batch while the database was down. */
async function whileDown(tries: readonly number[]): Promise<string[]> {
  const settled: string[] = [];
  const messages = tries.map((attempts) => ({
    id: `m-${attempts}`,
    timestamp: new Date(),
    body: { object: "account_ledger" as const, name: ACCOUNT },
    attempts,
    ack: () => void settled.push("ack"),
    retry: ({ delaySeconds = 0 } = {}) => void settled.push(`retry ${delaySeconds}`),
  }));
  const all = { ackAll: () => void settled.push("ack all"), retryAll: () => void settled.push("retry all") };
  const batch: MessageBatch<CopyMessage> = {
    ...{ queue: "customer-care-ls-ledger-copy", messages, ...all },
    metadata: { metrics: { backlogCount: 0, backlogBytes: 0 } },
  };
  try {
    await copyQueue(batch, settings);
  } finally {
    // Where the driver looks is one setting for all: right again for what comes after.
    database();
  }
  return settled;
}

it("a message that only asks for an object's rows is no given-up message, however long the database is down: the object keeps its rows and asks again", async () => {
  await ledger().configure(facts(ACCOUNT, { accountId: 900_000_002, version: 1 }), Date.now());
  await ledger().post(ACCOUNT, payment({ receipt: "QKCOPYD001" }));
  expect(await whileDown([1, 9, 10, 11])).toEqual(["retry 5", "retry 5", "ack", "ack"]);
  const owed = await ledger().copyBatch(200);
  expect(owed.length).toBeGreaterThan(0);
});
