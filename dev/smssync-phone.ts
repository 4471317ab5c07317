/** A phone with Ushahidi's SMSSync, as its released versions behave, weaknesses included. */
import * as http from "./phone-http.ts";

const REQUEST_MS_MAX = 30_000;
/** Version 2.8 deletes an SMS after this many failed posts. */
const FAILURES_MAX_V2 = 3;

export type SmsSyncVersion = "3.1.1" | "3.0.3" | "2.8.3" | "2.3";
export type SmsSyncScheme = "form" | "json" | "xml" | "multipart";
type Incoming = {
  id: string;
  from: string;
  content: string;
  sentAt: number;
  failures: number;
  status: "NEW" | "FAILED" | "SENT";
};
export type Task = {
  uuid: string;
  to: string;
  message: string;
  status: "UNCONFIRMED" | "SENT" | "FAILED";
  timesSent: number;
};

export type SmsSyncPhoneOptions = {
  /** As typed into the app. What follows is appended to it as text. */
  url: string;
  secret?: string;
  version?: SmsSyncVersion;
  scheme?: SmsSyncScheme;
  /** "Results API": claims tasks before it sends them. */
  resultsApi?: boolean;
  /** "Get reply from server". */
  replyFromServer?: boolean;
  deviceId?: string;
  sentTo?: string;
  transport?: http.Transport;
  now?: () => number;
  radio?: (task: Task) => http.RadioOutcome;
};

export class SmsSyncPhone {
  readonly incoming: Incoming[] = [];
  /** Every outgoing SMS; without the results API a uuid given twice is sent twice. */
  readonly tasks: Task[] = [];
  readonly faults: http.WireFault[] = [];
  radio: (task: Task) => http.RadioOutcome;
  readonly #options: Required<Omit<SmsSyncPhoneOptions, "radio">>;
  readonly #address: string;
  readonly #headers: Record<string, string>;
  /** Version 3.0.3 never clears its parameters: post n carries the n - 1 before it. */
  #accumulated: [string, string][] = [];
  #lastReply: unknown = null;
  #nextNumericId = 80;

