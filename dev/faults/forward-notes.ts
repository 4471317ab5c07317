/** Notes when a Mailbox leases a forward and what it has recorded of it: no one else knows these instants. */
import type { Note } from "./told.ts";

type Lease = { body: Uint8Array } | null;
type MailboxMethods = {
  ctx: { id: { name?: string } };
  leaseForward(id: number): Promise<Lease>;
  forwardDone(id: number, leaseId: string, outcome: { kind: string }): Promise<void>;
};

export function noteForwards(prototype: object, note: (note: Omit<Note, "at">) => void) {
  const mailbox = prototype as MailboxMethods;
  const { leaseForward, forwardDone } = mailbox;
  mailbox.leaseForward = async function (id) {
    const lease = await leaseForward.call(this, id);
    const body = lease === null ? null : new TextDecoder().decode(lease.body);
    if (lease !== null) note({ what: "leased", phoneId: this.ctx.id.name ?? "", forwardId: id, body });
    return lease;
  };
  mailbox.forwardDone = async function (id, leaseId, outcome) {
    await forwardDone.call(this, id, leaseId, outcome);
    const what = outcome.kind === "confirmed" ? "confirmed" : "failed";
    note({ what, phoneId: this.ctx.id.name ?? "", forwardId: id, body: null });
  };
}
