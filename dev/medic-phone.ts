/** A phone with the Medic (CHT) gateway app, as its code behaves, weaknesses included. */
import * as http from "./phone-http.ts";

/** The app's own numbers. */
const MESSAGES_PER_POLL = 10;
const UPDATES_PER_POLL = 20;
const SENDS_PER_WAKE = 10;
const RETRIES_MAX = 20;
const RETRY_BASE_MS = 60_000;
/** A guard of the simulator, not of the app: a wake that polls more often than this is reported as an endless loop. */
const POLLS_PER_WAKE_MAX = 2_000;
const PART_CHARS = 160;

type Status = "UNSENT" | "PENDING" | "SENT" | "DELIVERED" | "FAILED";
type Incoming = { id: string; from: string; content: string; sentAt: number; receivedAt: number; forwarded: boolean };
export type Outgoing = {
  id: string;
  to: string;
  content: string;
  status: Status;
  reason: string | null;
  retries: number;
  lastActionAt: number;
  /** How often the radio really sent it. */
  timesSent: number;
};
type Update = { id: string; status: Status; reason: string | null; due: boolean };

export type MedicPhoneOptions = {
  /** As typed into the app, credentials included. */
  url: string;
  transport?: http.Transport;
  /** The phone's clock, UTC milliseconds. It may be years wrong. */
  now?: () => number;
  /** By default that of the build in use, which the old system knows by the words medic-gateway. */
  userAgent?: string;
  /** What the radio does with an outgoing SMS. */
  radio?: (sms: Outgoing) => http.RadioOutcome;
};

export class MedicPhone {
  readonly incoming: Incoming[] = [];
  readonly outgoing = new Map<string, Outgoing>();
  /** Faults of the coming requests, first first. */
  readonly faults: http.WireFault[] = [];
  radio: (sms: Outgoing) => http.RadioOutcome;
  #updates: Update[] = [];
  /** The log on shared storage, from which a reinstalled app sends everything again under the same ids. */
  #log: Incoming[] = [];
  readonly #address: string;
  readonly #headers: Record<string, string>;
  readonly #transport: http.Transport;
  readonly #now: () => number;

