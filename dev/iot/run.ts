import { draw } from "./draw.ts";
import { type Fault, scheduledFault, spellingOf } from "./faults.ts";
import { type Ack, type Behaviour, type Firmware, obey } from "./firmware.ts";
import {
  advance,
  type MeterSpec,
  type MeterState,
  newMeter,
  REGISTER_STEP_WH,
  reboot,
  registerWh,
  resetRegister,
  sample,
  switchRelay,
  usedWh,
} from "./meter.ts";
import { type RawReading, rawReading } from "./wire.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const READING_MINUTES = 15;
const READING_MS = READING_MINUTES * MINUTE_MS;
/** A late reading is sent so long after it was taken: after the next one, and within half an hour. */
const LATE_MS = 20 * MINUTE_MS;
const OFFLINE_READINGS = { least: 2, spread: 11 };
const AHEAD_HOURS = { least: 2, spread: 8 };
/** What a meter keeps while it has no network; beyond that the oldest is lost. */
const BACKLOG_MAX = 400;
const COMMANDS_WAITING_MAX = 16;
const SWITCHES_MAX = 16;
const PLANTED_MAX = 100;
const FAULTS_SHOWN_MAX = 50;
/** Longer than that nobody counts what a meter used while nothing ran. */
const GAP_MS_MAX = 40 * 24 * HOUR_MS;

type Message = {
  body: RawReading;
  /** When it was truly taken, to the minute; null: its stamp is wrong, and nobody can bill by it. */
  readAt: number | null;
  registerWh: number;
  /** Rises with every reset of the register. */
  life: number;
};

/** One meter in time, as plain data: what is saved is what goes on after a restart. */
export type MeterRun = {
  state: MeterState;
  answers: readonly Ack[];
  nextAt: number;
  /** A reading out of turn, because the relay was driven. */
  extraAt: number | null;
  offlineUntil: number | null;
  held: { sendAt: number; message: Message }[];
  backlog: Message[];
  commands: Record<string, unknown>[];
  /** Commands obeyed at a time that this meter, which replays its past, has not come to yet. */
  switches: { at: number; connected: boolean }[];
  planted: Fault[];
  life: number;
  truth: Truth;
};
/** What really happened, against which whoever bills by the readings is held. */
type Truth = {
  faults: { fault: Fault; at: number }[];
  faultCounts: Partial<Record<Fault, number>>;
  lostReadings: number;
  sent: number;
  lastSent: { readAt: number; registerWh: number } | null;
  /** Of the register's present life: what was first and last shown in a reading that was sent. */
  shown: { life: number; firstWh: number; lastWh: number } | null;
  /** The rises of its earlier lives. */
  closedWh: number;
};

/** What a thing's firmware was told before its meter began to live, and when. */
export type Obeyed = Firmware & { at: number };

export function startRun(spec: MeterSpec, at: number, obeyed?: Obeyed): MeterRun {
  return {
    state: newMeter(spec, at),
    answers: obeyed?.answers ?? [],
    switches: obeyed === undefined ? [] : [{ at: obeyed.at, connected: obeyed.connected }],
    nextAt: readingAfter(spec, at),
    extraAt: null,
    offlineUntil: null,
    held: [],
    backlog: [],
    commands: [],
    planted: [],
    life: 0,
    truth: { faults: [], faultCounts: {}, lostReadings: 0, sent: 0, lastSent: null, shown: null, closedWh: 0 },
  };
}

/** Goes on with a saved run: what was used while nothing ran is in the register, but nobody read it in between. */
export function resumeRun(spec: MeterSpec, run: MeterRun, at: number): MeterRun {
  const isTooLong = at - run.state.at > GAP_MS_MAX || run.state.at > at;
  const state = isTooLong ? { ...run.state, at } : advance(spec, run.state, at);
  return { ...run, state, nextAt: run.nextAt > at && !isTooLong ? run.nextAt : readingAfter(spec, at) };
}

