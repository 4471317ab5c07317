import { env } from "cloudflare:workers";
import type { TillRestores } from "../../src/ports/till-restores.ts";
import type { TillFacts, TillQuestion } from "../../src/ports/tills.ts";
import { tillOf } from "../../workers/objects/locate.ts";

/** A till as it is configured, what it is asked, and what it owes. */

export const MINUTE = 60_000;
export const NOON = Date.parse("2026-11-20T10:00:00Z");

export const facts = (over: Partial<TillFacts> & { tillId: string }): TillFacts => ({
  name: "Mazeru shop",
  currency: "LSL",
  senders: ["MPESA"],
  caps: { paymentMinorMax: 20_000, accountDayMinorMax: 30_000, tillDayMinorMax: 100_000, chainBreakMinorMax: 1_000 },
  utcOffsetMinutes: 120,
  version: 1,
  ...over,
});

export const question = (over: Partial<TillQuestion> & { receipt: string }): TillQuestion => ({
  provider: "mpesa",
  sender: "MPESA",
  amountMinor: 10_000,
  newBalanceMinor: null,
  account: "0045MAK",
  paidAt: NOON,
  receivedAt: NOON,
  isOld: false,
  ...over,
});

export async function opened(tillId: string, over: Partial<TillFacts> = {}) {
  await tillOf(env, tillId).configure(facts({ tillId, ...over }));
  return tillOf(env, tillId);
}

/** A phone that asks every ten minutes. */
export async function pollFor(tillId: string, minutes: number, from = Date.now()) {
  for (let minute = 10; minute <= minutes; minute += 10)
    await tillOf(env, tillId).polled("phone-1", from + minute * MINUTE);
}

export const nothingElse: TillRestores = {
  tillFacts: async (tillId) => facts({ tillId, version: 7 }),
  tillVerdicts: async () => [],
  tillTexts: async () => [],
  chainBreaks: async () => [],
};

export async function copyAll(till: Awaited<ReturnType<typeof opened>>) {
  const items = await till.copyBatch(100);
  await till.copied({ recorded: items.map(({ id }) => id), refused: [], stop: null });
}

export const casesOf = async (tillId: string) =>
  (await tillOf(env, tillId).copyBatch(100)).flatMap(({ row }) => (row.kind === "case" ? [row] : []));
