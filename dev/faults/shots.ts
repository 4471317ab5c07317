/** Which step of which object fails, and how: drawn ahead, so that the isolate only has to count. */
import type { Draw } from "./seeded.ts";

export const ACTIONS = {
  /** One SQL statement, before it runs. */
  sql: ["throw", "abort"],
  /** One transaction: before it, or when it is committed and its caller does not know. */
  transaction: ["throw", "throw-after", "abort-after"],
  /** setAlarm */
  alarm: ["throw", "throw-after", "abort"],
  /** An alarm's work: its storage fails in the middle, and the platform does not ring again by itself. */
  wake: ["given-up"],
  /** A call to another object: not made; made, and the answer lost; answered late. */
  call: ["throw", "lost", "late"],
  /** A message to a queue: refused; taken and then lost; taken, and the answer lost; delivered twice. */
  queue: ["throw", "dropped", "lost", "twice"],
  /** A request to the database, the old endpoint, the meters or the vendor: not made; made, and the answer lost; late. */
  fetch: ["throw", "lost", "late"],
} as const satisfies Record<string, readonly [string, ...string[]]>;
export type StepKind = keyof typeof ACTIONS;
export type Action = (typeof ACTIONS)[StepKind][number];

/** The steps of one seed's own objects are counted together, and those of shared objects for the whole batch. */
export const SHARED = "all";
export const OWN_CLASSES = ["Mailbox", "Till", "AccountLedger"] as const;
export const SHARED_CLASSES = ["ReceiptBook", "DisconnectGate", "Directory", "VendorBudget"] as const;
export const WORLDS = ["database", "legacy", "meters", "vendor"] as const;

/** `12/Mailbox/sql/137` to what happens at that step. */
export type Shots = Record<string, Action>;
export const countKey = (owner: string, place: string, kind: StepKind) => `${owner}/${place}/${kind}`;
export const shotKey = (key: string, n: number) => `${key}/${n}`;

/** Steps that a seed (or a batch, of shared objects) usually makes; a shot beyond them would hit nothing. */
const OWN_STEPS: Record<string, Partial<Record<StepKind, number>>> = {
  Mailbox: { sql: 600, transaction: 90, alarm: 20, wake: 20, call: 32, queue: 32 },
  Till: { sql: 150, transaction: 16, alarm: 2, call: 20 },
  AccountLedger: { sql: 280, transaction: 22, alarm: 32, wake: 16, call: 52, queue: 7 },
};
/** Of eight seeds. */
const SHARED_STEPS: Record<string, Partial<Record<StepKind, number>>> = {
  ReceiptBook: { sql: 4_000, transaction: 480, alarm: 290, wake: 80, call: 450, queue: 58 },
  DisconnectGate: { sql: 280, transaction: 40, call: 125 },
  Directory: { sql: 230, call: 190 },
  database: { fetch: 200 },
  legacy: { fetch: 60 },
  meters: { fetch: 34 },
  vendor: { fetch: 40 },
  VendorBudget: { call: 60 },
};
const OWN_SHOTS = 10;
const SHARED_SHOTS_PER_SEED = 4;
/** Of one kind, an object's own steps are hit early more often than late: a crash after the play hits nothing. */
const EARLY = 1.4;

/** What is to fail in one seed's own objects. */
export function drawOwnShots(draw: Draw, owner: string): Shots {
  return draws(draw, owner, OWN_STEPS, OWN_SHOTS);
}

/** What is to fail in the objects that all seeds of a batch share, and on the way to the world. */
export function drawSharedShots(draw: Draw, seeds: number): Shots {
  return draws(draw, SHARED, scaled(SHARED_STEPS, seeds / 8), SHARED_SHOTS_PER_SEED * seeds);
}

function draws(
  draw: Draw,
  owner: string,
  steps: Record<string, Partial<Record<StepKind, number>>>,
  count: number,
): Shots {
  const places = Object.entries(steps).flatMap(([place, kinds]) =>
    Object.entries(kinds).map(([kind, max]) => ({ place, kind: kind as StepKind, max })),
  );
  const shots: Shots = {};
  for (let n = 0; n < count; n++) {
    const { place, kind, max } = places[draw.below(places.length)] ?? { place: "Mailbox", kind: "sql", max: 1 };
    const at = 1 + Math.floor(max * draw.next() ** EARLY);
    shots[shotKey(countKey(owner, place, kind), at)] = draw.pick<Action>(ACTIONS[kind]);
  }
  return shots;
}

const scaled = (steps: Record<string, Partial<Record<StepKind, number>>>, by: number) =>
  Object.fromEntries(
    Object.entries(steps).map(([place, kinds]) => [
      place,
      Object.fromEntries(Object.entries(kinds).map(([kind, max]) => [kind, Math.max(1, Math.ceil(max * by))])),
    ]),
  );
