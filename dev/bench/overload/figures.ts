/** What an overload did, from every answer that phones got. */
import { percentile } from "../figures.ts";
import type { Answered } from "./thread.ts";

export type Overload = {
  requests: number;
  /** Requests answered 2xx; 503 with Retry-After; 503 without; anything else, connections that broke among them. */
  acknowledged: number;
  refused: number;
  bare503: number;
  other: number;
  acknowledgedSms: number;
  acknowledgedP95Ms: number | null;
  refusedP95Ms: number | null;
  /** From the first request to the last acknowledgement, milliseconds. */
  tookMs: number;
};

export function overloadOf(answers: readonly Answered[]): Overload {
  const ok = answers.filter(({ status }) => status >= 200 && status < 300);
  const busy = answers.filter(({ status }) => status === 503);
  const refused = busy.filter(({ retryAfter }) => retryAfter);
  const sms = (of: readonly Answered[]) => of.reduce((sum, { messages }) => sum + messages, 0);
  const took = (of: readonly Answered[]) => of.map(({ ms }) => ms);
  const began = answers.reduce((first, { at, ms }) => Math.min(first, at - ms), Number.POSITIVE_INFINITY);
  const ended = ok.reduce((last, { at }) => Math.max(last, at), 0);
  return {
    requests: answers.length,
    acknowledged: ok.length,
    refused: refused.length,
    bare503: busy.length - refused.length,
    other: answers.length - ok.length - busy.length,
    acknowledgedSms: sms(ok),
    acknowledgedP95Ms: percentile(took(ok), 0.95),
    refusedP95Ms: percentile(took(refused), 0.95),
    tookMs: Math.max(0, ended - began),
  };
}

export type Memory = { firstMb: number; mostMb: number };
/**
 * One phase of a run: SMS that phones want to hand over at the same moment, what they were answered, when all of it was at rest, and
 * the Worker's resident memory meanwhile.
 */
export type Phase = { atOnceSms: number; seen: Overload; restMs: number | null; memory: Memory };

/** Times as many SMS at any moment as are brought to their end in a second; less is no overload. */
export const TIMES_MIN = 10;
/** Bodies under way, and what is made of them: all that the platform's isolate has. */
const ISOLATE_MB = 128;
/** A phone's object that is awake. On the platform it is elsewhere; a local workerd holds all of them: 1,500 took 1,130 MB. */
const OBJECT_MB = 0.75;

/** By how much a local Worker's memory may be more than it was when the same phones came one after the other, whole megabytes. */
export const moreMbMax = (phones: number) => Math.ceil(ISOLATE_MB + phones * OBJECT_MB);

/**
 * How many seconds of what is served, `usual`, are offered at any moment. Phones wait for their answers, so that what they offer a
 * second says how quickly they are answered, and nothing of how many there are.
 */
export function timesOffered(usual: Phase, { atOnceSms }: Phase): number {
  const served = usual.restMs === null ? 0 : (usual.seen.acknowledgedSms * 1_000) / usual.restMs;
  return served === 0 ? 0 : atOnceSms / served;
}

/** What was not as promised; empty: all was. `recoveredMs` null: the phone beside the others was never served as before. */
export function overloadFaults(usual: Phase, over: Phase, recoveredMs: number | null, mbMax: number): string[] {
  const { seen } = over;
  const times = timesOffered(usual, over);
  const more = over.memory.mostMb - usual.memory.mostMb;
  return [
    ...(usual.seen.acknowledged < usual.seen.requests ? ["a phone was refused before there was an overload"] : []),
    ...(times < TIMES_MIN ? [`${times.toFixed(1)} times as many as are served: no overload of ${TIMES_MIN}`] : []),
    ...(seen.refused === 0 ? ["nobody was refused: it was no overload"] : []),
    ...(seen.bare503 > 0 ? [`${seen.bare503} answers of 503 had no Retry-After`] : []),
    ...(seen.other > 0 ? [`${seen.other} requests were neither acknowledged nor refused with 503`] : []),
    ...(more > mbMax ? [`the Worker's memory grew by ${more} MB, more than ${mbMax}`] : []),
    ...(recoveredMs === null ? ["a phone beside the others was not served as before, however long it was asked"] : []),
    ...(over.restMs === null ? ["not all came to rest"] : []),
  ];
}

/** Well again: so many answers in a row within the time that is promised to a POST, or within twice what it took before. */
const PROBES_IN_A_ROW = 3;
const PROMISED_MS = 100;

/** Milliseconds from `endedAt` until the phone beside the others was served as before; null: not within what was seen. */
export function recoveredMs(
  probes: readonly { at: number; ms: number; status: number }[],
  endedAt: number,
  usualMs: number,
): number | null {
  const wellMs = Math.max(PROMISED_MS, 2 * usualMs);
  const after = probes.filter(({ at, ms }) => at - ms >= endedAt);
  const isWell = ({ ms, status }: { ms: number; status: number }) => status >= 200 && status < 300 && ms <= wellMs;
  const first = after.findIndex((_, n) => {
    const row = after.slice(n, n + PROBES_IN_A_ROW);
    return row.length === PROBES_IN_A_ROW && row.every(isWell);
  });
  const well = after[first];
  return well === undefined ? null : Math.max(0, well.at - endedAt);
}
