import { beforeEach, describe, expect, it } from "vitest";
import { storeDeadLetter } from "../../src/adapters/neon/dead-letters.ts";
import type { Role } from "../../src/domain/permission.ts";
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