/** Every quarter of an hour, each meter at minutes of its own. */
function readingAfter({ seed, meterNumber }: MeterSpec, at: number): number {
  const phaseMs = draw(READING_MINUTES, seed, meterNumber, "phase") * MINUTE_MS;
  return (Math.floor((at - phaseMs) / READING_MS) + 1) * READING_MS + phaseMs;
}

/** `now`: the true time, which a meter that replays its past is behind of. Left out: it is not behind. */
type TickOptions = { faults: boolean; now?: number };
export type Ticked = { messages: RawReading[]; commands: Record<string, unknown>[] };

/**
 * Lets a meter live up to an instant: what it publishes, in that order, and the commands that reach it because its network
 * came back.
 */
export function tick(spec: MeterSpec, run: MeterRun, to: number, options: TickOptions): Ticked {
  const out: Ticked = { messages: [], commands: [] };
  for (;;) {
    const due = Math.min(
      run.nextAt,
      run.extraAt ?? Infinity,
      run.offlineUntil ?? Infinity,
      run.held[0]?.sendAt ?? Infinity,
      run.switches[0]?.at ?? Infinity,
    );
    if (due > to) return out;
    if (due === run.switches[0]?.at) drive(spec, run);
    else if (due === run.offlineUntil) out.commands.push(...online(run, out));
    else if (due === run.held[0]?.sendAt) release(run, out, 1);
    else read(spec, run, out, due, options.faults, options.now ?? to);
  }
}

function read(spec: MeterSpec, run: MeterRun, out: Ticked, at: number, faults: boolean, now: number) {
  run.state = advance(spec, run.state, at);
  if (run.extraAt !== null && run.extraAt <= at) run.extraAt = null;
  const isRegular = run.nextAt === at;
  if (isRegular) run.nextAt = at + READING_MS;
  const slot = Math.floor(at / READING_MS);
  // By itself nothing goes wrong with a meter's first reading: where billing begins would hang on which of two came first.
  const isFirst = run.truth.lastSent === null;
  const scheduled = () => (faults && isRegular && !isFirst ? scheduledFault(spec.seed, spec.meterNumber, slot) : null);
  // Nothing goes wrong twice at once: a meter without a network has trouble enough.
  const fault = run.offlineUntil === null ? (run.planted.shift() ?? scheduled()) : null;
  if (fault !== null) note(run, fault, at);
  if (fault === "reset") {
    release(run, out, run.held.length);
    run.state = resetRegister(run.state);
    run.life++;
  }
  if (fault === "reboot") run.state = reboot(run.state);
  if (fault === "offline") {
    const readings = OFFLINE_READINGS.least + draw(OFFLINE_READINGS.spread, spec.seed, spec.meterNumber, "away", slot);
    run.offlineUntil = at + readings * READING_MS;
  }
  const aheadHours = AHEAD_HOURS.least + draw(AHEAD_HOURS.spread, spec.seed, spec.meterNumber, "ahead", slot);
  const clock = fault === "clock_1970" ? at % HOUR_MS : fault === "clock_ahead" ? now + aheadHours * HOUR_MS : at;
  const measured = sample(spec, run.state);
  const message = {
    body: rawReading(spec, measured, clock, spellingOf(fault)),
    readAt: clock === at ? at - (at % MINUTE_MS) : null,
    registerWh: measured.registerWh,
    life: run.life,
  };
  if (run.offlineUntil !== null) {
    run.backlog.push(message);
    if (run.backlog.length > BACKLOG_MAX) run.truth.lostReadings += run.backlog.splice(0, 1).length;
  } else if (fault === "late") {
    run.held.push({ sendAt: at + LATE_MS, message });
  } else {
    send(run, out, message);
    if (fault === "duplicate") send(run, out, message);
  }
}

function online(run: MeterRun, out: Ticked): Record<string, unknown>[] {
  run.offlineUntil = null;
  for (const message of run.backlog.splice(0)) send(run, out, message);
  return run.commands.splice(0);
}

