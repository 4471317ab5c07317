import { checkOutgoing } from "./outgoing.ts";

/** Always JSON, on every status: anything else stops the app. */
export type SmssyncAnswer = { status: number; jsonText: string };

const answer = (status: number, body: unknown): SmssyncAnswer => ({ status, jsonText: JSON.stringify(body) });

/**
 * Acknowledges an SMS, a test, an alert or a report. Never with messages: the phone would send them at once, and again
 * after every later failure.
 */
export const taken = (): SmssyncAnswer => answer(200, { payload: { success: true, error: null } });

/**
 * No, in the shape the method needs. A GET may have been a task check, whose answer must hold a task and a list of
 * messages or the app stops; a POST must not hold messages.
 */
export function refused(method: string, status: number, error: string): SmssyncAnswer {
  if (method !== "GET") return answer(status, { payload: { success: false, error } });
  return answer(status, { payload: { success: false, task: "", secret: "", messages: [], error } });
}

/** A secret or token that does not match: 403, so that the test in the phone's settings visibly fails. */
export const forbidden = (method: string): SmssyncAnswer => refused(method, 403, "wrong secret");

export const unknownTask = (method: string): SmssyncAnswer => refused(method, 200, "unknown task");

/** A redirected POST arrives as a GET without a task: it must never read as an acknowledgement. */
export const noTask = (): SmssyncAnswer => refused("GET", 200, "no task");

export const unreadable = (method: string, because: string): SmssyncAnswer =>
  refused(method, because === "method" ? 405 : 400, `unreadable: ${because}`);

export type OutgoingMessage = { id: string; to: string; content: string };

/** True when the phone can send it. A null or an empty text or number stops the app, again at every poll. */
export const isFit = (message: OutgoingMessage) => checkOutgoing(message).ok;

/**
 * The task check's answer: the secret as presented (the phone compares it, letter case too), and three strings a
 * message, nothing else. What is not fit is left out.
 */
export function taskSend(secret: string | null, messages: readonly OutgoingMessage[]): SmssyncAnswer {
  const fit = messages.filter(isFit).map(({ id, to, content }) => ({ to, message: content, uuid: id }));
  return answer(200, { payload: { task: "send", secret: secret ?? "", messages: fit } });
}

/** Which ids the phone may send now (task=sent), or which we want news of (task=result). */
export const messageUuids = (uuids: readonly string[]): SmssyncAnswer => answer(200, { message_uuids: uuids });
