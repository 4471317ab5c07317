import type { WebhookKind } from "../domain/webhook-terms.ts";
import type { Change, Registered } from "./registry.ts";

export type NewEndpoint = { id: string; name: string; url: string; kinds: WebhookKind[]; sealedSecret: string };

/** A delivery that is due; it is nobody else's until `leaseMs` after it was claimed. */
export type DueDelivery = {
  eventId: number;
  eventKey: string;
  endpointId: string;
  url: string;
  sealedSecrets: string[];
  type: string;
  at: number;
  body: unknown;
  /** This try counted. */
  attempts: number;
};

export type Tried = { eventId: number; endpointId: string; at: number; status: number | null; error: string | null } & (
  | { state: "told" | "given_up" }
  | { state: "waiting"; nextAt: number }
);

export interface Webhooks {
  addEndpoint(endpoint: NewEndpoint, by: Change): Promise<Registered>;
  /** Beside the secret of now; the oldest goes where there would be three. */
  addSecret(endpointId: string, sealedSecret: string, by: Change): Promise<Registered>;
  /** All but the newest sign no more. */
  retireSecrets(endpointId: string, by: Change): Promise<Registered>;
  setActive(endpointId: string, active: boolean, by: Change): Promise<Registered>;
  /** Anew from the first try, whatever became of it. */
  resend(eventId: number, endpointId: string, by: Change): Promise<Registered>;

  /**
   * Notes the readings of local days, each site's once a day, so many accounts an event, where somebody wants to be told: of days
   * before `until` only to whom was there on that day.
   */
  noteDays(from: string, until: string): Promise<void>;
  /** Notes, of local days from `from` on that were told, the accounts whose day is another by now; the same again notes nothing. */
  noteLate(from: string): Promise<void>;
  /** Makes the bodies of events that are at least so old and gives each endpoint its delivery. Answers how many. */
  spread(at: number, agedMs: number, limit: number): Promise<number>;
  claim(at: number, leaseMs: number, limit: number): Promise<DueDelivery[]>;
  settle(tried: Tried): Promise<void>;
}
