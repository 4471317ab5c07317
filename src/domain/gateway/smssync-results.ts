import type { StatusUpdate } from "./protocol.ts";

/** What the phone says became of one outgoing SMS. Null where it said nothing. */
export type SmssyncResult = {
  uuid: string;
  sentCode: number | null;
  sentMessage: string | null;
  deliveredCode: number | null;
  deliveredMessage: string | null;
};

/** Results in one report; the rest comes with the next one. */
export const RESULTS_MAX = 500;

export type SmssyncVersion = { major: number; minor: number; patch: number };

/** From "SMSSync-Android/v3.1.1"; null when the header is absent or names something else. */
export function smssyncVersion(userAgent: string): SmssyncVersion | null {
  const found = /\bSMSSync-Android\/v?(\d{1,4})\.(\d{1,4})(?:\.(\d{1,4}))?/i.exec(userAgent);
  return found ? { major: Number(found[1]), minor: Number(found[2]), patch: Number(found[3] ?? 0) } : null;
}

/** Every release sends the array as a string within the JSON; the documentation shows a real array. Garbage is no result. */
export function readResults(value: unknown): SmssyncResult[] {
  const items = typeof value === "string" ? parsed(value) : value;
  if (!Array.isArray(items)) return [];
  return items.slice(0, RESULTS_MAX).flatMap((item) => resultOf(item) ?? []);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function resultOf(item: unknown): SmssyncResult | null {
  if (typeof item !== "object" || item === null) return null;
  const fields = new Map<string, unknown>(Object.entries(item));
  const uuid = fields.get("uuid");
  if (typeof uuid !== "string" || uuid === "") return null;
  return {
    uuid,
    sentCode: codeOf(fields.get("sent_result_code")),
    sentMessage: messageOf(fields.get("sent_result_message")),
    deliveredCode: codeOf(fields.get("delivered_result_code")),
    deliveredMessage: messageOf(fields.get("delivered_result_message")),
  };
}

function codeOf(value: unknown): number | null {
  if (typeof value === "number" && Number.isSafeInteger(value)) return value;
  return typeof value === "string" && /^-?\d{1,6}$/.test(value) ? Number(value) : null;
}

const messageOf = (value: unknown) => (typeof value === "string" && value.trim() !== "" ? value.trim() : null);

const OK = -1;
const NOT_YET = -2;
const NOT_DELIVERED = 0;
/** Android's own result codes of a sending that failed. */
const FAILURES: Readonly<Record<number, string>> = {
  1: "generic failure",
  2: "radio off",
  3: "null pdu",
  4: "no service",
};
/** The texts of failure the app shows, in English and French; in other languages a failure stays unconfirmed. */
const FAILURE_TEXT =
  /^(?:failed to send|no service|radio (?:is |was )?(?:turned )?off|null pdu|échec|pas de service|radio éteinte|pas de pdu)/i;

/**
 * The phone's word as a status, or null when it says nothing that can be believed. Version 3 always sends code 0 and
 * never reports a success, so only a text of failure counts there; version 2 sends Android's codes. An unknown version
 * is read as both: their meanings do not overlap.
 */
export function statusOf(result: SmssyncResult, userAgent: string): StatusUpdate | null {
  const major = smssyncVersion(userAgent)?.major ?? null;
  if (major !== null && major >= 3) return failureText(result);
  return statusByCode(result) ?? (major === null ? failureText(result) : null);
}

function failureText(result: SmssyncResult): StatusUpdate | null {
  if (result.sentMessage === null || !FAILURE_TEXT.test(result.sentMessage)) return null;
  return { id: result.uuid, status: "FAILED", reason: result.sentMessage };
}

function statusByCode({ uuid, sentCode, deliveredCode }: SmssyncResult): StatusUpdate | null {
  if (deliveredCode === OK) return { id: uuid, status: "DELIVERED", reason: null };
  if (sentCode === OK)
    // It left the phone; that the network could not deliver it is worth knowing, and no ground to send it again.
    return { id: uuid, status: "SENT", reason: deliveredCode === NOT_DELIVERED ? "not delivered" : null };
  if (sentCode === NOT_YET) return { id: uuid, status: "PENDING", reason: null };
  if (sentCode === null || sentCode <= 0) return null;
  return { id: uuid, status: "FAILED", reason: FAILURES[sentCode] ?? `code ${sentCode}` };
}