  constructor({ url, transport = (to, init) => fetch(to, init), now = Date.now, userAgent, radio }: MedicPhoneOptions) {
    const parts = http.splitCredentials(url);
    this.#address = parts?.address ?? url;
    this.#headers = {
      "User-Agent": userAgent ?? "Dalvik/2.1.0 (Linux; U; Android 9) medic-gateway.generic/v1.7.2",
    };
    // The password is percent-encoded on its way into the header and never decoded again: a bug of the app.
    if (parts !== null) this.#headers.Authorization = http.basicAuth(parts.user, encodeURIComponent(parts.password));
    this.#transport = transport;
    this.#now = now;
    this.radio = radio ?? (() => "delivered");
  }

  get waiting(): number {
    return this.incoming.filter((sms) => !sms.forwarded).length;
  }

  get updatesWaiting(): number {
    return this.#updates.filter((update) => update.due).length;
  }

  /** The check made when someone saves the settings. */
  async handshake(): Promise<boolean> {
    const headers = { ...this.#headers, "Content-Type": "application/json" };
    const answer = await http.carry(this.#transport, this.#address, { method: "GET", headers }, this.faults.shift());
    const flag = leadingObject(await answer.text())?.["medic-gateway"];
    return answer.ok && (flag === true || flag === "true");
  }

  /** An SMS arrives: stored, then one poll at once, then sending if that poll went well. Answers the id it was given. */
  async onSms(sms: http.ReceivedSms): Promise<string> {
    const id = this.store(sms);
    if ((await this.poll()).ok) this.send();
    return id;
  }

  /** Only stored, as when many arrive together or there is no network. */
  store({ from, content, sentAt }: http.ReceivedSms): string {
    const receivedAt = this.#now();
    const isMultipart = content.length > PART_CHARS;
    const operatorStamp = Math.floor((sentAt ?? receivedAt) / 1000) * 1000;
    const sms = { id: crypto.randomUUID(), from, content, sentAt: isMultipart ? 0 : operatorStamp, receivedAt };
    this.incoming.push({ ...sms, forwarded: false });
    this.#log.push({ ...sms, forwarded: false });
    return sms.id;
  }

  /** One POST of the oldest messages and updates. `ok` is what the app believes. */
  async poll(): Promise<{ ok: boolean; messages: number; updates: number }> {
    const messages = this.incoming.filter((sms) => !sms.forwarded).slice(0, MESSAGES_PER_POLL);
    const updates = this.#updates.filter((update) => update.due).slice(0, UPDATES_PER_POLL);
    const counts = { messages: messages.length, updates: updates.length };
    let body: Record<string, unknown> | null;
    try {
      const answer = await this.#post(requestBody(messages, updates));
      body = answer.status >= 200 && answer.status < 300 ? leadingObject(await answer.text()) : null;
    } catch {
      body = null;
    }
    if (body === null) return { ok: false, ...counts };
    for (const sms of messages) sms.forwarded = true;
    for (const update of updates) update.due = false;
    const offers = body.messages;
    if (offers === null || offers === undefined) return { ok: true, ...counts };
    // Acknowledged already; what follows throws inside the app, and everything offered is dropped.
    if (!Array.isArray(offers)) return { ok: false, ...counts };
    for (const offer of offers) this.#accept(offer);
    return { ok: true, ...counts };
  }

  /** The repeating alarm: polls again while full batches go well, and sends in any case. Answers the number of polls. */
  async wake(): Promise<number> {
    for (let polls = 1; ; polls++) {
      if (polls > POLLS_PER_WAKE_MAX) throw new http.ClientCrash("the phone polls without end");
      const { ok, messages, updates } = await this.poll();
      if (ok && (messages === MESSAGES_PER_POLL || updates === UPDATES_PER_POLL)) continue;
      this.send();
      return polls;
    }
  }

  send() {
    const unsent = [...this.outgoing.values()].filter((sms) => sms.status === "UNSENT");
    const first = unsent.sort((a, b) => a.lastActionAt - b.lastActionAt).slice(0, SENDS_PER_WAKE);
    // Those still waiting for their retry are skipped only now: ten of them hold up everything behind.
    for (const sms of first) {
      const dueAt = sms.lastActionAt + RETRY_BASE_MS * sms.retries ** 1.5;
      if (sms.retries === 0 || this.#now() >= dueAt) this.#sendOne(sms);
    }
  }

  /** Someone presses Retry. */
  retry(id: string) {
    const sms = this.outgoing.get(id);
    if (sms !== undefined && (sms.status === "FAILED" || sms.status === "PENDING")) this.#become(sms, "UNSENT");
  }

  /** The app's data is cleared. */
  wipe({ keepLog }: { keepLog: boolean }) {
    this.incoming.length = 0;
    this.outgoing.clear();
    this.#updates = [];
    if (!keepLog) this.#log = [];
  }

  /** The app is opened: what the log has and the app has not is sent again under the same ids. */
  replayLog() {
    const known = new Set(this.incoming.map((sms) => sms.id));
    for (const sms of this.#log) if (!known.has(sms.id)) this.incoming.push({ ...sms, forwarded: false });
    this.#log = [];
  }

  async #post(body: string): Promise<Response> {
    const headers: Record<string, string> = {
      ...this.#headers,
      Accept: "application/json",
      "Accept-Charset": "utf-8",
      "Cache-Control": "no-cache",
      "Content-Type": "application/json",
    };
    const fault = this.faults.shift();
    const answer = await http.carry(this.#transport, this.#address, { method: "POST", headers, body }, fault);
    return http.followAsGet(answer, this.#address, { acrossSchemes: false }, (url) =>
      this.#transport(url, { method: "GET", headers, redirect: "manual" }),
    );
  }

  /** Bad elements are skipped without a word. Null becomes the text "null", and would be sent as such. */
  #accept(offer: unknown) {
    const fields = http.asObject(offer);
    if (fields === null || !("id" in fields) || !("to" in fields) || !("content" in fields)) return;
    const [id, to, content] = [String(fields.id), String(fields.to), String(fields.content)];
    const known = this.outgoing.get(id);
    if (known !== undefined) {
      // Number and text of a repeat are ignored; the newest update is reported once more, and the retry is put off.
      const newest = this.#updates.findLast((update) => update.id === id);
      if (newest !== undefined) newest.due = true;
      known.lastActionAt = this.#now();
      return;
    }
    const sms: Outgoing = {
      id,
      to: to.replace(/[-\s]/g, ""),
      content,
      status: "UNSENT",
      reason: null,
      retries: 0,
      lastActionAt: 0,
      timesSent: 0,
    };
    this.outgoing.set(id, sms);
    this.#become(sms, "UNSENT");
  }

  #sendOne(sms: Outgoing) {
    if (!/^\+?[0-9.]+$/.test(sms.to)) return this.#become(sms, "FAILED", "destination.invalid");
    if (sms.content === "")
      return this.#become(
        sms,
        "FAILED",
        "Exception: java.lang.IllegalArgumentException; message: Invalid message body; cause: null",
      );
    this.#become(sms, "PENDING");
    const outcome = this.radio(sms);
    if (outcome === "none") return undefined;
    if (outcome === "hard") return this.#become(sms, "FAILED", "generic; no errorCode supplied");
    if (outcome === "soft") {
      sms.retries += 1;
      return sms.retries > RETRIES_MAX ? this.#become(sms, "FAILED", "no-service") : this.#become(sms, "UNSENT");
    }
    sms.timesSent += 1;
    this.#become(sms, "SENT");
    if (outcome === "delivered") this.#become(sms, "DELIVERED");
    return undefined;
  }

  #become(sms: Outgoing, status: Status, reason: string | null = null) {
    Object.assign(sms, { status, reason, lastActionAt: this.#now() });
    this.#updates.push({ id: sms.id, status, reason, due: true });
  }
}

/** The order of keys and the escaped slashes are the app's. */
function requestBody(messages: Incoming[], updates: Update[]): string {
  const body = {
    messages: messages.map((sms) => ({
      sms_received: sms.receivedAt,
      sms_sent: sms.sentAt,
      content: http.withoutLoneSurrogates(sms.content),
      from: sms.from,
      id: sms.id,
    })),
    updates: updates.map(({ id, status, reason }) => ({ status, id, ...(status === "FAILED" ? { reason } : {}) })),
  };
  return JSON.stringify(body).replaceAll("/", "\\/");
}

/** The app's reader takes the object that a text begins with, and does not look at what follows. */
function leadingObject(text: string): Record<string, unknown> | null {
  const body = text.replace(/^\uFEFF/, "").trimStart();
  const whole = http.asObject(http.tryJson(body));
  if (whole !== null || !body.startsWith("{")) return whole;
  for (let end = body.indexOf("}"); end !== -1; end = body.indexOf("}", end + 1)) {
    const part = http.asObject(http.tryJson(body.slice(0, end + 1)));
    if (part !== null) return part;
  }
  return null;
}
