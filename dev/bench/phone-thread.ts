/** The phones of a run, in a thread of their own: what they measure is not held up by the other simulators. */
import { setTimeout as wait } from "node:timers/promises";
import { parentPort } from "node:worker_threads";
import { MedicPhone } from "../medic-phone.ts";
import type { BenchSms } from "./texts.ts";

/** One answered request: when it began, UTC milliseconds, how long it took, what was in it. */
export type PollTiming = { phoneId: string; at: number; ms: number; messages: number; updates: number; ok: boolean };
export type PhoneOrder =
  | { id: number; do: "phones"; urls: [string, string][] }
  | { id: number; do: "store"; texts: [string, BenchSms[]][] }
  /** Every phone posts until it has nothing left. */
  | { id: number; do: "drain" }
  /** Every phone asks once, with nothing to hand over. */
  | { id: number; do: "poll" }
  /** One SMS each so often, phone after phone, each posted as it arrives. */
  | { id: number; do: "paced"; everyMs: number; texts: [string, BenchSms][] };
export type PhoneAnswer = { id: number; polls: PollTiming[]; error?: string };

/** A phone that is refused so often in a row stops: the run is red. */
const REFUSALS_MAX = 50;
const REFUSED_PAUSE_MS = 200;

class TimedPhone extends MedicPhone {
  readonly polls: PollTiming[] = [];
  phoneId = "";

  override async poll() {
    const at = Date.now();
    const began = performance.now();
    const polled = await super.poll();
    const { ok, messages, updates } = polled;
    this.polls.push({ phoneId: this.phoneId, at, ms: performance.now() - began, messages, updates, ok });
    return polled;
  }
}

const phones = new Map<string, TimedPhone>();

async function drain(phone: TimedPhone) {
  for (let refusals = 0; phone.waiting > 0; refusals++) {
    if (refusals >= REFUSALS_MAX) throw new Error(`${phone.phoneId} still has ${phone.waiting} SMS`);
    if (refusals > 0) await wait(REFUSED_PAUSE_MS);
    await phone.wake();
  }
}

async function paced(everyMs: number, texts: [string, BenchSms][]) {
  const began = performance.now();
  const posts: Promise<unknown>[] = [];
  for (const [index, [phoneId, sms]] of texts.entries()) {
    const dueIn = began + index * everyMs - performance.now();
    if (dueIn > 0) await wait(dueIn);
    const phone = phones.get(phoneId);
    if (phone !== undefined) posts.push(phone.onSms(sms));
  }
  await Promise.all(posts);
}

async function obey(order: PhoneOrder): Promise<PollTiming[]> {
  switch (order.do) {
    case "phones":
      for (const [phoneId, url] of order.urls) {
        const phone = new TimedPhone({ url });
        phone.phoneId = phoneId;
        phones.set(phoneId, phone);
      }
      break;
    case "store":
      for (const [phoneId, texts] of order.texts) for (const sms of texts) phones.get(phoneId)?.store(sms);
      break;
    case "drain":
      await Promise.all([...phones.values()].map(drain));
      break;
    case "poll":
      await Promise.all([...phones.values()].map((phone) => phone.poll()));
      break;
    case "paced":
      await paced(order.everyMs, order.texts);
      break;
  }
  return [...phones.values()].flatMap((phone) => phone.polls.splice(0));
}

parentPort?.on("message", (order: PhoneOrder) => {
  obey(order).then(
    (polls) => parentPort?.postMessage({ id: order.id, polls } satisfies PhoneAnswer),
    (thrown: unknown) =>
      parentPort?.postMessage({ id: order.id, polls: [], error: String(thrown) } satisfies PhoneAnswer),
  );
});
