import { expect, it } from "vitest";
import { COUNTRIES } from "../../src/domain/country.ts";
import type { OutgoingSms } from "../../src/ports/mailboxes.ts";
import type { Welcome } from "../../src/ports/welcomes.ts";
import { sendWelcomes, type WelcomePorts } from "../../src/services/send-welcomes.ts";

/** Noon in Lesotho, at an even minute. */
const NOON = Date.UTC(2026, 10, 3, 10);

function world(count: number, over: Partial<WelcomePorts> = {}) {
  const owed: Welcome[] = Array.from({ length: count }, (_, n) => ({
    customerId: n + 1,
    account: `${String(n + 1).padStart(4, "0")}MAK`,
    to: `2665000${String(n).padStart(4, "0")}`,
    language: n === 0 ? "st" : "en",
    state: "waiting",
    phoneId: null,
    content: null,
  }));
  const ended = new Map<number, string>();
  const sent: { phoneId: string; sms: OutgoingSms }[] = [];
  const phone = (phoneId: string, lastPollAt: number | null = NOON) => ({
    phoneId,
    tillId: "till",
    channel: "electricity" as const,
    lastPollAt,
    oldestUnprocessedAt: null,
    revoked: false,
  });
  const ports: WelcomePorts = {
    country: COUNTRIES.LS,
    welcomes: {
      next: async (limit) =>
        owed
          .filter(({ customerId }) => !ended.has(customerId))
          .sort((a, b) => Number(a.phoneId === null) - Number(b.phoneId === null))
          .slice(0, limit),
      bind: async (customerId, phoneId, content) => {
        const row = owed.find((each) => each.customerId === customerId);
        if (row === undefined || ended.has(customerId)) return null;
        if (row.phoneId === null) Object.assign(row, { state: "bound", phoneId, content });
        return { phoneId: row.phoneId ?? "", content: row.content ?? "" };
      },
      end: async (customerId, state, because) => void ended.set(customerId, because ?? state),
    },
    gate: { phones: async () => [phone("a"), phone("b"), phone("silent", NOON - 3_600_000), phone("never", null)] },
    directory: { template: async () => null },
    waitingAt: async () => 0,
    enqueue: async (phoneId, sms) => {
      sent.push({ phoneId, sms });
      return { status: "queued" };
    },
    ...over,
  };
  return { ports, sent, ended, owed };
}

it("sends one through each healthy phone, in the customer's language, the oldest first", async () => {
  const { ports, sent } = world(5);
  expect(await sendWelcomes(ports, NOON)).toEqual({ handed: 2 });
  expect(sent.map(({ phoneId, sms }) => [phoneId, sms.id, sms.to, sms.language])).toEqual([
    ["a", "welcome:1", "+26650000000", "st"],
    ["b", "welcome:2", "+26650000001", "en"],
  ]);
  expect(sent[0]?.sms.content).toContain("ke 0001MAK");
  expect(sent[1]?.sms.content).toContain("is 0002MAK");
});

it("takes days over a village, and never more than 15 a phone in half an hour", async () => {
  const { ports, sent } = world(5_000);
  for (let minute = 0; minute < 30; minute++) await sendWelcomes(ports, NOON + minute * 60_000 - (NOON % 60_000));
  // The phones polled at noon: they stay healthy for 20 minutes.
  expect(sent.filter(({ phoneId }) => phoneId === "a").length).toBeLessThanOrEqual(15);
  expect(sent.length).toBeGreaterThan(10);
  expect(new Set(sent.map(({ sms }) => sms.id)).size).toBe(sent.length);
});

it.each([
  ["at night", NOON + 10 * 3_600_000, {}],
  ["before seven in the morning", NOON - 6 * 3_600_000, {}],
  ["in an odd minute", NOON + 60_000, {}],
  ["while receipts wait at the phones", NOON, { waitingAt: async () => 5 }],
  ["while nobody knows what waits there", NOON, { waitingAt: async () => null }],
])("sends none %s", async (_, now, over) => {
  const { ports, sent } = world(5, over);
  expect(await sendWelcomes(ports, now)).toEqual({ handed: 0 });
  expect(sent).toEqual([]);
});

it("goes on with what was bound to a phone before it died, through that phone and with that text", async () => {
  const { ports, sent, owed } = world(3);
  Object.assign(owed[2] ?? {}, { state: "bound", phoneId: "silent", content: "as it was written" });
  await sendWelcomes(ports, NOON);
  expect([sent[0]?.phoneId, sent[0]?.sms.id, sent[0]?.sms.content]).toEqual([
    "silent",
    "welcome:3",
    "as it was written",
  ]);
});

it("tries again what the phone's Mailbox was not ready for, and leaves what it refuses", async () => {
  const late = world(1, { enqueue: async () => ({ status: "not_ready" }) });
  await sendWelcomes(late.ports, NOON);
  expect([late.ended.size, late.owed[0]?.state]).toEqual([0, "bound"]);
  const refused = world(1, { enqueue: async () => ({ status: "refused", because: "no number" }) });
  await sendWelcomes(refused.ports, NOON);
  expect(refused.ended.get(1)).toBe("no number");
});
