import { createHash } from "node:crypto";
import { forwardBody } from "../../../src/domain/gateway/forward-body.ts";
import type { IndexedItem, IndexedUpdate } from "../../../src/domain/gateway/medic.ts";
import type { OutboxRow, SmsInboundRow } from "../../../src/domain/outbox.ts";
import type { GatewayRequest, PhoneFacts } from "../../../src/ports/mailboxes.ts";
import { oddBodyCase } from "./cases.ts";
import { ForwardTable } from "./forwards.ts";
import { type FitItem, fitItem, InboundTable } from "./inbound.ts";
import { OutgoingTable } from "./outgoing.ts";
import { MetaTable } from "./tables.ts";

/** A poll goes on to the old system at most so often. */
const POLL_FORWARD_MS = 60_000;
/** A poll's body travels inside a queue message. */
const POLL_BYTES_MAX = 64 * 1024;

/** What one request brought. `isPoll`: it also asks for SMS to send. */
export type Brought = {
  items: IndexedItem[];
  updates: IndexedUpdate[];
  updateCount: number;
  /** SMS to send whose fate an SMSSync phone claims or reports, by their ids. */
  spokenOf: readonly string[];
  isPoll: boolean;
};

export type Taken = {
  /** The hashes of those that are new here. */
  fresh: string[];
  /** At least one new SMS waits for processing. */
  waiting: boolean;
  forward: boolean;
  /** The body to send on as a poll, unstored; null: none is due. */
  poll: Uint8Array | null;
};

/** The tables of one Mailbox, and the step that takes a request into them. */
export class MailboxStore {
  readonly meta: MetaTable;
  readonly inbound: InboundTable;
  readonly forwards: ForwardTable;
  readonly outgoing: OutgoingTable;
  readonly #owe: (row: OutboxRow) => number;
  /** The facts, and the text that they were read from. */
  #read: { text: string; facts: PhoneFacts } | null = null;

  /** `owe` files a debt to Postgres and returns its number. */
  constructor(sql: SqlStorage, owe: (row: OutboxRow) => number) {
    this.meta = new MetaTable(sql);
    this.inbound = new InboundTable(sql);
    this.forwards = new ForwardTable(sql);
    this.outgoing = new OutgoingTable(sql, (row) =>
      owe({ kind: "sms_outbound", phoneId: this.facts()?.phoneId ?? "", ...row }),
    );
    this.#owe = owe;
  }

  /** After a transaction that was rolled back. */
  forget() {
    this.meta.forget();
    this.inbound.forget();
  }

  facts(): PhoneFacts | null {
    const text = this.meta.get("facts");
    if (text === null || this.meta.get("restored_through") === null) return null;
    if (this.#read?.text !== text) this.#read = { text, facts: JSON.parse(text) as PhoneFacts };
    return this.#read.facts;
  }

  /** An SMS that Postgres has and that nobody is known to have processed: it waits again. The old system is not sent it. */
  restoreSms(row: SmsInboundRow, facts: PhoneFacts) {
    const request = {
      protocol: row.protocol,
      method: "POST",
      query: "",
      contentType: "",
      userAgent: "",
      token: "",
      body: new Uint8Array(),
      mirrored: true,
      ...(row.requestId === null ? {} : { requestId: row.requestId }),
    };
    const id = this.inbound.keepRequest(request, row.receivedAt);
    const raw = new Uint8Array(Buffer.from(row.contentRawBase64, "base64"));
    const phone = { ...facts, tillId: row.tillId, channel: row.channel };
    this.inbound.file(
      { ...row, hash: row.contentHash, raw },
      phone,
      { id, protocol: row.protocol, requestId: row.requestId },
      row.receivedAt,
      null,
    );
  }

  /** Inside the one transaction of a request: all of it is kept, or nothing. */
  take(request: GatewayRequest, brought: Brought, facts: PhoneFacts, forwards: boolean, now: number): Taken {
    if (!request.mirrored) this.meta.set("last_poll_at", now);
    const ours: number[] = [];
    for (const update of brought.updates) if (this.outgoing.update(update, now) === "ours") ours.push(update.index);
    const ourUuids = brought.spokenOf.filter((id) => this.outgoing.find(id)?.origin === "ours");
    // What nobody here issued is the old system's, from before this phone came here.
    const theirUpdates = brought.updateCount - ours.length + (brought.spokenOf.length - ourUuids.length);

    const known: number[] = [];
    const fresh: { index: number | null; item: FitItem; idConflict: boolean }[] = [];
    const items = brought.items.map(({ index, ...raw }) => ({ index, item: fitItem(raw) }));
    const fits = items.map(({ item }) => item);
    const texts = this.inbound.textsOf(fits);
    const isNew = this.inbound.see(fits);
    items.forEach(({ index, item }, place) => {
      const others = item.externalId === null ? new Set<string>() : (texts.get(item.externalId) ?? new Set<string>());
      if (isNew[place]) fresh.push({ index, item, idConflict: [...others].some((hash) => hash !== item.hash) });
      else if (index !== null) known.push(index);
      if (item.externalId !== null) texts.set(item.externalId, others.add(item.hash));
    });
    const mayForward = forwards && !request.mirrored;
    const forward = mayForward && (fresh.length > 0 || (theirUpdates > 0 && this.#isNewReport(request.body)));
    let waiting = false;
    if (fresh.length > 0 || forward) {
      const id = this.inbound.keepRequest(request, now);
      for (const { index, item, idConflict } of fresh) {
        const from = { id, protocol: request.protocol, requestId: request.requestId ?? null };
        const owe = (row: SmsInboundRow) => this.#owe({ kind: "sms_inbound", ...row });
        if (this.inbound.file({ ...item, idConflict }, facts, from, now, owe)) waiting = true;
        if (index === null) this.#owe(oddBodyCase(facts.phoneId, item.hash, item.quarantine ?? "", now));
      }
      if (forward) this.forwards.add(id, { messages: known, updates: ours, uuids: ourUuids }, now);
    }
    const mayPoll = mayForward && !forward && brought.isPoll && brought.items.length === 0;
    return {
      fresh: fresh.map(({ item }) => item.hash),
      waiting,
      forward,
      poll: mayPoll ? this.#duePoll(request.body, brought.updateCount, now) : null,
    };
  }

  /** The same report again, byte for byte, is the phone's repeat of one whose answer it did not get. */
  #isNewReport(body: Uint8Array): boolean {
    const hash = createHash("sha256").update(body).digest("hex");
    if (this.meta.get("update_body_hash") === hash) return false;
    this.meta.set("update_body_hash", hash);
    return true;
  }

  /** Without the updates: they are ours, or went on already. */
  #duePoll(body: Uint8Array, updateCount: number, now: number): Uint8Array | null {
    if (now - (this.meta.instant("poll_forwarded_at") ?? 0) < POLL_FORWARD_MS) return null;
    const cut =
      body.length > POLL_BYTES_MAX
        ? null
        : forwardBody(body, { messages: [], updates: [...Array(updateCount).keys()] });
    if (cut !== null) this.meta.set("poll_forwarded_at", now);
    return cut;
  }
}
