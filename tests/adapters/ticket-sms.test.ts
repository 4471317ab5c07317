import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { connect, type Database } from "../../src/adapters/neon/database.ts";
import { neonTicketNotices } from "../../src/adapters/neon/ticket-sms.ts";
import { neonTickets } from "../../src/adapters/neon/tickets.ts";
import { COUNTRIES } from "../../src/domain/country.ts";
import type { EnqueueAnswer, OutgoingSms } from "../../src/ports/mailboxes.ts";
import type { TicketOrder } from "../../src/ports/tickets.ts";
import { type ResolvedPorts, tellResolved } from "../../src/services/tell-resolved.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";
import { NOON, seed } from "./rows.ts";

const HOUR_MS = 3_600_000;
let database: FreshDatabase;
let db: Database;
let sent: { channel: string; sms: OutgoingSms }[];
let answers: EnqueueAnswer[];
let phoneId: string;

beforeEach(async () => {
  database = await freshDatabase();
  db = connect(database.appUrl, database.sqlUrl);
  await seed(database.ownerUrl);
  sent = [];
  answers = [];
  phoneId = "phone-1";
});
afterEach(() => database.drop());

const by = (at = NOON) => ({ actor: "Lineo", reason: null, at });
const ports = (): ResolvedPorts => ({
  country: COUNTRIES.LS,
  notices: neonTicketNotices(db),
  directory: { template: async () => null },
  gate: {
    phones: async () => [
      {
        ...{ phoneId, tillId: "till-1", channel: "electricity", lastPollAt: NOON, revoked: false },
        oldestUnprocessedAt: null,
      },
    ],
  },
  enqueue: async (channel, sms) => {
    const answer = answers.shift() ?? { status: "queued" };
    if (answer.status !== "not_ready") sent.push({ channel, sms });
    return answer;
  },
});
async function opened(over: Partial<TicketOrder> = {}): Promise<number> {
  const key = `t:${Math.random()}`;
  const order: TicketOrder = {
    ...{ key, class: "customer_grievance", category: "general-inquiry", priority: "P3", source: "sms", rule: null },
    ...{ caseKey: null, site: null, account: "0045MAK", phone: "26650000101", summary: "please call", ...over },
    ...{ reportedBy: "26650000101", failedAt: null },
  };
  await neonTickets(db).open(order, by(NOON - 4 * 24 * HOUR_MS));
  const [row] = await db.read<{ id: number }>("SELECT id FROM tickets WHERE ticket_key = $1", [key]);
  return row?.id ?? 0;
}
const resolve = (id: number, at = NOON - 180_000) =>
  neonTickets(db).resolve(id, { cause: "a call", resolution: "called back" }, by(at));

describe("whoever asked by SMS", () => {
  it("is told once that it is resolved, however often somebody looks and it is opened again", async () => {
    const id = await opened();
    await tellResolved(ports(), NOON);
    expect(sent).toEqual([]);
    await resolve(id);
    await tellResolved(ports(), NOON);
    await tellResolved(ports(), NOON);
    expect(sent).toMatchObject([
      { channel: "phone-1", sms: { id: `ticket-resolved:${id}`, to: "+26650000101", template: "ticket_resolved" } },
    ]);
    expect(sent[0]?.sms.content).toContain(`(T${id})`);
    await neonTickets(db).reopen(id, by());
    await resolve(id, NOON);
    await tellResolved(ports(), NOON + 180_000);
    expect(sent).toHaveLength(1);
  });

  it("is told by the channel that was chosen first, also when its answer was lost and another phone is well by then", async () => {
    await resolve(await opened());
    answers = [{ status: "not_ready" }];
    await tellResolved(ports(), NOON);
    phoneId = "phone-2";
    await tellResolved(ports(), NOON + 60_000);
    expect(sent.map(({ channel }) => channel)).toEqual(["phone-1"]);
  });

  it("is not told of what a person opens again right after it", async () => {
    const id = await opened();
    await resolve(id, NOON - 60_000);
    await tellResolved(ports(), NOON);
    await neonTickets(db).reopen(id, by());
    await tellResolved(ports(), NOON + 180_000);
    expect(sent).toEqual([]);
  });

  it("waits for no phone but their own", async () => {
    for (let n = 0; n < 6; n++) await resolve(await opened());
    const asleep = ports();
    asleep.enqueue = async (channel, sms) => {
      if (channel === "phone-1") return { status: "not_ready" };
      sent.push({ channel, sms });
      return { status: "queued" };
    };
    await tellResolved(asleep, NOON);
    await tellResolved(asleep, NOON + 60_000);
    phoneId = "phone-2";
    await resolve(await opened());
    await tellResolved(asleep, NOON + 120_000);
    expect(sent.map(({ channel }) => channel)).toEqual(["phone-2"]);
  });

  it("is not told at night, nor of what ended two days ago, nor who wrote by WhatsApp, nor what data opened", async () => {
    const late = await opened();
    await resolve(late, NOON - 3 * 24 * HOUR_MS);
    await resolve(await opened({ source: "whatsapp" }));
    await resolve(await opened({ source: "data", rule: "no_readings" }));
    await resolve(await opened({ phone: null }));
    await tellResolved(ports(), NOON);
    expect(sent).toEqual([]);
    await resolve(await opened());
    await tellResolved(ports(), Date.UTC(2026, 10, 3, 20));
    expect(sent).toEqual([]);
    await tellResolved(ports(), Date.UTC(2026, 10, 4, 6));
    expect(sent).toHaveLength(1);
  });
});