function release(run: MeterRun, out: Ticked, count: number) {
  for (const { message } of run.held.splice(0, count)) {
    if (run.offlineUntil === null) send(run, out, message);
    else run.backlog.push(message);
  }
}

function send(run: MeterRun, out: Ticked, message: Message) {
  const { truth } = run;
  out.messages.push(message.body);
  truth.sent++;
  if (message.readAt === null) return;
  truth.lastSent = { readAt: message.readAt, registerWh: message.registerWh };
  const { shown } = truth;
  if (shown?.life === message.life) {
    shown.lastWh = Math.max(shown.lastWh, message.registerWh);
    return;
  }
  if (shown !== null) truth.closedWh += shown.lastWh - shown.firstWh;
  truth.shown = { life: message.life, firstWh: message.registerWh, lastWh: message.registerWh };
}

function note(run: MeterRun, fault: Fault, at: number) {
  run.truth.faults = [...run.truth.faults, { fault, at }].slice(-FAULTS_SHOWN_MAX);
  run.truth.faultCounts[fault] = (run.truth.faultCounts[fault] ?? 0) + 1;
}

/** The relay moves, and a reading that shows it follows. */
function drive(spec: MeterSpec, run: MeterRun) {
  const [next, ...others] = run.switches;
  if (next === undefined) return;
  run.switches = others;
  run.state = switchRelay(advance(spec, run.state, next.at), next.connected);
  // A stamp has minutes only: a second reading in one minute would be taken for the first one again.
  const lastAt = run.truth.lastSent?.readAt ?? Number.NEGATIVE_INFINITY;
  run.extraAt = Math.max(run.state.at, lastAt + MINUTE_MS);
}

/**
 * A command reaches a meter; null: it waits until the meter has a network again. It is answered at once; a meter that
 * replays its past moves its relay when it has come to `now`.
 */
export function command(
  run: MeterRun,
  payload: Record<string, unknown>,
  { now, mode }: { now: number; mode: Behaviour },
): Ack | null {
  if (run.offlineUntil !== null && run.offlineUntil > now) {
    run.commands = [...run.commands, payload].slice(-COMMANDS_WAITING_MAX);
    return null;
  }
  const connected = run.switches.at(-1)?.connected ?? run.state.connected;
  const obeyed = obey({ connected, answers: run.answers }, payload, { now, mode });
  run.answers = obeyed.firmware.answers;
  if (obeyed.acted)
    run.switches = [...run.switches, { at: now, connected: obeyed.firmware.connected }].slice(-SWITCHES_MAX);
  return obeyed.answer;
}

export function plant(run: MeterRun, fault: Fault, count: number): void {
  for (let i = 0; i < count && run.planted.length < PLANTED_MAX; i++) run.planted.push(fault);
}

/** The answer key of one meter. */
export function truthOf(spec: MeterSpec, run: MeterRun) {
  const { truth, state } = run;
  const shownWh = truth.shown === null ? 0 : truth.shown.lastWh - truth.shown.firstWh;
  return {
    thing: spec.thing,
    meter: spec.meterNumber,
    country: spec.country,
    kind: spec.kind,
    at: state.at,
    registerWh: registerWh(state),
    usedWh: usedWh(state),
    /**
     * What whoever reads every message must have billed: the rises of the readings that were sent with a true stamp, from
     * the first one sent. One of before that comes too late to be where billing begins.
     */
    billableWh: truth.closedWh + shownWh,
    registerStepWh: REGISTER_STEP_WH,
    relay: state.connected ? ("1" as const) : ("0" as const),
    powerMw: sample(spec, state).powerMw,
    online: run.offlineUntil === null,
    waiting: run.backlog.length + run.held.length,
    sent: truth.sent,
    lost: truth.lostReadings,
    lastSent: truth.lastSent,
    faultCounts: truth.faultCounts,
    faults: truth.faults,
    planted: run.planted,
  };
}
export type MeterTruth = ReturnType<typeof truthOf>;
