import { err, ok, type Result } from "../result.ts";
import type { InboundItem, StatusUpdate } from "./protocol.ts";

/** More than a phone ever sends (10 and 20); above it the body is kept whole for a person instead of being taken apart. */
export const MEDIC_MESSAGES_MAX = 1_000;
export const MEDIC_UPDATES_MAX = 1_000;

/** The phone's own clock is believed to be a time at all between 2000 and 2100; it is never used to order or key anything. */
const CLAIMED_MS_MIN = Date.UTC(2000, 0, 1);
const CLAIMED_MS_MAX = Date.UTC(2100, 0, 1);

const STATUSES = new Set(["UNSENT", "PENDING", "SENT", "DELIVERED", "FAILED"]);

export type IndexedUpdate = StatusUpdate & { index: number };

/** `index` is its place in `messages`; null: it stands for the whole body, kept for a person. */
export type IndexedItem = InboundItem & { index: number | null };

export type MedicPost = {
  /** One for each element of `messages`, in order; and one for the whole body when a part of it was no array. */
  items: IndexedItem[];
  /** Updates that say something, each with its place in `updates`. */
  updates: IndexedUpdate[];
  updateCount: number;
  /** Parts of the body that had no sense, in words a person can act on; none of them makes the request fail. */
  oddities: string[];
};

/** `because` goes to the phone's log: it names what was expected. The phone sends the same again. */
export type MedicUnreadable = { kind: "unreadable"; because: string };

/** Reads the body of a Medic POST. Whatever can be stored is; only what is no JSON object at all is refused. */
export function readMedicPost(body: Uint8Array): Result<MedicPost, MedicUnreadable> {
  const text = new TextDecoder().decode(body);
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    const shown = body.length === 0 ? "is empty" : "is no JSON";
    return err({ kind: "unreadable", because: `the body ${shown}; expected an object with messages and updates` });
  }
  if (!isRecord(parsed))
    return err({ kind: "unreadable", because: `the body is ${kindOf(parsed)}; expected an object` });

  const oddities: string[] = [];
  const ignored: string[] = [];
  const { updates, updateCount } = readUpdates(parsed.updates, oddities, ignored);
  const messages: unknown = parsed.messages ?? [];
  const items: IndexedItem[] = [];
  if (!Array.isArray(messages)) oddities.push(`messages is ${kindOf(messages)}; expected an array`);
  else if (messages.length > MEDIC_MESSAGES_MAX)
    oddities.push(`messages has ${messages.length} elements; expected at most ${MEDIC_MESSAGES_MAX}`);
  else for (const [index, element] of messages.entries()) items.push({ ...readMessage(element, index), index });
  if (oddities.length > 0) items.push({ ...quarantined("", text, oddities.join("; ")), index: null });
  return ok({ items, updates, updateCount, oddities: [...oddities, ...ignored] });
}

function readMessage(element: unknown, index: number): InboundItem {
  const place = `messages[${index}]`;
  if (!isRecord(element)) return quarantined("", asText(element), `${place} is ${kindOf(element)}; expected an object`);
  const { id, from, content } = element;
  const faults = (["id", "from", "content"] as const)
    .filter((name) => typeof element[name] !== "string")
    .map((name) => `${place}.${name} is ${kindOf(element[name])}; expected text`);
  if (id === "") faults.push(`${place}.id is empty; expected text`);
  return {
    externalId: typeof id === "number" ? String(id) : typeof id === "string" && id !== "" ? id : null,
    sender: typeof from === "string" ? from : "",
    // Without a readable content the element itself is what a person will want to see.
    content: typeof content === "string" ? content : asText(element),
    claimedSentAt: claimedTime(element.sms_sent),
    claimedReceivedAt: claimedTime(element.sms_received),
    quarantine: faults.length === 0 ? null : faults.join("; "),
  };
}

function readUpdates(
  value: unknown,
  oddities: string[],
  ignored: string[],
): { updates: IndexedUpdate[]; updateCount: number } {
  const list = value ?? [];
  if (!Array.isArray(list)) {
    oddities.push(`updates is ${kindOf(list)}; expected an array`);
    return { updates: [], updateCount: 0 };
  }
  if (list.length > MEDIC_UPDATES_MAX)
    oddities.push(`updates has ${list.length} elements; only the first ${MEDIC_UPDATES_MAX} are read`);
  const updates: IndexedUpdate[] = [];
  for (const [index, element] of list.slice(0, MEDIC_UPDATES_MAX).entries()) {
    const update = readUpdate(element);
    if (update === null) ignored.push(`updates[${index}] has no id or no known status`);
    else updates.push({ ...update, index });
  }
  return { updates, updateCount: list.length };
}

function readUpdate(element: unknown): StatusUpdate | null {
  if (!isRecord(element)) return null;
  const { id, status, reason } = element;
  if ((typeof id !== "string" && typeof id !== "number") || id === "") return null;
  if (typeof status !== "string" || !isStatus(status)) return null;
  return { id: String(id), status, reason: typeof reason === "string" ? reason : null };
}

const isStatus = (text: string): text is StatusUpdate["status"] => STATUSES.has(text);

/** A whole number of milliseconds between 2000 and 2100, also as decimal text; everything else is no time. */
export function claimedTime(value: unknown): number | null {
  const ms =
    typeof value === "number"
      ? Math.trunc(value)
      : typeof value === "string" && /^\d{1,16}$/.test(value)
        ? +value
        : null;
  return ms !== null && ms >= CLAIMED_MS_MIN && ms < CLAIMED_MS_MAX ? ms : null;
}

const quarantined = (sender: string, content: string, because: string): InboundItem => ({
  externalId: null,
  sender,
  content,
  claimedSentAt: null,
  claimedReceivedAt: null,
  quarantine: because,
});

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const asText = (value: unknown) => JSON.stringify(value) ?? "";

/** The kind of a JSON value, never the value: what a customer wrote is not for logs. */
function kindOf(value: unknown): string {
  if (value === undefined) return "missing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  if (typeof value === "object") return "an object";
  return typeof value === "string" ? "text" : `a ${typeof value}`;
}

/** Always with a `messages` array: a 2xx without one would still acknowledge, but leave the phone's log in doubt. */
export const medicAnswer = (messages: { id: string; to: string; content: string }[]) => JSON.stringify({ messages });
export const medicHandshake = () => JSON.stringify({ "medic-gateway": true });
export const medicError = (message: string) => JSON.stringify({ error: true, message });
