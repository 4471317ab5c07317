/** The IoT bridge of a run: posts readings, and the same again when it is told to. */
import { setTimeout as wait } from "node:timers/promises";
import { asRecord, parseJson } from "../../serve.ts";
import type { Post } from "./readings.ts";

const POST_MS_MAX = 60_000;
/** Tries of one POST; a run whose readings are still refused then is red. */
const TRIES_MAX = 20;
const REFUSED_PAUSE_MS = 1_000;

export type Posted = {
  /** Of each POST, until it was answered with a 2xx. */
  ms: number[];
  /** Answers that said: send the same again. */
  refusals: number;
  /** What became of the messages: "accepted", "accepted, duplicate", "rejected: energy_active" … */
  outcomes: Map<string, number>;
  /** From the first POST to the last answer. */
  tookMs: number;
};

/** Lanes side by side; within a lane a POST waits for the answer to the one before it. */
export async function postAll(url: string, iotKey: string, lanes: readonly (readonly Post[])[]): Promise<Posted> {
  const posted: Posted = { ms: [], refusals: 0, outcomes: new Map(), tookMs: 0 };
  const began = performance.now();
  await Promise.all(
    lanes.map(async (posts) => {
      for (const post of posts) await postOne(url, iotKey, post, posted);
    }),
  );
  posted.tookMs = performance.now() - began;
  return posted;
}

async function postOne(url: string, iotKey: string, { body, messages }: Post, posted: Posted) {
  const began = performance.now();
  const headers = { "content-type": "application/json", "x-iot-key": iotKey };
  let last = "";
  for (let tries = 1; tries <= TRIES_MAX; tries++) {
    const signal = AbortSignal.timeout(POST_MS_MAX);
    const answer = await fetch(url, { method: "POST", headers, body, signal }).catch((thrown: unknown) =>
      String(thrown),
    );
    const text = typeof answer === "string" ? answer : await answer.text();
    if (typeof answer !== "string" && answer.ok) {
      posted.ms.push(performance.now() - began);
      return count(text, messages, posted.outcomes);
    }
    if (typeof answer !== "string" && answer.status < 500)
      throw new Error(`${url} answered ${answer.status}: ${text.slice(0, 300)}`);
    last = text;
    posted.refusals += 1;
    await wait(REFUSED_PAUSE_MS);
  }
  throw new Error(`${messages} readings were not taken in ${TRIES_MAX} tries: ${last.slice(0, 300)}`);
}

function count(text: string, messages: number, outcomes: Map<string, number>) {
  const { results } = asRecord(parseJson(text));
  if (!Array.isArray(results) || results.length !== messages)
    throw new Error(`${messages} readings were answered ${text.slice(0, 300)}`);
  for (const result of results) {
    const { status, because, field } = asRecord(result);
    const why = because ?? field;
    const outcome = why === null || why === undefined ? String(status) : `${status}, ${why}`;
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  }
}
