/** The relay is told to connect or to disconnect; "open" and "close" mean opposite things to an engineer and a cashier. */
export type RelayAction = "connect" | "disconnect";

const CONNECTED = new Map<unknown, boolean>([
  ["1", true],
  [1, true],
  [true, true],
  ["0", false],
  [0, false],
  [false, false],
]);

/** How a meter says that its relay stands: "1" is closed, power is on. Whatever is neither 0 nor 1 says nothing: null. */
export const connectedOf = (said: unknown): boolean | null => CONNECTED.get(said) ?? null;

export type CommandState =
  | "queued"
  | "published"
  | "acked"
  | "completed"
  | "rejected"
  | "failed"
  | "timed_out"
  | "superseded";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** A connect that nobody confirmed is ordered anew this often for the first hour, then hourly, without end. */
export const RECONNECT_EARLY_MS = 5 * MINUTE_MS;
export const RECONNECT_EARLY_FOR_MS = HOUR_MS;
export const RECONNECT_LATE_MS = HOUR_MS;

/**
 * How long a meter's word that its relay is closed counts as knowledge. Somebody else may open it meanwhile; an extra
 * connect harms nobody, and one too few leaves a family that has paid in the dark.
 */
export const KNOWN_CLOSED_MS_MAX = HOUR_MS;

/** What the account knows of one meter's relay. */
export type RelayKnowledge = {
  /** What the meter last said; null: it never has. */
  connected: boolean | null;
  /** When it said so; null: it never has. */
  heardAt: number | null;
  /** Since when it is wanted connected without proof that it is; null: not wanted, or proven. */
  wantedSince: number | null;
  /** When the next connect is due if there is still no proof. */
  nextOrderAt: number | null;
};

export const RELAY_UNKNOWN: RelayKnowledge = { connected: null, heardAt: null, wantedSince: null, nextOrderAt: null };

export type ConnectDecision =
  | { order: "connect"; because: "credit_restored" | "connect_unconfirmed" | "disconnect_unanswered" }
  | { order: "hold"; because: "no_credit" | "already_connected" | "connect_waiting" | "keep_dark" };

/** The newest command of the meter while it can still take effect; null: none. */
export type LiveCommand = { action: RelayAction; state: CommandState } | null;

/** The newest command of the meter, whatever became of it; null: none was ever ordered. */
export type NewestCommand = { action: RelayAction; state: CommandState } | null;

/**
 * Whether a credit orders a connect: always, as long as it leaves something to use. Only fresh proof that the relay is
 * closed holds it back, and a disconnect takes that proof away, also one that ended without an answer: it may have been
 * obeyed. A person's safety disconnect is not undone by money.
 */
export function decideConnect(
  balanceWh: number,
  relay: RelayKnowledge,
  newest: NewestCommand,
  now: number,
  isKeptDark = false,
): ConnectDecision {
  if (isKeptDark) return { order: "hold", because: "keep_dark" };
  if (balanceWh <= 0) return { order: "hold", because: "no_credit" };
  if (newest?.action === "connect" && newest.state === "queued") return { order: "hold", because: "connect_waiting" };
  const { connected, heardAt } = relay;
  // A word dated ahead is of a clock that is wrong: nobody knows when it was said.
  const knownClosed = connected === true && heardAt !== null && heardAt <= now && now - heardAt <= KNOWN_CLOSED_MS_MAX;
  if (knownClosed && newest?.action !== "disconnect") return { order: "hold", because: "already_connected" };
  return { order: "connect", because: "credit_restored" };
}

/** Whether a wanted connect that is due is ordered anew. A command that may still be answered is waited for. */
export function decideReconnect(
  balanceWh: number,
  relay: RelayKnowledge,
  live: LiveCommand,
  isKeptDark = false,
): ConnectDecision {
  if (isKeptDark) return { order: "hold", because: "keep_dark" };
  if (balanceWh <= 0) return { order: "hold", because: "no_credit" };
  if (relay.wantedSince === null) return { order: "hold", because: "already_connected" };
  if (live !== null && (live.state === "queued" || live.state === "published"))
    return { order: "hold", because: "connect_waiting" };
  return { order: "connect", because: "connect_unconfirmed" };
}

/** A credit was ordered its connect: the wanting starts anew. */
export const wantConnected = (relay: RelayKnowledge, now: number): RelayKnowledge => ({
  ...relay,
  wantedSince: now,
  nextOrderAt: now + RECONNECT_EARLY_MS,
});

/** A connect went out again for what was wanted before. */
export function wantStill(relay: RelayKnowledge, now: number): RelayKnowledge {
  const since = relay.wantedSince ?? now;
  const pause = now - since < RECONNECT_EARLY_FOR_MS ? RECONNECT_EARLY_MS : RECONNECT_LATE_MS;
  return { ...relay, wantedSince: since, nextOrderAt: now + pause };
}

/** Nothing to be connected for any more. */
export const wantNothing = (relay: RelayKnowledge): RelayKnowledge => ({
  ...relay,
  wantedSince: null,
  nextOrderAt: null,
});

/**
 * The meter said how its relay stands, in answer to its newest command. Open although it had been closed, while a connect
 * was the last order and there is credit: the wanting starts again at once. Still open: the next try comes when it is due.
 */
export function learnRelay(
  relay: RelayKnowledge,
  heard: { connected: boolean; lastOrder: RelayAction; balanceWh: number },
  now: number,
): RelayKnowledge {
  const said = { connected: heard.connected, heardAt: now };
  if (heard.connected || heard.lastOrder === "disconnect" || heard.balanceWh <= 0)
    return { ...said, wantedSince: null, nextOrderAt: null };
  if (relay.wantedSince === null) return { ...said, wantedSince: now, nextOrderAt: now };
  return { ...relay, ...said };
}

/** What a reading says of the relay, and the newest order that it may be an answer to; null: none was given. */
export type ReadRelay = {
  connected: boolean;
  readAt: number;
  lastOrder: { action: RelayAction; at: number } | null;
  balanceWh: number;
};

/**
 * A reading shows how the relay stands. One taken before the newest order, or before what was heard last, says nothing.
 * Open against the wanted state: the next connect is due at once, not when its turn comes.
 */
export function learnFromReading(relay: RelayKnowledge, read: ReadRelay, now: number): RelayKnowledge {
  const { connected, readAt, lastOrder, balanceWh } = read;
  if ((relay.heardAt !== null && readAt <= relay.heardAt) || (lastOrder !== null && readAt < lastOrder.at))
    return relay;
  // A clock that is ahead must not silence what is said after it.
  const said = { connected, heardAt: Math.min(readAt, now) };
  if (connected || lastOrder?.action !== "connect" || balanceWh <= 0)
    return { ...said, wantedSince: null, nextOrderAt: null };
  return { ...said, wantedSince: relay.wantedSince ?? now, nextOrderAt: now };
}
