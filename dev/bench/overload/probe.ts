/** A phone beside the others, which hands over one text that is no payment now and then: how it is served is how others fare. */
import { setTimeout as wait } from "node:timers/promises";
import { basicAuth, splitCredentials } from "../../phone-http.ts";

const EVERY_MS = 250;
const ANSWER_MS_MAX = 30_000;
const LAST_TRIES_MAX = 240;

export type Probe = { at: number; ms: number; status: number };

export class ProbePhone {
  readonly all: Probe[] = [];
  /** SMS that were acknowledged. */
  acknowledged = 0;
  readonly #address: string;
  readonly #authorization: string;
  #isOn = false;
  #running: Promise<void> = Promise.resolve();
  #texts = 0;
  #body: string | null = null;

  constructor(url: string) {
    const parts = splitCredentials(url);
    if (parts === null) throw new Error("the phone's URL has no credentials");
    this.#address = parts.address;
    this.#authorization = basicAuth(parts.user, parts.password);
  }

  /** One request; the same bytes again where the last was not acknowledged. */
  async ask(): Promise<Probe> {
    const now = Date.now();
    this.#body ??= JSON.stringify({
      messages: [
        {
          sms_received: now,
          sms_sent: now,
          content: `Dial *100# for more. ${this.#texts++}`,
          from: "Vodacom",
          id: crypto.randomUUID(),
        },
      ],
      updates: [],
    });
    const began = performance.now();
    const status = await fetch(this.#address, {
      method: "POST",
      body: this.#body,
      headers: {
        Authorization: this.#authorization,
        "Content-Type": "application/json",
        "User-Agent": "Dalvik/2.1.0 medic-gateway.generic/v1.7.2",
      },
      signal: AbortSignal.timeout(ANSWER_MS_MAX),
    }).then(
      async (answer) => {
        await answer.arrayBuffer().catch(() => undefined);
        return answer.status;
      },
      () => 0,
    );
    const probe = { at: Date.now(), ms: performance.now() - began, status };
    if (status >= 200 && status < 300) {
      this.acknowledged += 1;
      this.#body = null;
    }
    this.all.push(probe);
    return probe;
  }

  start() {
    this.#isOn = true;
    this.#running = (async () => {
      while (this.#isOn) {
        await this.ask();
        await wait(EVERY_MS);
      }
    })();
  }

  /** Ends when the last text that was offered is acknowledged: it is not left in doubt whether it was stored. */
  async stop() {
    this.#isOn = false;
    await this.#running;
    for (let tries = 0; this.#body !== null; tries++) {
      if (tries >= LAST_TRIES_MAX) throw new Error(`the last SMS was not acknowledged in ${LAST_TRIES_MAX} tries`);
      await this.ask();
      await wait(EVERY_MS);
    }
  }
}
