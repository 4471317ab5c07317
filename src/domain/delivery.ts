import type { CommandState } from "./relay.ts";
import type { CreditState } from "./vendor-credit.ts";

/** What becomes of a payment, in the order in which a customer waits for it. */
export const DELIVERY_STEPS = ["received", "credited", "meter", "light"] as const;
export type DeliveryStep = (typeof DELIVERY_STEPS)[number];

/** done: it is so. waiting: it is on its way. failed: a person has to look. unknown: nobody can say. */
export type DeliveryState = "done" | "waiting" | "failed" | "unknown";
export type Delivery = { step: DeliveryStep; state: DeliveryState; at: number | null }[];

export type DeliveryFacts = {
  receivedAt: number | null;
  creditedAt: number;
  /** What the wallet on the vendor's platform gets; null: the meter is our own, or none is told. */
  credit: { state: CreditState; sentAt: number | null; confirmedAt: number | null } | null;
  /** The order to connect that came of it; null: none was needed. */
  connect: { state: CommandState; requestedAt: number; endedAt: number | null } | null;
};

const CREDIT: Record<CreditState, DeliveryState> = {
  queued: "waiting",
  sent: "waiting",
  blocked: "failed",
  confirmed: "done",
  rejected: "failed",
  dead: "failed",
  withdrawn: "failed",
  taking_back: "failed",
  taken_back: "failed",
};

const CONNECT: Record<CommandState, { meter: DeliveryState; light: DeliveryState }> = {
  queued: { meter: "waiting", light: "waiting" },
  published: { meter: "done", light: "waiting" },
  acked: { meter: "done", light: "waiting" },
  completed: { meter: "done", light: "done" },
  rejected: { meter: "done", light: "failed" },
  failed: { meter: "waiting", light: "waiting" },
  timed_out: { meter: "waiting", light: "waiting" },
  superseded: { meter: "done", light: "unknown" },
};

/** The steps of one payment. A meter that was lit already needs no order: nothing is said of its light then. */
export function deliveryOf({ receivedAt, creditedAt, credit, connect }: DeliveryFacts): Delivery {
  const steps: Delivery = [
    { step: "received", state: "done", at: receivedAt ?? creditedAt },
    { step: "credited", state: "done", at: creditedAt },
  ];
  if (credit !== null) {
    const state = CREDIT[credit.state];
    return [...steps, { step: "meter", state, at: state === "done" ? credit.confirmedAt : credit.sentAt }];
  }
  if (connect === null) return steps;
  const { meter, light } = CONNECT[connect.state];
  return [
    ...steps,
    { step: "meter", state: meter, at: connect.requestedAt },
    { step: "light", state: light, at: light === "done" ? connect.endedAt : null },
  ];
}
