import type { Offerable } from "../../../src/domain/gateway/outgoing.ts";
import type { Handable } from "../../../src/domain/gateway/smssync.ts";
import type { OutgoingState, SmsOutboundRow } from "../../../src/domain/outbox.ts";
import type { OutgoingSms } from "../../../src/ports/mailboxes.ts";

/** An SMS to send, as its Mailbox keeps it. */
export type OutgoingRow = {
  id: string;
  origin: "ours" | "legacy";
  to_phone: string;
  content: string;
  template: string | null;
  language: OutgoingSms["language"];
  account: string | null;
  receipt: string | null;
  created_at: number;
  expires_at: number;
  state: OutgoingState;
  reason: string | null;
  state_at: number;
  offered_at: number | null;
  offers: number;
  claimed_at: number | null;
  absent_results: number;
  version: number;
};

export const offerable = (row: OutgoingRow): Offerable => ({
  id: row.id,
  state: row.state,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  offeredAt: row.offered_at,
  stateAt: row.state_at,
});

export const handable = (row: OutgoingRow): Handable => ({
  id: row.id,
  to: row.to_phone,
  content: row.content,
  template: row.template,
  state: row.state,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  offers: row.offers,
  offeredAt: row.offered_at,
  claimedAt: row.claimed_at,
  absentResults: row.absent_results,
});

export const smsOf = (row: OutgoingRow): OutgoingSms => ({
  id: row.id,
  to: row.to_phone,
  content: row.content,
  template: row.template,
  language: row.language,
  account: row.account,
  receipt: row.receipt,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
});

export const outboundOf = (row: OutgoingRow): Omit<SmsOutboundRow, "phoneId"> => ({
  id: row.id,
  origin: row.origin,
  toPhone: row.to_phone,
  content: row.content,
  template: row.template,
  account: row.account,
  receipt: row.receipt,
  state: row.state,
  reason: row.reason,
  createdAt: row.created_at,
  offeredAt: row.offered_at,
  stateAt: row.state_at,
  expiresAt: row.expires_at,
  version: row.version,
});
