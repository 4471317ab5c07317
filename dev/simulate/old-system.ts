/** The old system in a simulated world: which SMS it was sent, and which of them it should not have been sent again. */
import { asRecord, parseJson } from "../serve.ts";
import type { Machine } from "./machine.ts";
import type { Disk } from "./storage.ts";

/** For so long whoever has taken an SMS to the old system is the only one (LEASE_MS of the Mailbox), less the time that a call takes. */
const ALONE_MS = 59_000;
const CONFIRMED = `SELECT 1 FROM sms s JOIN forwards f ON f.request_id = s.request_id
  WHERE s.external_id = ? AND s.content = ? AND f.state = 'confirmed'`;

export class OldSystem {
  readonly #machine: Machine;
  readonly #mailboxes: () => ReadonlyMap<string, Disk>;
  /** When each SMS came last. */
  readonly #cameAt = new Map<string, number>();
  #again: string[] = [];
  /** The texts of all that ever came. */
  readonly texts = new Set<string>();

  constructor(machine: Machine, mailboxes: () => ReadonlyMap<string, Disk>) {
    this.#machine = machine;
    this.#mailboxes = mailboxes;
  }

  /** `failing`: the share of requests that nobody answers, and that never came. */
  async answer(request: Request, failing: number): Promise<Response> {
    const body = asRecord(parseJson(await request.text()));
    if (this.#machine.strikes("old", failing)) throw new Error("the old system does not answer");
    for (const message of Array.isArray(body.messages) ? body.messages : []) {
      const { id, content } = asRecord(message);
      this.#comes(String(id), String(content));
    }
    return Response.json({ messages: [] });
  }

  /** SMS that came although they had come, since this was asked last. */
  cameAgain(): string[] {
    return this.#again.splice(0);
  }

  #comes(id: string, content: string) {
    const key = JSON.stringify([id, content]);
    const now = this.#machine.now();
    const before = this.#cameAt.get(key);
    this.#cameAt.set(key, now);
    this.texts.add(content);
    // Where a clock is wrong by more than a minute a lease has ended as soon as it began: twice is better than never.
    if (before === undefined || this.#machine.struck.has("clocks")) return;
    const say = (because: string) => this.#again.push(`${id} "${content.slice(0, 40)}": ${because}`);
    if (now - before < ALONE_MS) say(`${now - before} ms after it had come`);
    for (const disk of this.#mailboxes().values())
      if (disk.has("forwards") && disk.rows(CONFIRMED, [id, content]).length > 0) say("its Mailbox knew it was there");
  }
}
