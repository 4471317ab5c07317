import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { accountOfCommand, commandId } from "../../src/domain/command-id.ts";
import {
  decideConnect,
  decideReconnect,
  KNOWN_CLOSED_MS_MAX,
  learnRelay,
  RELAY_UNKNOWN,
  type RelayKnowledge,
  wantConnected,
  wantNothing,
  wantStill,
} from "../../src/domain/relay.ts";
import {
  advance,
  COMMAND_TTL_MS,
  type CommandEvent,
  newCommand,
  type RelayCommand,
  relayPayload,
  relayTopic,
} from "../../src/domain/relay-commands.ts";

const NOW = Date.UTC(2026, 1, 16, 15, 45);
const MINUTE_MS = 60_000;

const relay = (over: Partial<RelayKnowledge> = {}): RelayKnowledge => ({ ...RELAY_UNKNOWN, ...over });
const live = (action: "connect" | "disconnect", state: RelayCommand["state"]) => ({ action, state });

describe("decideConnect", () => {
  it.each`
    balanceWh | connected | newest                             | order        | because
    ${1}      | ${null}   | ${null}                            | ${"connect"} | ${"credit_restored"}
    ${1}      | ${false}  | ${null}                            | ${"connect"} | ${"credit_restored"}
    ${1}      | ${true}   | ${null}                            | ${"hold"}    | ${"already_connected"}
    ${1}      | ${true}   | ${live("disconnect", "published")} | ${"connect"} | ${"credit_restored"}
    ${1}      | ${true}   | ${live("disconnect", "queued")}    | ${"connect"} | ${"credit_restored"}
    ${1}      | ${true}   | ${live("disconnect", "timed_out")} | ${"connect"} | ${"credit_restored"}
    ${1}      | ${true}   | ${live("disconnect", "failed")}    | ${"connect"} | ${"credit_restored"}
    ${1}      | ${true}   | ${live("connect", "completed")}    | ${"hold"}    | ${"already_connected"}
    ${1}      | ${false}  | ${live("connect", "queued")}       | ${"hold"}    | ${"connect_waiting"}
    ${1}      | ${null}   | ${live("connect", "published")}    | ${"connect"} | ${"credit_restored"}
    ${1}      | ${null}   | ${live("connect", "acked")}        | ${"connect"} | ${"credit_restored"}
    ${0}      | ${false}  | ${null}                            | ${"hold"}    | ${"no_credit"}
    ${-5}     | ${false}  | ${live("disconnect", "published")} | ${"hold"}    | ${"no_credit"}
  `("$balanceWh Wh, connected $connected, newest $newest: $order, $because", (row) => {
    const { balanceWh, connected, newest, order, because } = row;
    const heardAt = connected === null ? null : NOW - MINUTE_MS;
    expect(decideConnect(balanceWh, relay({ connected, heardAt }), newest, NOW)).toEqual({ order, because });
  });

  it.each`
    heardAt                          | order        | because
    ${NOW}                           | ${"hold"}    | ${"already_connected"}
    ${NOW - KNOWN_CLOSED_MS_MAX}     | ${"hold"}    | ${"already_connected"}
    ${NOW - KNOWN_CLOSED_MS_MAX - 1} | ${"connect"} | ${"credit_restored"}
    ${NOW + MINUTE_MS}               | ${"connect"} | ${"credit_restored"}
    ${null}                          | ${"connect"} | ${"credit_restored"}
  `(
    "believes a closed relay for an hour and no longer, and no word from a clock that runs ahead (heard at $heardAt: $order)",
    ({ heardAt, order, because }) => {
      expect(decideConnect(1, relay({ connected: true, heardAt }), null, NOW)).toEqual({ order, because });
    },
  );
});

describe("decideReconnect", () => {
  it.each`
    balanceWh | wantedSince | newest                          | order        | because
    ${1}      | ${NOW}      | ${null}                         | ${"connect"} | ${"connect_unconfirmed"}
    ${1}      | ${NOW}      | ${live("connect", "acked")}     | ${"connect"} | ${"connect_unconfirmed"}
    ${1}      | ${NOW}      | ${live("connect", "published")} | ${"hold"}    | ${"connect_waiting"}
    ${1}      | ${NOW}      | ${live("connect", "queued")}    | ${"hold"}    | ${"connect_waiting"}
    ${1}      | ${null}     | ${null}                         | ${"hold"}    | ${"already_connected"}
    ${0}      | ${NOW}      | ${null}                         | ${"hold"}    | ${"no_credit"}
  `("$balanceWh Wh, wanted since $wantedSince, newest $newest: $order, $because", (row) => {
    const { balanceWh, wantedSince, newest, order, because } = row;
    expect(decideReconnect(balanceWh, relay({ wantedSince }), newest)).toEqual({ order, because });
  });
});

