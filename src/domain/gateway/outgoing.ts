import type { OutgoingState } from "../outbox.ts";
import { ERASED_PHONE } from "../personal/patterns.ts";
import { err, ok, type Result } from "../result.ts";
import type { StatusUpdate } from "./protocol.ts";
import { hasLoneSurrogate } from "./text.ts";

/** Offered or unsent at one time: ten soft-failing texts at the front would block every newer one on the phone. */
export const OUTSTANDING_MAX = 10;
export const OFFERS_PER_ANSWER_MAX = 10;
/** Sooner would starve the phone's own retries: a repeated offer moves a text to the end of its queue. */
export const REOFFER_MS = 5 * 60_000;
/** The phone tries an UNSENT text for about 13 h; longer means that nobody will, and it stops taking a place. */
export const UNSENT_MS_MAX = 14 * 3_600_000;
export const SEGMENTS_MAX = 10;
/** Of what the old system gives us to send, which names no end of its own. */
export const LEGACY_TTL_MS = 24 * 3_600_000;

/** What offering needs to know about an SMS that has not come to its end. */
export type Offerable = {
  id: string;
  state: OutgoingState;
  createdAt: number;
  expiresAt: number;
  offeredAt: number | null;
  stateAt: number;
};

/**
 * Which SMS to hand to the phone now, and which have passed their time without a word from it. One with any update is
 * never offered again: the phone has it.
 */
export function chooseOffers(rows: readonly Offerable[], now: number): { offer: string[]; expired: string[] } {
  const expired = rows.filter((row) => (row.state === "queued" || row.state === "offered") && row.expiresAt <= now);
  const dead = new Set(expired.map((row) => row.id));
  const live = rows
    .filter((row) => !dead.has(row.id))
    .toSorted((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
  const outstanding = live.filter(
    (row) => row.state === "offered" || (row.state === "unsent" && row.stateAt > now - UNSENT_MS_MAX),
  ).length;
  const again = live.filter((row) => row.state === "offered" && (row.offeredAt ?? 0) <= now - REOFFER_MS);
  const fresh = live.filter((row) => row.state === "queued").slice(0, Math.max(0, OUTSTANDING_MAX - outstanding));
  return {
    offer: [...again, ...fresh].slice(0, OFFERS_PER_ANSWER_MAX).map((row) => row.id),
    expired: expired.map((row) => row.id),
  };
}

const STATE_OF = {
  UNSENT: "unsent",
  PENDING: "pending",
  SENT: "sent",
  DELIVERED: "delivered",
  FAILED: "failed",
} as const satisfies Record<StatusUpdate["status"], OutgoingState>;

/**
 * Where an SMS stands, from all the phone ever said about it, oldest first: DELIVERED stays, then SENT; below them the
 * latest word counts, since a failed text may be tried again by hand. Null when the phone said nothing yet.
 */
export function stateFromUpdates(log: readonly Pick<StatusUpdate, "status">[]): OutgoingState | null {
  for (const status of ["DELIVERED", "SENT"] as const)
    if (log.some((update) => update.status === status)) return STATE_OF[status];
  const latest = log.at(-1);
  return latest ? STATE_OF[latest.status] : null;
}

export type OutgoingRefusal = { kind: "to" | "content" | "segments" | "id"; because: string };

/** What a phone can send. Anything else would be refused by the phone, or crash it at every poll. */
export function checkOutgoing(sms: { id: string; to: string; content: string }): Result<true, OutgoingRefusal> {
  if (sms.id.length === 0 || sms.id.length > 200)
    return err({ kind: "id", because: `id has ${sms.id.length} characters; expected 1 to 200` });
  if (!/^\+?[0-9]{3,15}$/.test(sms.to))
    return err({ kind: "to", because: "to is no phone number; expected an optional + and 3 to 15 digits" });
  if (sms.to.replace("+", "") === ERASED_PHONE)
    return err({ kind: "to", because: "to is nobody's number: who had it was erased" });
  if (sms.content.trim() === "") return err({ kind: "content", because: "content is empty; expected text" });
  if (hasLoneSurrogate(sms.content) || sms.content.includes("\u0000"))
    return err({ kind: "content", because: "content has half a character or U+0000; expected whole characters" });
  const segments = segmentsOf(sms.content);
  if (segments > SEGMENTS_MAX)
    return err({ kind: "segments", because: `content takes ${segments} SMS parts; expected at most ${SEGMENTS_MAX}` });
  return ok(true);
}

const GSM_BASIC = /^[@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà^{}\\[~\]|€]*$/u;
const GSM_TWO = /[\^{}\\[~\]|€]/gu;

/** How many SMS a text takes on the air: 160 or 153 septets in the GSM alphabet, else 70 or 67 UTF-16 units. */
export function segmentsOf(text: string): number {
  if (!GSM_BASIC.test(text)) return text.length <= 70 ? 1 : Math.ceil(text.length / 67);
  const septets = text.length + (text.match(GSM_TWO)?.length ?? 0);
  return septets <= 160 ? 1 : Math.ceil(septets / 153);
}

/** The old system's answer to a forwarded request: SMS it wants this phone to send, in either protocol's shape. */
export function legacyMessages(body: string): { id: string; to: string; content: string }[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return [];
  }
  const root = parsed as { messages?: unknown; payload?: { messages?: unknown } | null } | null;
  const list = root?.messages ?? root?.payload?.messages;
  if (!Array.isArray(list)) return [];
  const messages: { id: string; to: string; content: string }[] = [];
  for (const element of list as unknown[]) {
    if (typeof element !== "object" || element === null) continue;
    const { id, uuid, to, content, message } = element as Record<string, unknown>;
    // As the phone reads them: numbers become text, spaces and hyphens leave the number.
    const sms = { id: scalar(id ?? uuid), to: scalar(to)?.replace(/[-\s]/g, ""), content: scalar(content ?? message) };
    if (sms.id !== undefined && sms.to !== undefined && sms.content !== undefined)
      messages.push({ id: sms.id, to: sms.to, content: sms.content });
  }
  return messages;
}

const scalar = (value: unknown) =>
  typeof value === "string" ? value : typeof value === "number" ? String(value) : undefined;
