import type { CaseRow } from "../../../src/domain/outbox.ts";

type Case = { kind: "case" } & CaseRow;

/** A forward nobody answered, in a country where a person decides. Each parking opens it, each "send again" closes it. */
export const parkedCase = (
  phoneId: string,
  forwardId: number,
  times: number,
  state: "open" | "closed",
  at: number,
): Case => ({
  kind: "case",
  caseKey: `forward:${phoneId}:${forwardId}`,
  caseKind: "forward_parked",
  subject: phoneId,
  detailsJson: JSON.stringify({ forwardId, times }),
  state,
  openedAt: at,
  closedAt: state === "closed" ? at : null,
  version: times * 2 - (state === "open" ? 1 : 0),
});

/** A part of a body that was no list of SMS. The text itself is in `sms_inbound`, found by its hash. */
export const oddBodyCase = (phoneId: string, contentHash: string, because: string, at: number): Case => ({
  kind: "case",
  caseKey: `gateway:${phoneId}:${contentHash}`,
  caseKind: "gateway_body",
  subject: phoneId,
  detailsJson: JSON.stringify({ because, contentHash }),
  state: "open",
  openedAt: at,
  closedAt: null,
  version: 1,
});

/**
 * A text like an operator's receipt whose amount could not be read, or is money of another country: nothing was credited, and a
 * person reads it. Its words are in `sms_inbound`, found by its hash. The same text again is the same case.
 */
export const unreadMoneyCase = (phoneId: string, contentHash: string, because: string, at: number): Case => ({
  kind: "case",
  caseKey: `unread_money:${phoneId}:${contentHash}`,
  caseKind: "unread_money",
  subject: phoneId,
  detailsJson: JSON.stringify({ because, contentHash }),
  state: "open",
  openedAt: at,
  closedAt: null,
  version: 1,
});

/**
 * A text of somebody who is not on the till's list says that a payment was taken back: it blocks nothing, and a person looks,
 * for an operator may have renamed its sender. Its words and sender are in `sms_inbound`, found by its hash. One case a
 * receipt and text, through however many phones.
 */
export const strangerReversalCase = (receipt: string, phoneId: string, contentHash: string, at: number): Case => ({
  kind: "case",
  caseKey: `stranger_reversal:${receipt}:${contentHash}`,
  caseKind: "stranger_reversal",
  subject: receipt,
  detailsJson: JSON.stringify({ because: "sender", phoneId, contentHash }),
  state: "open",
  openedAt: at,
  closedAt: null,
  version: 1,
});

/** A body over the limit: the phone sends it again for ever and nothing behind it. One case a phone and day. */
export const oversizeCase = (phoneId: string, bytes: number, at: number): Case => ({
  kind: "case",
  caseKey: `gateway:${phoneId}:oversize:${new Date(at).toISOString().slice(0, 10)}`,
  caseKind: "gateway_body",
  subject: phoneId,
  detailsJson: JSON.stringify({ because: "the body is over the limit and blocks the phone", bytes }),
  state: "open",
  openedAt: at,
  closedAt: null,
  version: 1,
});