describe("wanting a connect", () => {
  it("asks every 5 minutes for the first hour, then hourly", () => {
    let wanted = wantConnected(relay(), NOW);
    const minutes: number[] = [];
    while (minutes.length < 15) {
      const at = wanted.nextOrderAt ?? 0;
      minutes.push((at - NOW) / MINUTE_MS);
      wanted = wantStill(wanted, at);
    }
    expect(minutes).toEqual([5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 120, 180, 240]);
  });

  it("begins anew with the next credit", () => {
    const old = relay({ wantedSince: NOW - 600 * MINUTE_MS, nextOrderAt: NOW + 50 * MINUTE_MS });
    expect(wantConnected(old, NOW)).toEqual(relay({ wantedSince: NOW, nextOrderAt: NOW + 5 * MINUTE_MS }));
  });

  it("ends with nothing to be connected for, but keeps what the meter said", () => {
    expect(wantNothing(relay({ connected: false, wantedSince: NOW, nextOrderAt: NOW }))).toEqual(
      relay({ connected: false }),
    );
  });

  const wanting = relay({ wantedSince: NOW - 1, nextOrderAt: NOW + 1 });
  it.each`
    about                               | before                        | connected | lastOrder       | balanceWh | after
    ${"closed: proven"}                 | ${wanting}                    | ${true}   | ${"connect"}    | ${1}      | ${relay({ connected: true })}
    ${"still open: waits for its time"} | ${wanting}                    | ${false}  | ${"connect"}    | ${1}      | ${{ ...wanting, connected: false }}
    ${"open again: at once"}            | ${relay({ connected: true })} | ${false}  | ${"connect"}    | ${1}      | ${relay({ connected: false, wantedSince: NOW, nextOrderAt: NOW })}
    ${"open, but no credit: nothing"}   | ${relay({ connected: true })} | ${false}  | ${"connect"}    | ${0}      | ${relay({ connected: false })}
    ${"open as ordered: nothing"}       | ${relay({ connected: true })} | ${false}  | ${"disconnect"} | ${1}      | ${relay({ connected: false })}
  `("hears $about", ({ before, connected, lastOrder, balanceWh, after }) => {
    expect(learnRelay(before, { connected, lastOrder, balanceWh }, NOW)).toEqual({ ...after, heardAt: NOW });
  });
});

const order = { meterNumber: "23099001", thing: "oneMeter13", action: "connect", because: "credit_restored" } as const;
const command = (over: Partial<RelayCommand> = {}): RelayCommand => ({
  ...newCommand({ id: "id-1", ...order }, 0, NOW),
  ...over,
});