  constructor(options: SmsSyncPhoneOptions) {
    this.#options = {
      secret: "",
      version: "3.1.1",
      scheme: "form",
      resultsApi: false,
      replyFromServer: false,
      deviceId: "",
      sentTo: "",
      transport: (url, init) => fetch(url, init),
      now: Date.now,
      ...options,
    };
    this.radio = options.radio ?? (() => "delivered");
    const parts = http.splitCredentials(options.url);
    this.#address = parts?.address ?? options.url;
    this.#headers = { "User-Agent": `SMSSync-Android/v${this.#options.version}` };
    // Unlike Medic this app decodes the password; one that cannot be read as a URL sends no credentials at all.
    if (parts !== null && !/[@\s]/.test(parts.password)) {
      this.#headers.Authorization = http.basicAuth(decodeURIComponent(parts.user), decodeURIComponent(parts.password));
    }
  }

  get waiting(): number {
    return this.incoming.filter((sms) => sms.status !== "SENT").length;
  }

  /** An SMS arrives: posted at once. Answers whether the app believes it was taken. */
  onSms({ from, content, sentAt }: http.ReceivedSms): Promise<boolean> {
    const isOld = this.#options.version === "2.3";
    const id = isOld ? String(this.#nextNumericId++ % 100) : crypto.randomUUID();
    const sms: Incoming = { id, from, content, sentAt: sentAt ?? this.#options.now(), failures: 0, status: "NEW" };
    this.incoming.push(sms);
    return this.#postSms(sms);
  }

  /** Auto sync: everything not taken yet, newest first, one post each; some versions far more than that. */
  async sync(): Promise<void> {
    const isWasteful = this.#options.version === "3.0.3";
    const pending = () => this.incoming.filter((sms) => isWasteful || sms.status !== "SENT").reverse();
    const rounds = isWasteful ? pending().length : 1;
    for (let round = 0; round < rounds; round++) for (const sms of pending()) await this.#postSms(sms);
  }

  /** "Import SMS": the same texts under new ids. */
  importInbox() {
    for (const sms of [...this.incoming]) {
      this.incoming.push({ ...sms, id: crypto.randomUUID(), sentAt: sms.sentAt + 1_000, failures: 0, status: "NEW" });
    }
  }

  /** The settings screen's test. Passes on exactly 200 with any `payload` object. */
  async testIntegration(): Promise<boolean> {
    const fields: [string, string][] = [
      ["secret", this.#options.secret],
      ["from", "+000000000000"],
      ["message", "Test Message From SMSSync Integration"],
    ];
    const answer = await this.#request("", { method: "POST", ...encode("form", fields) });
    return answer.status === 200 && http.asObject(payloadOf(answer.text)) !== null;
  }

  /** The task check. Throws ClientCrash where the app would die of the answer. */
  async task(): Promise<Task[]> {
    const answer = await this.#request(`?task=send${this.#secretQuery()}`, { method: "GET" });
    const messages = tasksIn(answer.text, this.#options.secret);
    if (messages.length === 0) return [];
    if (!this.#options.resultsApi) return messages.map((message) => this.#sendTask(message));
    const claim = JSON.stringify({ queued_messages: messages.map(({ uuid }) => uuid) });
    const headers = { "Content-Type": "application/json; charset=UTF-8" };
    const claimed = await this.#request("?task=sent", { method: "POST", headers, body: claim });
    const uuids = claimed.status === 200 ? http.asObject(http.tryJson(claimed.text))?.message_uuids : [];
    const allowed: unknown[] = Array.isArray(uuids) ? uuids : [];
    return messages.filter(({ uuid }) => allowed.includes(uuid)).map((message) => this.#sendTask(message));
  }

  /** Reports what became of SMS the server asks about, as far as this version reports it. */
  async result(): Promise<void> {
    const query = `?task=result${this.#secretQuery()}`;
    const answer = await this.#request(query, { method: "GET" });
    const wanted = answer.status === 200 ? http.asObject(http.tryJson(answer.text))?.message_uuids : [];
    if (!Array.isArray(wanted) || wanted.length === 0) return;
    const isV3 = this.#options.version.startsWith("3");
    const known = this.tasks.filter((task) => wanted.includes(task.uuid) && !(isV3 && task.status === "SENT"));
    const items = known.map((task) => ({
      uuid: task.uuid,
      sent_result_code: isV3 ? 0 : { SENT: -1, FAILED: 1, UNCONFIRMED: -2 }[task.status],
      sent_result_message: { SENT: "SMS sent", FAILED: "Failed to send SMS", UNCONFIRMED: "" }[task.status],
      delivered_result_code: isV3 ? 0 : task.status === "SENT" ? -1 : -2,
      delivered_result_message: "",
      sent_timestamp: "Nov 14, 2023 10:13:20 PM",
    }));
    // A list inside a string: every released version does so.
    const body = JSON.stringify({ message_result: JSON.stringify(items) });
    await this.#request(query, {
      method: "POST",
      headers: { "Content-Type": "application/json; charset=UTF-8" },
      body,
    });
  }

  async #postSms(sms: Incoming): Promise<boolean> {
    const { secret, sentTo, deviceId, version, scheme, replyFromServer } = this.#options;
    let fields: [string, string][] = [
      ["secret", secret],
      ["from", sms.from],
      ["message", http.withoutLoneSurrogates(sms.content)],
      ["sent_timestamp", String(sms.sentAt)],
      ["sent_to", sentTo],
      ["message_id", sms.id],
    ];
    if (version !== "2.3") fields.push(["device_id", deviceId]);
    if (version === "3.0.3") {
      this.#accumulated.push(...fields);
      fields = this.#accumulated;
    }
    const answer = await this.#request("", { method: "POST", ...encode(scheme, fields) }).catch(() => null);
    const payload = answer === null ? undefined : http.asObject(payloadOf(answer.text));
    const isTaken =
      (answer?.status === 200 || answer?.status === 201) && String(payload?.success).toLowerCase() === "true";
    if (isTaken) {
      sms.status = "SENT";
      this.#lastReply = payload?.messages;
    } else {
      sms.status = "FAILED";
      sms.failures += 1;
      if (version === "2.8.3" && sms.failures >= FAILURES_MAX_V2) this.incoming.splice(this.incoming.indexOf(sms), 1);
    }
    // The reply of the last success is acted on after every later failure too, without looking at its uuids.
    if (replyFromServer && version === "3.1.1")
      for (const task of readTasks(this.#lastReply ?? [])) this.#sendTask(task);
    return isTaken;
  }

  #sendTask(message: Pick<Task, "uuid" | "to" | "message">): Task {
    const task: Task = { ...message, status: "UNCONFIRMED", timesSent: 0 };
    this.tasks.push(task);
    const outcome = this.radio(task);
    if (outcome === "delivered" || outcome === "sent") Object.assign(task, { status: "SENT", timesSent: 1 });
    else if (outcome !== "none") task.status = "FAILED";
    return task;
  }

  #secretQuery(): string {
    const { secret } = this.#options;
    return secret === "" ? "" : `&secret=${encodeURIComponent(secret).replaceAll("%20", "+")}`;
  }

  async #request(query: string, init: RequestInit): Promise<{ status: number; text: string }> {
    const { transport } = this.#options;
    const headers = { ...this.#headers, ...(init.headers as Record<string, string> | undefined) };
    const url = this.#address + query;
    const send = (fault?: http.WireFault) =>
      http.carry(transport, url, { ...init, headers, signal: AbortSignal.timeout(REQUEST_MS_MAX) }, fault);
    let answer = await send(this.faults.shift());
    if (answer.status === 408) answer = await send();
    const last = await http.followAsGet(answer, url, { acrossSchemes: true }, (to) =>
      transport(to, { method: "GET", headers: this.#headers, redirect: "manual" }),
    );
    return { status: last.status, text: await last.text() };
  }
}

/** What `task=send` would make the app do with this answer, or the crash it would cause. Its status is never looked at. */
export function tasksIn(text: string, secret: string): Pick<Task, "uuid" | "to" | "message">[] {
  const body = http.asObject(http.tryJson(text));
  if (body === null) throw new http.ClientCrash(`not a JSON object: ${text.slice(0, 80)}`);
  const payload = http.asObject(body.payload);
  if (payload === null) throw new http.ClientCrash("no payload");
  if (typeof payload.task !== "string") throw new http.ClientCrash("no task");
  const { messages } = payload;
  if (messages === null || messages === undefined) throw new http.ClientCrash("no messages");
  const isOurs = secret === "" || payload.secret === secret;
  return isOurs && payload.task === "send" ? readTasks(messages) : [];
}

function readTasks(messages: unknown): Pick<Task, "uuid" | "to" | "message">[] {
  // The whole answer is thrown away, without a crash, when one type is not what the reader expects.
  if (!Array.isArray(messages)) return [];
  const items = messages.map((item) => http.asObject(item));
  if (items.some((item) => typeof item?.timestamp === "number" || Number.isNaN(Number(item?.retries ?? 0)))) return [];
  return items.map((item) => {
    const { to, message, uuid } = item ?? {};
    if (typeof to !== "string" || to === "" || typeof message !== "string" || message === "") {
      throw new http.ClientCrash("a message without number or text");
    }
    return { to, message, uuid: String(uuid) };
  });
}

const payloadOf = (text: string): unknown => http.asObject(http.tryJson(text))?.payload;

function encode(scheme: SmsSyncScheme, fields: [string, string][]): { headers: Record<string, string>; body: string } {
  if (scheme === "json") {
    const body = JSON.stringify(Object.fromEntries(fields));
    return { headers: { "Content-Type": "application/json; charset=UTF-8" }, body };
  }
  if (scheme === "xml") {
    const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
    const inner = fields.map(([name, value]) => `<${name}>${escaped(value)}</${name}>`).join("");
    // XML under a JSON content type is the app's own mistake.
    return { headers: { "Content-Type": "application/json" }, body: `<payload>${inner}</payload>` };
  }
  if (scheme === "multipart") {
    const boundary = "----smssync-boundary";
    const parts = fields.map(
      ([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
    );
    return {
      headers: { "Content-Type": `multipart/form-data; boundary=${boundary}` },
      body: `${parts.join("")}--${boundary}--\r\n`,
    };
  }
  const body = fields.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&");
  return { headers: { "Content-Type": "application/x-www-form-urlencoded" }, body };
}
