import { expect, it } from "vitest";
import { type ObjectsToAsk, objectsSeen } from "../../workers/jobs/alarm-objects.ts";

const NOON = Date.UTC(2026, 10, 29, 12);
const MINUTE = 60_000;
const phone = (phoneId: string, silentMinutes: number | null, over = {}) => ({
  ...{ phoneId, tillId: "till-a", channel: "electricity" as const, revoked: false, oldestUnprocessedAt: null },
  lastPollAt: silentMinutes === null ? null : NOON - silentMinutes * MINUTE,
  ...over,
});
const never = () => new Promise<never>(() => undefined);
const gone = () => {
  throw new Error("gone");
};

const all: ObjectsToAsk = {
  phones: async () => [phone("a", 21), phone("b", 1, { oldestUnprocessedAt: NOON - 5 * MINUTE })],
  breakers: async () => [{ site: "MAK" }],
  shards: [
    { name: "receipts-0", open: async () => [] },
    { name: "receipts-1", open: async () => [{ receipt: "QK7AAA", changedAt: NOON - MINUTE }] },
  ],
};

it("all objects that answer say what they know, and nobody is missing", async () => {
  expect(await objectsSeen(all, NOON)).toEqual({
    silentPhones: ["a"],
    waitingSms: [{ phoneId: "b", oldestAt: NOON - 5 * MINUTE }],
    waitingForwards: [],
    breakers: ["MAK"],
    openReceipts: [{ receipt: "QK7AAA", changedAt: NOON - MINUTE }],
    unanswered: [],
    lacksShards: false,
  });
});

it("a phone that never came or is revoked is neither silent nor waited for", async () => {
  const phones = async () => [phone("new", null), phone("old", 60, { revoked: true, oldestUnprocessedAt: NOON })];
  expect(await objectsSeen({ ...all, phones }, NOON)).toMatchObject({ silentPhones: [], waitingSms: [] });
});

it("what a phone brought waits for the old system also once the phone is revoked, and a release that does not say so waits for nothing", async () => {
  const phones = async () => [
    phone("old", 60, { revoked: true, oldestForwardAt: NOON - 30 * MINUTE }),
    phone("told-by-the-release-before", 1),
    phone("none", 1, { oldestForwardAt: null }),
  ];
  expect(await objectsSeen({ ...all, phones }, NOON)).toMatchObject({
    waitingForwards: [{ phoneId: "old", oldestAt: NOON - 30 * MINUTE }],
  });
});

it("a shard that hangs or throws is named, within the time that one has, and blinds nobody to the rest", async () => {
  const [first, second] = all.shards;
  const shards = [{ name: "receipts-7", open: never }, ...(first ? [first] : []), ...(second ? [second] : [])];
  const began = Date.now();
  const seen = await objectsSeen({ ...all, shards: [...shards, { name: "receipts-8", open: gone }] }, NOON, 30);
  expect(Date.now() - began).toBeLessThan(5_000);
  expect(seen).toMatchObject({
    ...{ silentPhones: ["a"], breakers: ["MAK"], openReceipts: [{ receipt: "QK7AAA" }] },
    ...{ unanswered: ["receipts-7", "receipts-8"], lacksShards: true },
  });
});

it("a gate that hangs leaves phones and breakers unknown, and not none, while shards are heard", async () => {
  const seen = await objectsSeen({ ...all, phones: never, breakers: gone }, NOON, 30);
  expect(seen).toMatchObject({
    ...{
      silentPhones: null,
      waitingSms: null,
      waitingForwards: null,
      breakers: null,
      unanswered: ["gate"],
      lacksShards: false,
    },
    openReceipts: [{ receipt: "QK7AAA" }],
  });
});
