/** Waits after a batch until nobody owes anybody anything, and says who still does, and why. */
import { setTimeout as wait } from "node:timers/promises";
import { asRecord } from "../serve.ts";
import { type CreditShown, creditsIn } from "./collect.ts";
import type { Lane } from "./lane.ts";
import type { Script } from "./script.ts";

/** Nothing of what is owed has changed for so long: it is stuck. */
const STILL_MS_MAX = 45_000;
const DRAIN_MS_MAX = 180_000;
const MINUTE_MS = 60_000;
export const DRAIN_LOOK_MS = 400;

/** `what` changes when something moves; `why` says what it stands at, and changes with every try. */
type Owed = { what: string; why: string };

/** Empty: all is quiet. What is still owed when nothing has moved for long is stuck, each with what it stands at. */
export async function drain(
  lane: Lane,
  scripts: readonly Script[],
  plays: readonly { script: Script; waiting: () => number }[],
  usualSpeed: number,
): Promise<string[]> {
  const accounts = scripts.flatMap(({ accounts: of }) => of.map(({ account }) => account));
  const began = performance.now();
  let movedAt = began;
  let minuteAt = 0;
  let owed: Owed[] = [];
  const longer = Math.max(1, usualSpeed / lane.clock.speed);
  while (performance.now() - movedAt < STILL_MS_MAX * longer && performance.now() - began < DRAIN_MS_MAX * longer) {
    await wait(DRAIN_LOOK_MS);
    if (lane.now() - minuteAt > MINUTE_MS) {
      minuteAt = lane.now();
      await lane.minute();
    }
    const now = await owedNow(lane, accounts, plays);
    if (now.length === 0) return [];
    if (now.map(({ what }) => what).join() !== owed.map(({ what }) => what).join()) movedAt = performance.now();
    owed = now;
  }
  return owed.map(({ what, why }) => (why === "" ? what : `${what}: ${why}`));
}

async function owedNow(
  lane: Lane,
  accounts: readonly string[],
  plays: readonly { script: Script; waiting: () => number }[],
): Promise<Owed[]> {
  const toBring = plays.flatMap(({ script, waiting }) =>
    waiting() > 0 ? [{ what: `seed ${script.seed}: ${waiting()} to bring`, why: "" }] : [],
  );
  if (toBring.length > 0) return toBring;
  const deep = await depths(lane);
  if (deep.length > 0) return deep;
  const all = await Promise.all(
    accounts.map(async (account) => {
      const { status, body } = await lane.ops("GET", `/accounts/${account}`);
      return owedBy(account, status, body, { now: lane.now(), isThere: (key) => lane.vendor.has(key) });
    }),
  );
  return all.filter((each) => each !== null);
}

const OPEN_COMMAND = /queued|published|wanted/;

/**
 * What an account owes by its view, which was answered with this status; null: nothing. `isThere`: the vendor has the payment of this
 * entry. `now`, UTC ms: by the fast clock, as the instants of the view.
 */
export function owedBy(
  account: string,
  status: number,
  view: unknown,
  { now, isThere }: { now: number; isThere: (entryKey: string) => boolean },
): Owed | null {
  const { copyWaiting, messages, commands } = asRecord(view);
  const states = (list: unknown) => (Array.isArray(list) ? list : []).map((each) => String(asRecord(each).state));
  const pending = states(messages).filter((state) => state === "pending");
  const open = states(commands).filter((state) => OPEN_COMMAND.test(state));
  const credits = creditsIn(view).filter((credit) => isOwed(credit, isThere));
  if (status === 200 && copyWaiting === 0 && pending.length + open.length + credits.length === 0) return null;
  return {
    what: `${account}: ${status}, ${copyWaiting} rows, ${pending.length} SMS, ${open.length} commands, ${credits.length} credits`,
    why: [...open.map((state) => `command ${state}`), ...credits.map((credit) => standing(credit, now))].join("; "),
  };
}

/**
 * One that was tried, is not wanted any more and never arrived is looked for ten minutes longer, for nothing; one that its
 * vendor does not take back waits for a person.
 */
const isOwed = ({ waiting, state, because, externalId }: CreditShown, isThere: (entryKey: string) => boolean) =>
  waiting && because !== "cannot_take_back" && !(state === "taking_back" && !isThere(externalId));

/** Where a credit stands, and when its account's alarm tries it again. */
function standing({ externalId, state, because, attempts, nextAt, error }: CreditShown, now: number): string {
  const why = because === null ? state : `${state} (${because})`;
  const seconds = nextAt === null ? null : Math.round((nextAt - now) / 1_000);
  const next =
    seconds === null ? "nobody tries it" : seconds < 0 ? `was due ${-seconds} s ago` : `tried again in ${seconds} s`;
  return `${externalId} ${why}, ${attempts} ${attempts === 1 ? "try" : "tries"}, ${next}${error === null ? "" : `, ${error}`}`;
}

async function depths(lane: Lane): Promise<Owed[]> {
  const { status, body } = await lane.ops("GET", "/status");
  if (status !== 200) return [{ what: `status was answered ${status}`, why: "" }];
  const view = asRecord(body);
  return Object.entries(asRecord(view.depths)).flatMap(([name, depth]) =>
    depth === 0 || name === "outgoingSms" ? [] : [{ what: `${name}: ${depth}`, why: "" }],
  );
}
