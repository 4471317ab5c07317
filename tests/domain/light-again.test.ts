import { describe, expect, it } from "vitest";
import { type DarkFacts, lightAgain } from "../../src/domain/light-again.ts";

const AT = Date.parse("2026-11-29T12:00:00Z");
const MINUTE = 60_000;
const connect = (endedAt: number | null, over: object = {}) => ({
  ...{ action: "connect", state: "completed", endedAt },
  ...over,
});
const lit: DarkFacts = {
  ...{ ticketId: 7, since: AT, leftWh: 10_000, connected: true, heardAt: AT + 20 * MINUTE },
  command: connect(AT + 10 * MINUTE),
};

describe("a customer's ticket of no power", () => {
  it("ends where the meter has credit, was connected and was read with light since", () => {
    const end = lightAgain(lit);
    expect(end).toMatchObject({ ticketId: 7, cause: "light_again" });
    expect(end?.resolution).toBe("connected at 2026-11-29 12:10 UTC, read with light at 2026-11-29 12:20 UTC");
  });

  it.each<[string, Partial<DarkFacts>]>([
    ["nothing is left", { leftWh: 0 }],
    ["nobody knows what is left", { leftWh: null }],
    ["the relay is open", { connected: false }],
    ["nobody knows how the relay is", { connected: null }],
    ["nothing was heard", { heardAt: null }],
    ["the last reading is older than the connect", { heardAt: AT + 9 * MINUTE }],
    ["the relay was closed all the time", { command: null }],
    ["it was connected before the customer wrote", { command: connect(AT - MINUTE) }],
    ["the customer wrote again after it", { since: AT + 11 * MINUTE }],
    ["the connect failed", { command: connect(AT + 10 * MINUTE, { state: "timed_out" }) }],
    ["the connect waits", { command: connect(null, { state: "published" }) }],
    ["the newest command was a disconnect", { command: connect(AT + 10 * MINUTE, { action: "disconnect" }) }],
  ])("stays where %s", (_, over) => expect(lightAgain({ ...lit, ...over })).toBeNull());
});
