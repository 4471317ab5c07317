/** What nothing took of payments to the number of the contract, and what staff do with it: in some seeds one phone is that number's. */
import { setTimeout as wait } from "node:timers/promises";
import { asRecord } from "../serve.ts";
import type { Lane } from "./lane.ts";
import { insist, type Said, type Stop, said } from "./players.ts";
import type { PhoneKey } from "./script.ts";
import { type Draw, drawFrom } from "./seeded.ts";

/** Seeds of three in which phone `b` is the contract's. */
const CONTRACT_SHARE = 2 / 3;
/** Acts of one seed; each looks until its account has something that nothing took, or gives up. */
const ACTS = 5;
const LOOKS_MAX = 16;
const LOOK_MS = 400;
/** The draws of a seed's rests are another sequence than its texts: an earlier run's seeds stay what they were. */
const RESTS = 6_007;

/** sell: all that may become energy. half: half of it. two: two people order all of one picture at once. back: half is paid back. */
export type RestAct = { what: "sell" | "half" | "two" | "back"; account: string; actor: string };

export type Rests = { contractPhone: PhoneKey | null; acts: RestAct[] };

export function restsOf(seed: number, live: readonly string[]): Rests {
  const draw = drawFrom(seed * RESTS + 4);
  const [first, ...others] = live;
  if (first === undefined || !draw.chance(CONTRACT_SHARE)) return { contractPhone: null, acts: [] };
  const acts = Array.from({ length: ACTS }, (): RestAct => {
    const what = draw.pick(["sell", "half", "half", "two", "two", "back"] as const);
    return { what, account: draw.pick([first, ...others]), actor: draw.pick(["thabo", "palesa"]) };
  });
  return { contractPhone: "b", acts };
}

type Seen = { paymentKey: string; receipt: string; leftMinor: number; availableMinor: number };

/** Staff look at an account until something of it may become energy, and sell it or pay it back. Null: nothing ever came. */
export async function playRest(lane: Lane, act: RestAct, draw: Draw, playMs: number, stop: Stop): Promise<Said | null> {
  await wait(playMs / 4 + draw.below(playMs));
  for (let looks = 0; looks < LOOKS_MAX && !stop.over; looks++) {
    const rest = await openRest(lane, act.account);
    if (rest !== null) return act.what === "back" ? payBack(lane, act, rest, stop) : sell(lane, act, rest, stop);
    await wait(LOOK_MS);
  }
  return null;
}

async function openRest(lane: Lane, account: string): Promise<Seen | null> {
  const { status, body } = await lane.ops("GET", `/accounts/${account}/fees`);
  const { unallocated } = asRecord(body);
  if (status !== 200 || !Array.isArray(unallocated)) return null;
  const [open] = unallocated.map(asRecord).filter(({ availableMinor }) => Number(availableMinor) > 1);
  if (open === undefined) return null;
  const [leftMinor, availableMinor] = [Number(open.leftMinor), Number(open.availableMinor)];
  return { paymentKey: String(open.paymentKey), receipt: String(open.receipt), leftMinor, availableMinor };
}

async function sell(lane: Lane, { what, account, actor }: RestAct, rest: Seen, stop: Stop): Promise<Said> {
  const { paymentKey, receipt, leftMinor, availableMinor } = rest;
  const amountMinor = what === "half" ? Math.floor(availableMinor / 2) : availableMinor;
  const body = { paymentKey, leftMinor, amountMinor, reason: "asks for light" };
  const order = (by: string) =>
    insist(() => lane.ops("POST", `/accounts/${account}/unallocated/energy`, body, by), stop);
  const answers = await Promise.all((what === "two" ? ["thabo", "palesa"] : [actor]).map(order));
  return said(`staff: ${what} of a rest`, receipt, answers[0] ?? { status: 0, body: null });
}

/** Ordered by one, approved by another, and waited for: until it is posted or refused it is on its way. */
async function payBack(lane: Lane, { account }: RestAct, rest: Seen, stop: Stop): Promise<Said> {
  const amountMinor = Math.floor(rest.availableMinor / 2);
  const body = { act: "refund", part: "unallocated", account, amountMinor, reason: "moves away" };
  const document = `letter ${rest.paymentKey} ${rest.leftMinor}`;
  const made = await insist(() => lane.ops("POST", "/fees", { ...body, document }, "thabo"), stop);
  const id = String(asRecord(asRecord(made.body).order).id);
  let answer = made;
  while (made.status < 300 && !stop.over) {
    const path = `/fees/${id}/approve`;
    answer = await insist(() => lane.ops("POST", path, { reason: "seen the letter" }, "palesa"), stop);
    const { state } = asRecord(asRecord(answer.body).order);
    if (answer.status >= 300 || state === "posted" || state === "refused") break;
    await wait(LOOK_MS);
  }
  return said("staff: pays back of a rest", rest.receipt, answer);
}
