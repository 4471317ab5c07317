import { beforeEach, describe, expect, it } from "vitest";
import { storeDeadLetter } from "../../src/adapters/neon/dead-letters.ts";
import type { Role } from "../../src/domain/permission.ts";
import { deadLetterQueue } from "../../workers/dead-letters.ts";
import { country, database, rows, session } from "./country.ts";

const as = async (...roles: Role[]) => (await session(roles)).browser;
const NOW = Date.now();
let id: number;
const letterOf = async () =>
  (
    await rows<{ handled: boolean; by: string | null }>(
      `SELECT handled_at IS NOT NULL AS handled, handled_by AS by FROM dead_letters WHERE id = ${id}`,
    )
  )[0];

/** The queues of this test's country keep what was sent: what goes out can be looked at. */
const sent: unknown[] = [];
const jobs = { send: async (body: unknown) => void sent.push(body) };

beforeEach(async () => {
  sent.length = 0;
  Object.assign(country, { JOBS: jobs });
  const messageId = crypto.randomUUID();
  await storeDeadLetter(database(), {
    queue: "customer-care-ls-dead",
    messageId,
    bodyJson: JSON.stringify({ job: "heads", page: null }),
    diedAt: NOW,
  });
  const [made] = await rows<{ id: number }>(`SELECT id FROM dead_letters WHERE message_id = '${messageId}'`);
  id = made?.id ?? 0;
});

describe("a dead letter", () => {
  it("is listed with what it is, and sent again once by who may, with the act and the reason kept", async () => {
    const browser = await as("onm_team");
    const list = await browser.ask("GET", "/api/dead-letters");
    expect(list.body.letters).toContainEqual(
      expect.objectContaining({ id, road: "job", about: "heads", handledAt: null }),
    );
    const again = () => browser.ask("POST", `/api/dead-letters/${id}/replay`, { reason: "the vendor is back" });
    expect((await again()).status).toBe(200);
    expect(sent).toEqual([{ job: "heads", page: null }]);
    expect(await letterOf()).toMatchObject({ handled: true, by: expect.stringContaining("staff:") });
    expect((await again()).status).toBe(409);
    expect(sent).toHaveLength(1);
    const rest = await browser.ask("GET", "/api/dead-letters");
    expect((rest.body.letters as { id: number }[]).map((each) => each.id)).not.toContain(id);
  });

  it("waits as before when the queue takes nothing", async () => {
    Object.assign(country, {
      JOBS: {
        send: async () => {
          throw new Error("no queue");
        },
      },
    });
    const refused = await (await as("superadmin")).ask("POST", `/api/dead-letters/${id}/replay`, { reason: "try" });
    expect(refused.status).toBe(503);
    expect(await letterOf()).toEqual({ handled: false, by: null });
  });

  it("is not sent by who only reads, nor without a reason", async () => {
    expect((await (await as("generic")).ask("POST", `/api/dead-letters/${id}/replay`, { reason: "x" })).status).toBe(
      403,
    );
    expect((await (await as("onm_team")).ask("POST", `/api/dead-letters/${id}/replay`, {})).status).toBe(400);
    expect((await (await as("onm_team")).ask("POST", "/api/dead-letters/999999/replay", { reason: "x" })).status).toBe(
      404,
    );
    expect(sent).toEqual([]);
  });
});

describe("what a queue gave up on", () => {
  const QUEUE = "customer-care-ls-dead";
  const given = (messageId: string, attempts: number) => {
    const said: ("ack" | { delaySeconds: number })[] = [];
    const message = {
      id: messageId,
      body: { job: "heads", page: null },
      attempts,
      timestamp: new Date(NOW),
      ack: () => void said.push("ack"),
      retry: (options?: { delaySeconds?: number }) => void said.push({ delaySeconds: options?.delaySeconds ?? 0 }),
    };
    const metadata = { metrics: { backlogCount: 0, backlogBytes: 0 } };
    const batch = { queue: QUEUE, messages: [message], metadata, ackAll: () => undefined, retryAll: () => undefined };
    return { batch, said };
  };
  const stored = (messageId: string) =>
    rows<{ n: number }>(`SELECT count(*)::int AS n FROM dead_letters WHERE message_id = '${messageId}'`);

  it("that cannot be stored is tried again later, at most an hour, and is never taken; once it can, it is stored once", async () => {
    const messageId = crypto.randomUUID();
    const nowhere = { ...country, DATABASE_URL: "postgresql://nobody:nothing@127.0.0.1:1/nowhere" };
    for (const [attempts, delaySeconds] of [
      [1, 900],
      [3, 2_700],
      [40, 3_600],
    ] as const) {
      const { batch, said } = given(messageId, attempts);
      await deadLetterQueue(batch, nowhere);
      expect(said).toEqual([{ delaySeconds }]);
    }
    expect(await stored(messageId)).toEqual([{ n: 0 }]);
    for (const attempts of [41, 42]) {
      const { batch, said } = given(messageId, attempts);
      await deadLetterQueue(batch, country);
      expect(said).toEqual(["ack"]);
    }
    expect(await stored(messageId)).toEqual([{ n: 1 }]);
  });
});

describe("what keeps the system running", () => {
  it("names every job of the clock with its last end, and each feed with its age", async () => {
    const { body, status } = await (await as("generic")).ask("GET", "/api/operations");
    expect(status).toBe(200);
    const named = (body.jobs as { job: string }[]).map(({ job }) => job);
    expect(named).toEqual(expect.arrayContaining(["drain-copies", "heads", "walk-audit"]));
    expect(body.feeds).toContainEqual(expect.objectContaining({ kind: "sms" }));
  });

  it("says how the instant is written from which heads are compared", async () => {
    const { body, status } = await (await as("superadmin")).ask("POST", "/api/heads", { since: "yesterday" });
    expect(status).toBe(400);
    expect(JSON.stringify(body)).toContain("a day, as 2026-11-03, or an instant, as 2026-11-03T12:00:00Z");
  });
});
