import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { createHash } from "node:crypto";
import type { OutboxRow } from "../../src/domain/outbox.ts";
import { RETENTION } from "../../src/domain/retention.ts";
import type { Clock } from "../../src/ports/clock.ts";
import type { OutgoingSms, PhoneFacts } from "../../src/ports/mailboxes.ts";
import type { ProcessOutcome, StoredSms } from "../../src/ports/sms-processor.ts";
import type { Env, ForwardMessage } from "../../workers/env.ts";
import { sms } from "../../workers/ingest/sms.ts";
import type { MailboxWorld } from "../../workers/objects/mailbox/world.ts";
import type { Mailbox } from "../../workers/objects/mailbox.ts";

export const NOON = Date.UTC(2026, 10, 20, 12);
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export const sha256 = (text: string) => createHash("sha256").update(text, "utf8").digest("hex");

/** What a test replaces; a function gets the object's own world, to wrap it. */
type OwnWorld = Partial<MailboxWorld> | ((own: MailboxWorld) => Partial<MailboxWorld>);

let count = 0;

/** A gateway phone with its Mailbox, whose clock stands still and whose outside world only takes notes. */
export class TestPhone {
  readonly id: string;
  readonly token: string;
  readonly stub: DurableObjectStub<Mailbox>;
  now = NOON;
  processed: StoredSms[] = [];
  forwards: ForwardMessage[] = [];
  pulses: Parameters<MailboxWorld["tellGate"]>[0][] = [];
  polls: Parameters<MailboxWorld["tellTill"]>[] = [];
  process: (sms: StoredSms) => Promise<ProcessOutcome> = async (sms) => unparsed(sms);
  world: OwnWorld = {};

  constructor(name = "phone") {
    count += 1;
    this.id = `${name}-${count}-${crypto.randomUUID().slice(0, 8)}`;
    this.token = `Tok${crypto.randomUUID().replaceAll("-", "")}`;
    this.stub = env.MAILBOX.get(env.MAILBOX.idFromName(this.id));
  }

  facts(over: Partial<PhoneFacts> = {}): PhoneFacts {
    return {
      phoneId: this.id,
      name: this.id,
      tillId: "till-a",
      channel: "electricity",
      tokenHashes: [sha256(this.token)],
      smssyncSecretHash: null,
      revoked: false,
      version: 1,
      ...over,
    };
  }

  /** Puts this test's clock and world into the object's present life. */
  async install() {
    await runInDurableObject(this.stub, (mailbox: Mailbox) => {
      // Alarms fire only when the test says so.
      const clock: Clock = { now: () => this.now, alarmAt: () => Date.now() + HOUR };
      Object.defineProperty(mailbox, "clock", { value: clock, configurable: true });
      Object.defineProperty(mailbox, "env", {
        value: { ...env, LEDGER_COPY: { send: async () => {} } },
        configurable: true,
      });
      mailbox.world = {
        ...mailbox.world,
        processor: {
          process: async (sms) => {
            this.processed.push(sms);
            return this.process(sms);
          },
        },
        forwards: () => false,
        sendForward: async (message) => {
          this.forwards.push(message);
        },
        tellGate: async (pulse) => {
          this.pulses.push(pulse);
        },
        tellTill: async (...args) => {
          this.polls.push(args);
        },
        phones: async () => [],
        keepDays: async () => RETENTION.mailboxDays.days,
        ...(typeof this.world === "function" ? this.world(mailbox.world) : this.world),
      };
    });
  }

  async evict() {
    await evictDurableObject(this.stub);
    await this.install();
  }

  alarm() {
    return runDurableObjectAlarm(this.stub);
  }

  get authorization() {
    return `Basic ${Buffer.from(`${this.id}:${this.token}`).toString("base64")}`;
  }

  request(init: RequestInit = {}, path = "/api/sms/incoming", extra: Partial<Env> = {}) {
    const headers = new Headers({ Authorization: this.authorization });
    for (const [name, value] of new Headers(init.headers)) headers.set(name, value);
    return sms.request(`https://care.example${path}`, { ...init, headers }, { ...env, ...extra });
  }

  /** Posts as the Medic app does. */
  post(body: unknown, headers: Record<string, string> = {}) {
    return this.request({
      method: "POST",
      headers: {
        Accept: "application/json",
        "Accept-Charset": "utf-8",
        "Cache-Control": "no-cache",
        "Content-Type": "application/json",
        "User-Agent": "Dalvik/2.1.0 (Linux; U; Android 9) medic.gateway.alert.generic/1.7.4",
        ...headers,
      },
      body: typeof body === "string" || body instanceof Uint8Array ? (body as BodyInit) : JSON.stringify(body),
    });
  }

  async offers(updates: unknown[] = []): Promise<{ id: string; to: string; content: string }[]> {
    const response = await this.post({ messages: [], updates });
    return ((await response.json()) as { messages: { id: string; to: string; content: string }[] }).messages;
  }

  /** What this Mailbox owes Postgres. */
  async owed<K extends OutboxRow["kind"]>(kind: K): Promise<Extract<OutboxRow, { kind: K }>[]> {
    const items = await runInDurableObject(this.stub, (mailbox: Mailbox) => mailbox.copyBatch(100_000));
    return items.map((item) => item.row).filter((row): row is Extract<OutboxRow, { kind: K }> => row.kind === kind);
  }

  /** Postgres takes everything that is owed. */
  async copyAll() {
    await runInDurableObject(this.stub, async (mailbox: Mailbox) => {
      const items = await mailbox.copyBatch(100_000);
      await mailbox.copied({ recorded: items.map((item) => item.id), refused: [], stop: null });
    });
  }

  rows(sql: string, ...params: (string | number)[]) {
    return runInDurableObject(this.stub, (_: Mailbox, state) => state.storage.sql.exec(sql, ...params).toArray());
  }

  async smsCount(): Promise<number> {
    const [row] = await this.rows("SELECT count(*) AS n FROM sms");
    return Number(row?.n);
  }
}

export async function phone(over: Partial<PhoneFacts> = {}, world: OwnWorld = {}): Promise<TestPhone> {
  const made = new TestPhone();
  made.world = world;
  await made.install();
  await made.stub.configure(made.facts(over));
  return made;
}

export const unparsed = (_: StoredSms): ProcessOutcome => ({
  state: "done",
  outcome: "unparsed",
  because: "not_a_receipt",
  receipt: null,
  account: null,
  parsedJson: "{}",
  cases: [],
});

let texts = 0;

/** One SMS in a Medic batch, in the key order of the wire. */
export function message(over: Record<string, unknown> = {}) {
  texts += 1;
  return {
    sms_received: NOON,
    sms_sent: NOON - 5_000,
    content: `QK7ABC${texts} Confirmed. M50.00 received from 26650000101.`,
    from: "MPESA",
    id: crypto.randomUUID(),
    ...over,
  };
}

export const batch = (messages: unknown[], updates: unknown[] = []) => ({ messages, updates });

export const outgoing = (id: string, over: Partial<OutgoingSms> = {}): OutgoingSms => ({
  id,
  to: "+26650000101",
  content: `Receipt ${id}`,
  template: null,
  language: "en",
  account: null,
  receipt: null,
  createdAt: NOON,
  expiresAt: NOON + DAY,
  ...over,
});

export const view = (p: TestPhone) => runInDurableObject(p.stub, (mailbox: Mailbox) => mailbox.view());

/** What a gateway app reads of an answer that refuses. */
export const errorOf = async (response: Response) => (await response.json()) as { error: boolean; message: string };
