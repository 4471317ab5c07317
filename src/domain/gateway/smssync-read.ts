import { claimedTime } from "./medic.ts";
import type { InboundItem } from "./protocol.ts";
import { type Fields, readFields, readQuery } from "./smssync-fields.ts";
import { readResults, type SmssyncResult } from "./smssync-results.ts";
import { contentHash } from "./text.ts";

/** A request as the phone sent it; `query` is everything after the first "?". */
export type SmssyncRequest = { method: string; query: string; contentType: string; body: Uint8Array };

/** What an SMSSync phone wants. `secret` is the one presented, null when none was. */
export type SmssyncRead =
  | { kind: "sms"; secret: string | null; item: InboundItem }
  /** The integration test of the settings screen: answered, never stored. */
  | { kind: "test"; secret: string | null }
  /** The battery is low. Some versions send nothing with it, not even the secret; nothing depends on it. */
  | { kind: "alert"; message: string | null }
  | { kind: "task_send"; secret: string | null }
  /** The phone asks which of these it may send now. */
  | { kind: "task_sent"; uuids: string[] }
  | { kind: "task_result_ask"; secret: string | null }
  | { kind: "task_result"; secret: string | null; results: SmssyncResult[] }
  | { kind: "unknown_task"; task: string }
  /** A queue or a result posted to the bare URL by mistake of the phone: acknowledged, nothing else. */
  | { kind: "stale_queue" }
  | { kind: "get_without_task" }
  | { kind: "unreadable"; because: "body" | "no_sms" | "method" };

/** Ids in one claim; the phone never holds as many. */
export const CLAIM_UUIDS_MAX = 500;

const TEST_FROM = "+000000000000";
const TEST_MESSAGE = "Test Message From SMSSync Integration";

/** Never throws, whatever came. */
export function readSmssync(request: SmssyncRequest): SmssyncRead {
  const query = readQuery(request.query);
  if (request.method === "GET") return readGet(query);
  if (request.method !== "POST" && request.method !== "PUT") return { kind: "unreadable", because: "method" };
  const fields = readFields(request.contentType, request.body);
  return readPost(query, fields);
}

function readGet(query: ReadonlyMap<string, string>): SmssyncRead {
  const task = query.get("task");
  const secret = query.get("secret") ?? null;
  if (task === undefined) return { kind: "get_without_task" };
  if (task === "send") return { kind: "task_send", secret };
  if (task === "result") return { kind: "task_result_ask", secret };
  return { kind: "unknown_task", task };
}

function readPost(query: ReadonlyMap<string, string>, fields: Fields | null): SmssyncRead {
  const task = query.get("task") ?? (fields === null ? null : textOf(fields.get("task")));
  const secret = (fields === null ? null : textOf(fields.get("secret"))) ?? query.get("secret") ?? null;
  // Stale parameters must not hide an SMS: whatever the task says, a body with an id and a text is one.
  if (fields !== null && isTest(fields)) return { kind: "test", secret };
  if (fields !== null && isSurelySms(fields)) return { kind: "sms", secret, item: itemOf(fields) };
  if (task === "sent") return { kind: "task_sent", uuids: uuidsOf(fields?.get("queued_messages")) };
  if (task === "result") return { kind: "task_result", secret, results: readResults(fields?.get("message_result")) };
  if (task === "alert") return { kind: "alert", message: textOf(fields?.get("message")) };
  if (task !== null) return { kind: "unknown_task", task };
  if (fields === null) return { kind: "unreadable", because: "body" };
  if (["from", "message", "message_id"].some((key) => isPresent(fields.get(key))))
    return { kind: "sms", secret, item: itemOf(fields) };
  if (fields.has("queued_messages") || fields.has("message_result")) return { kind: "stale_queue" };
  return { kind: "unreadable", because: "no_sms" };
}

const isPresent = (value: unknown) => value !== undefined && value !== null;
const isSurelySms = (fields: Fields) =>
  isPresent(fields.get("message_id")) && (isPresent(fields.get("from")) || isPresent(fields.get("message")));
const isTest = (fields: Fields) => fields.get("from") === TEST_FROM && fields.get("message") === TEST_MESSAGE;

/** Text as sent; a number as its digits; anything else but a missing value as its JSON, so that nothing is lost. */
function textOf(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value === "string") return value;
  try {
    return JSON.stringify(value);
  } catch {
    return ""; // nested deeper than the stack; the raw body is kept
  }
}

function itemOf(fields: Fields): InboundItem {
  const from = textOf(fields.get("from"));
  const message = textOf(fields.get("message"));
  const sentTimestamp = textOf(fields.get("sent_timestamp"));
  const sender = from ?? "";
  const content = message ?? "";
  return {
    externalId: idOf(fields.get("message_id")) ?? contentId(sender, sentTimestamp, content),
    sender,
    content,
    claimedSentAt: claimedTime(sentTimestamp),
    claimedReceivedAt: null,
    quarantine: faultOf(fields),
  };
}

function faultOf(fields: Fields): string | null {
  for (const key of ["from", "message"]) if (!isPresent(fields.get(key))) return `${key} is missing; expected text`;
  for (const key of ["from", "message", "message_id"])
    if (typeof fields.get(key) === "object" && fields.get(key) !== null)
      return `${key} is ${Array.isArray(fields.get(key)) ? "an array" : "an object"}; expected text`;
  return null;
}

const idOf = (value: unknown) =>
  typeof value === "string" && value !== "" ? value : typeof value === "number" ? String(value) : null;

/** For an SMS without an id: the same SMS posted again has the same one. */
const contentId = (sender: string, sentTimestamp: string | null, content: string) =>
  `content:${contentHash(`${sender}\u0000${sentTimestamp ?? ""}`, content)}`;

function uuidsOf(value: unknown): string[] {
  if (!Array.isArray(value)) return [];
  const uuids = value.filter((uuid): uuid is string => typeof uuid === "string" && uuid !== "");
  return [...new Set(uuids)].slice(0, CLAIM_UUIDS_MAX);
}
