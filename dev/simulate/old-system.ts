/** The old system in a simulated world: which SMS it was sent, and which of them it should not have been sent again. */
import { asRecord, parseJson } from "../serve.ts";
import type { Machine } from "./machine.ts";
import type { Disk } from "./storage.ts";

/** For so long whoever has taken an SMS to the old system is the only one (LEASE_MS of the Mailbox), less the time that a call takes. */
const ALONE_MS = 59_000;
/** What becomes of a request on a bad day; after the second it has come all the same. */
const BAD_DAY = ["no line", "answer lost", "no gateway"] as const;
const CONFIRMED = `SELECT 1 FROM sms s JOIN forwards f ON f.request_id = s.request_id
  WHERE s.external_id = ? AND s.content = ? AND f.state = 'confirmed'`;

export class OldSystem {
  readonly #machine: Machine;
  readonly #mailboxes: () => ReadonlyMap<string, Disk>;
  /** When each SMS came last; long ago where nobody was answered, who sends it again when they like. */
  readonly #cameAt = new Map<string, number>();
  #again: string[] = [];
  /** The texts of all that ever came. */
  readonly texts = new Set<string>();

  constructor(machine: Machine, mailboxes: () => ReadonlyMap<string, Disk>) {
    this.#machine = machine;
    this.#mailboxes = mailboxes;
  }

  /** `failing`: the share of requests that meet a fault. */
  async answer(request: Request, failing: number): Promise<Response> {
    const body = asRecord(parseJson(await request.text()));
    const fault = this.#machine.strikes("old", failing) ? this.#machine.draw.pick(BAD_DAY) : null;
    if (fault === "no line") throw new Error("the old system does not answer");
    if (fault === "no gateway") return new Response("<html><body>502</body></html>", { status: 502 });
    for (const message of Array.isArray(body.messages) ? body.messages : []) {
      const { id, content } = asRecord(message);
      this.#comes(String(id), String(content), fault === null);
    }
    if (fault === "answer lost") throw new Error("the old system's answer is lost");
    return Response.json({ messages: [] });
  }

  /** SMS that came although they had come, since this was asked last. */
  cameAgain(): string[] {
    return this.#again.splice(0);
  }

  #comes(id: string, content: string, isAnswered: boolean) {
    const key = JSON.stringify([id, content]);
    const now = this.#machine.now();
    const before = this.#cameAt.get(key);
    this.#cameAt.set(key, isAnswered ? now : Number.NEGATIVE_INFINITY);
    this.texts.add(content);
    // Where a clock is wrong by more than a minute a lease has ended as soon as it began: twice is better than never.
    if (before === undefined || this.#machine.struck.has("clocks")) return;
    const say = (because: string) => this.#again.push(`${id} "${content.slice(0, 40)}": ${because}`);
    if (now - before < ALONE_MS) say(`${now - before} ms after it had come`);
    for (const disk of this.#mailboxes().values())
      if (disk.has("forwards") && disk.rows(CONFIRMED, [id, content]).length > 0) say("its Mailbox knew it was there");
  }
}
