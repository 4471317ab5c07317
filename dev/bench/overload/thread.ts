/** Many phones that take no pause for an answer, in a thread of their own: what they measure is not held up by the other simulators. */
import { Agent, request } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { parentPort, workerData } from "node:worker_threads";
import { basicAuth, splitCredentials } from "../../phone-http.ts";
import type { BenchSms } from "../texts.ts";

export type OverloadOrder = {
  phones: { url: string; texts: BenchSms[] }[];
  /** SMS of one request. */
  perRequest: number;
  /** Requests under way at the same time; as many as there are phones: none waits for another. */
  atOnce: number;
  /** How long whoever was refused waits, about. A real phone waits for its next alarm. */
  pauseMs: number;
  /** A phone that still has something after so long makes the run red. */
  msMax: number;
};
/** One answer: when it came, UTC milliseconds, and how long it took. `status` 0: the connection broke. */
export type Answered = { at: number; ms: number; status: number; retryAfter: boolean; messages: number };

const { phones, perRequest, atOnce, pauseMs, msMax } = workerData as OverloadOrder;
const ANSWER_MS_MAX = 30_000;
const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
const answers: Answered[] = [];

type Phone = { address: string; authorization: string; texts: BenchSms[]; next: number; body: string | null };

function post({ address, authorization }: Phone, body: string): Promise<{ status: number; retryAfter: boolean }> {
  return new Promise((done) => {
    const broken = () => done({ status: 0, retryAfter: false });
    const headers = {
      "Content-Type": "application/json",
      "Content-Length": Buffer.byteLength(body),
      Authorization: authorization,
      "User-Agent": "Dalvik/2.1.0 medic-gateway.generic/v1.7.2",
    };
    const sent = request(address, { method: "POST", headers, agent, timeout: ANSWER_MS_MAX }, (answer) => {
      answer.resume();
      answer.once("error", broken);
      answer.once("end", () =>
        done({ status: answer.statusCode ?? 0, retryAfter: answer.headers["retry-after"] !== undefined }),
      );
    });
    sent.once("timeout", () => sent.destroy());
    sent.once("error", broken);
    sent.end(body);
  });
}

function phoneOf({ url, texts }: OverloadOrder["phones"][number]): Phone {
  const parts = splitCredentials(url);
  if (parts === null) throw new Error("a phone's URL has no credentials");
  return { address: parts.address, authorization: basicAuth(parts.user, parts.password), texts, next: 0, body: null };
}

/** Phone after phone hands over one request, until none has anything left. */
async function lane(waiting: Phone[], until: number): Promise<void> {
  for (let phone = waiting.shift(); phone !== undefined; phone = waiting.shift()) {
    if (Date.now() > until)
      throw new Error(`a phone has ${phone.texts.length - phone.next} SMS left after ${msMax} ms`);
    const messages = phone.texts.slice(phone.next, phone.next + perRequest);
    // The same bytes until they are acknowledged.
    phone.body ??= JSON.stringify({
      messages: messages.map(({ from, content, sentAt }) => {
        return { sms_received: sentAt, sms_sent: sentAt, content, from, id: crypto.randomUUID() };
      }),
      updates: [],
    });
    const began = performance.now();
    const { status, retryAfter } = await post(phone, phone.body);
    answers.push({ at: Date.now(), ms: performance.now() - began, status, retryAfter, messages: messages.length });
    if (status >= 200 && status < 300) {
      phone.next += perRequest;
      phone.body = null;
    } else await wait(pauseMs * (0.5 + Math.random()));
    if (phone.next < phone.texts.length) waiting.push(phone);
  }
}

const waiting = phones.filter(({ texts }) => texts.length > 0).map(phoneOf);
const until = Date.now() + msMax;
Promise.all(Array.from({ length: Math.min(atOnce, waiting.length) }, () => lane(waiting, until))).then(
  () => parentPort?.postMessage({ answers }),
  (thrown: unknown) => parentPort?.postMessage({ answers, error: String(thrown) }),
);