describe("a command", () => {
  const acked = { kind: "acknowledged", status: "acked", relayKnown: true, error: null } as const;
  const events: Record<string, CommandEvent> = {
    published: { kind: "published" },
    publish_failed: { kind: "publish_failed", error: "429" },
    acked_with_state: acked,
    acked: { ...acked, relayKnown: false },
    rejected: { ...acked, status: "rejected", relayKnown: false, error: "ttl_expired" },
    failed: { ...acked, status: "failed", error: "modbus_timeout" },
    superseded: { kind: "superseded" },
    tick: { kind: "tick" },
  };
  it.each`
    from            | event                 | to
    ${"queued"}     | ${"published"}        | ${"published"}
    ${"queued"}     | ${"publish_failed"}   | ${"queued"}
    ${"queued"}     | ${"acked_with_state"} | ${"completed"}
    ${"queued"}     | ${"superseded"}       | ${"superseded"}
    ${"queued"}     | ${"tick"}             | ${"timed_out"}
    ${"published"}  | ${"published"}        | ${null}
    ${"published"}  | ${"publish_failed"}   | ${null}
    ${"published"}  | ${"acked_with_state"} | ${"completed"}
    ${"published"}  | ${"acked"}            | ${"acked"}
    ${"published"}  | ${"rejected"}         | ${"rejected"}
    ${"published"}  | ${"failed"}           | ${"failed"}
    ${"published"}  | ${"superseded"}       | ${"superseded"}
    ${"published"}  | ${"tick"}             | ${"timed_out"}
    ${"acked"}      | ${"acked"}            | ${null}
    ${"acked"}      | ${"acked_with_state"} | ${"completed"}
    ${"acked"}      | ${"failed"}           | ${"failed"}
    ${"acked"}      | ${"tick"}             | ${null}
    ${"acked"}      | ${"superseded"}       | ${null}
    ${"completed"}  | ${"acked"}            | ${null}
    ${"rejected"}   | ${"acked_with_state"} | ${null}
    ${"failed"}     | ${"acked_with_state"} | ${null}
    ${"timed_out"}  | ${"acked_with_state"} | ${null}
    ${"superseded"} | ${"acked_with_state"} | ${null}
    ${"superseded"} | ${"published"}        | ${null}
  `("goes from $from by $event to $to", ({ from, event, to }) => {
    const happening = events[event];
    if (happening === undefined) throw new Error("no such event");
    const after = advance(command({ state: from, version: 4 }), happening, NOW + COMMAND_TTL_MS);
    expect(after?.state ?? null).toBe(to);
    if (after !== null) expect(after.version).toBe(5);
  });

  it("lives to the last moment of its time", () => {
    expect(advance(command(), { kind: "tick" }, NOW + COMMAND_TTL_MS - 1)).toBeNull();
    expect(advance(command(), { kind: "tick" }, NOW + COMMAND_TTL_MS)).toMatchObject({ endedAt: NOW + COMMAND_TTL_MS });
  });

  it("waits longer after each failed publish, up to half a minute", () => {
    let failing = command();
    const pauses: number[] = [];
    for (let n = 0; n < 7; n++) {
      failing = advance(failing, { kind: "publish_failed", error: "503" }, NOW) ?? failing;
      pauses.push((failing.nextPublishAt - NOW) / 1_000);
    }
    expect(pauses).toEqual([1, 2, 4, 8, 16, 30, 30]);
  });

  it("rises in sequence, also within a second and over a loss of memory", () => {
    const seconds = Math.floor(NOW / 1_000);
    expect(newCommand({ id: "a", ...order }, 0, NOW).seq).toBe(seconds);
    expect(newCommand({ id: "b", ...order }, seconds, NOW).seq).toBe(seconds + 1);
    expect(newCommand({ id: "c", ...order }, seconds + 9, NOW + 1_000).seq).toBe(seconds + 10);
  });

  it("is written as the meter's firmware reads it", () => {
    expect(relayTopic("oneMeter13")).toBe("oneMeter/oneMeter13/cmd/relay");
    const at = Date.UTC(2026, 1, 16, 15, 45, 0, 999);
    const cut = { ...order, id: "u", action: "disconnect", because: "zero_balance" } as const;
    expect(relayPayload(newCommand(cut, 0, at))).toEqual({
      cmd_id: "u",
      meter_id: "000023099001",
      action: "open",
      reason: "zero_balance",
      requested_at: "2026-02-16T15:45:00Z",
      requested_at_unix: 1_771_256_700,
      ttl_seconds: 300,
    });
    expect(relayPayload(command()).action).toBe("close");
  });
});

describe("a command's id", () => {
  it("is a UUID that names its account, and no other", () => {
    const letter = fc.constantFrom(..."ABCDEFGHIJKLMNOPQRSTUVWXYZ");
    const number = fc.integer({ min: 0, max: 9_999 }).map((digits) => String(digits).padStart(4, "0"));
    const account = fc.tuple(number, letter, letter, letter).map((parts) => parts.join(""));
    fc.assert(
      fc.property(account, fc.uint8Array({ minLength: 12, maxLength: 12 }), (owner, random) => {
        const id = commandId(owner, random);
        expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
        expect(accountOfCommand(id ?? "")).toBe(owner);
      }),
    );
  });

  it.each(["", "x", "7b0a2c6e-0000-4000-8000-000000000000", "ffffffff-0000-8000-8000-000000000000"])(
    "says nothing about %j",
    (id) => expect(accountOfCommand(id)).toBeNull(),
  );

  it("is not made for an account of another form", () => {
    expect(commandId("mak0045", new Uint8Array(12))).toBeNull();
  });
});
