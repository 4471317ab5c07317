import type { CommandState, RelayAction } from "./relay.ts";

/** How long a meter may still obey a command; a person may say otherwise, within these bounds (integrations 7.6). */
export const COMMAND_TTL_MS = 300_000;
export const TTL_SECONDS_MIN = 30;
export const TTL_SECONDS_MAX = 3_600;
/** A failed publish is tried again after 1 s, 2 s, 4 s, then every so often until the command has expired. */
const PUBLISH_RETRY_MS_MIN = 1_000;
const PUBLISH_RETRY_MS_MAX = 30_000;
const METER_DIGITS = 12;

/** An order to one meter's relay, and what became of it. */
export type RelayCommand = {
  id: string;
  meterNumber: string;
  /** The gateway's name, through which the meter is reached. */
  thing: string;
  /** Rises with every command of the meter: only the newest is live. */
  seq: number;
  action: RelayAction;
  state: CommandState;
  because: string;
  requestedAt: number;
  publishedAt: number | null;
  endedAt: number | null;
  expiresAt: number;
  error: string | null;
  /** Who ordered it and why; null: the system, by the rule that `because` names. */
  actor: string | null;
  reason: string | null;
  /** Rules that a privileged person set aside for it. */
  skipped: string[];
  publishTries: number;
  nextPublishAt: number;
  /** Rises with every change, so that an older copy never overwrites a newer one. */
  version: number;
};

type Order = Pick<RelayCommand, "id" | "meterNumber" | "thing" | "action" | "because"> &
  Partial<Pick<RelayCommand, "actor" | "reason" | "skipped">> & { ttlMs?: number };

/**
 * A new order. Sequences follow the clock in seconds, and rise by one when that is not enough: so they go on rising when
 * the meter moves to another account, or the account's memory of older commands is lost.
 */
export const newCommand = (
  { ttlMs = COMMAND_TTL_MS, ...order }: Order,
  lastSeq: number,
  now: number,
): RelayCommand => ({
  actor: null,
  reason: null,
  skipped: [],
  ...order,
  seq: Math.max(lastSeq + 1, Math.floor(now / 1_000)),
  state: "queued",
  requestedAt: now,
  publishedAt: null,
  endedAt: null,
  expiresAt: now + ttlMs,
  error: null,
  publishTries: 0,
  nextPublishAt: now,
  version: 1,
});

export type CommandEvent =
  | { kind: "published" }
  | { kind: "publish_failed"; error: string }
  | { kind: "acknowledged"; status: "acked" | "rejected" | "failed"; relayKnown: boolean; error: string | null }
  | { kind: "tick" }
  | { kind: "superseded" };

/** States in which a command can still take effect. */
const OPEN: Record<CommandState, boolean> = {
  queued: true,
  published: true,
  acked: true, // the meter has it, but did not say how the relay stands
  completed: false,
  rejected: false,
  failed: false,
  timed_out: false,
  superseded: false,
};

export const isOpen = (state: CommandState) => OPEN[state];

/** Not answered yet, and not too late for it. What the meter has answered is waited for no more, however little it said. */
export const isUnderWay = (state: CommandState) => state === "queued" || state === "published";

/** The command after an event; null when the event changes nothing (late, twice, out of order). */
export function advance(command: RelayCommand, event: CommandEvent, now: number): RelayCommand | null {
  if (!isOpen(command.state)) return null;
  const to = (change: Partial<RelayCommand>) => ({ ...command, ...change, version: command.version + 1 });
  const end = (state: CommandState, error: string | null) => to({ state, error, endedAt: now });
  switch (event.kind) {
    case "published":
      return command.state === "queued" ? to({ state: "published", publishedAt: now, error: null }) : null;
    case "publish_failed": {
      if (command.state !== "queued") return null;
      const pauseMs = Math.min(PUBLISH_RETRY_MS_MAX, PUBLISH_RETRY_MS_MIN * 2 ** Math.min(command.publishTries, 10));
      const publishTries = command.publishTries + 1;
      return to({ publishTries, nextPublishAt: now + pauseMs, error: event.error });
    }
    case "acknowledged":
      if (event.status !== "acked") return end(event.status, event.error);
      if (event.relayKnown) return end("completed", event.error);
      return command.state === "acked" ? null : to({ state: "acked", error: event.error });
    case "tick":
      return command.state !== "acked" && now >= command.expiresAt ? end("timed_out", command.error) : null;
    case "superseded":
      return command.state === "acked" ? null : end("superseded", command.error);
  }
}

export const relayTopic = (thing: string) => `oneMeter/${thing}/cmd/relay`;

/** What the meter's firmware reads. On the wire "close" lets power through and "open" cuts it. */
export function relayPayload(command: RelayCommand) {
  return {
    cmd_id: command.id,
    meter_id: command.meterNumber.padStart(METER_DIGITS, "0"),
    action: command.action === "connect" ? "close" : "open",
    reason: command.because,
    requested_at: new Date(command.requestedAt).toISOString().replace(/\.\d{3}Z$/, "Z"),
    requested_at_unix: Math.floor(command.requestedAt / 1_000),
    ttl_seconds: Math.round((command.expiresAt - command.requestedAt) / 1_000),
  } as const;
}
