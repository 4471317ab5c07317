import { beforeEach, describe, expect, it } from "vitest";
import { type ReplayPorts, replayLetter } from "../../src/services/replay-letter.ts";

type Letter = { body: unknown; handledAt: number | null; handledBy: string | null };
let letter: Letter;
let sent: unknown[];
let isQueueDown: boolean;

/** The table's own rule: who takes a letter has to have seen it as it is. */
const ports: ReplayPorts = {
  letter: async (id) => (id === 7 ? letter : null),
  take: async (_, seen, by) => {
    if (letter.handledAt !== null || letter.handledBy !== seen) return false;
    letter.handledBy = by;
    return true;
  },
  send: async (_, body) => {
    if (isQueueDown) throw new Error("no queue");
    sent.push(body);
  },
  end: async (_, by, at) => {
    if (letter.handledBy !== by) return;
    letter.handledAt = at;
    if (at === null) letter.handledBy = null;
  },
  now: () => 99,
};
const replay = (by = "Neo · 1", seen: string | null = null, id = 7) => replayLetter(ports, { id, seen, by });

beforeEach(() => {
  letter = { body: { job: "heads", page: null }, handledAt: null, handledBy: null };
  sent = [];
  isQueueDown = false;
});

describe("sending a dead letter again", () => {
  it("sends it once, however often somebody presses", async () => {
    expect(await replay()).toEqual({ ok: true, value: { road: "job" } });
    expect(await replay()).toEqual({ ok: false, error: { kind: "handled" } });
    expect(sent).toEqual([{ job: "heads", page: null }]);
    expect(letter.handledAt).toBe(99);
  });

  it("gives it to one of two who press at once", async () => {
    const both = await Promise.all([replay("Neo · 1"), replay("Tau · 2")]);
    expect(both.filter(({ ok }) => ok)).toHaveLength(1);
    expect(sent).toHaveLength(1);
  });

  it("leaves it as it was when the queue does not take it, and sends it later", async () => {
    isQueueDown = true;
    expect(await replay()).toEqual({ ok: false, error: { kind: "not_sent" } });
    expect(letter).toMatchObject({ handledAt: null, handledBy: null });
    isQueueDown = false;
    expect((await replay()).ok).toBe(true);
  });

  it("is not lost when whoever began vanished: it waits, and is taken by who has seen that", async () => {
    letter.handledBy = "Neo · 1";
    expect(await replay("Tau · 2")).toEqual({ ok: false, error: { kind: "taken" } });
    expect(sent).toEqual([]);
    expect((await replay("Tau · 2", "Neo · 1")).ok).toBe(true);
    expect(sent).toHaveLength(1);
  });

  it("sends nothing of which nobody knows what it is for, and nothing that is not there", async () => {
    letter.body = { odd: true };
    expect(await replay()).toEqual({ ok: false, error: { kind: "no_road" } });
    expect(await replay("Neo · 1", null, 8)).toEqual({ ok: false, error: { kind: "unknown" } });
    expect(letter.handledBy).toBeNull();
  });
});
