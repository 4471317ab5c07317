/** The old system in a simulated world: which SMS it was sent, and which of them it should not have been sent again. */
import { asRecord, parseJson } from "../serve.ts";
import { smsKey } from "./invariants.ts";
import type { Machine } from "./machine.ts";
import type { Disk } from "./storage.ts";

/** For so long whoever has taken an SMS to the old system is the only one (LEASE_MS of the Mailbox), less the time that a call takes. */
const ALONE_MS = 59_000;
/** A lease was taken so long before its SMS comes, at most. */
const LEASED_MS_MAX = 120_000;
/** What becomes of a request on a bad day; after the second it has come all the same. */
const BAD_DAY = ["no line", "answer lost", "no gateway"] as const;
const CONFIRMED = `SELECT 1 FROM sms s JOIN forwards f ON f.request_id = s.request_id
  WHERE s.external_id = ? AND s.content = ? AND f.state = 'confirmed'`;

/** `clocksSince`: since when the clocks of all of them have gone alike. */
export type Mailboxes = { disks: ReadonlyMap<string, Disk>; clocksSince(): number };

export class OldSystem {
  readonly #machine: Machine;
  readonly #mailboxes: () => Mailboxes;
  /** When each SMS came last; long ago where nobody was answered, who sends it again when they like. */
  readonly #cameAt = new Map<string, number>();
  #again: string[] = [];
  /** All that ever came, by `smsKey`. */
  readonly came = new Set<string>();

  constructor(machine: Machine, mailboxes: () => Mailboxes) {
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
    const key = smsKey({ id, content });
    const now = this.#machine.now();
    const before = this.#cameAt.get(key);
    this.#cameAt.set(key, isAnswered ? now : Number.NEGATIVE_INFINITY);
    this.came.add(key);
    if (before === undefined) return;
    const mailboxes = this.#mailboxes();
    const say = (because: string) => this.#again.push(`${id} "${content.slice(0, 40)}": ${because}`);
    const isAlone = now - before < ALONE_MS;
    // A lease is as long as it is by one clock: where a Mailbox wakes with another one it may be over at once, and twice is better than never.
    if (isAlone && mailboxes.clocksSince() >= before - LEASED_MS_MAX) return;
    if (isAlone) say(`${now - before} ms after it had come`);
    for (const disk of mailboxes.disks.values())
      if (disk.has("forwards") && disk.rows(CONFIRMED, [id, content]).length > 0) say("its Mailbox knew it was there");
  }
}
