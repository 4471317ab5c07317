/** What the phone was doing when it got the answer. */
export type SmssyncAsked = "sms" | "task_send" | "task_sent" | "task_result_ask" | "task_result";

/**
 * Why an SMSSync phone of this version would stop, or send what it must not, on this answer; null when it would not.
 * The simulated phones and the tests hold every answer against it.
 */
export function wouldCrash(
  jsonText: string,
  status: number,
  version: "2.8" | "3.1",
  asked: SmssyncAsked,
): string | null {
  const body = objectOf(parsed(jsonText));
  if (body === null) return "the body is no JSON object";
  if (asked === "task_send") return crashOfTask(objectOf(body.payload), version);
  if (asked === "sms" || asked === "task_result") return crashOfPost(objectOf(body.payload));
  if (status !== 200) return null; // Claims and questions look at the body of a 200 only.
  return isTexts(body.message_uuids) ? null : "message_uuids is no list of ids";
}

function crashOfPost(payload: Record<string, unknown> | null): string | null {
  if (payload === null) return "payload is missing";
  return "messages" in payload ? "messages would be sent, and again after every failure" : null;
}

function crashOfTask(payload: Record<string, unknown> | null, version: "2.8" | "3.1"): string | null {
  if (payload === null) return "payload is missing";
  if (typeof payload.task !== "string") return version === "2.8" ? "task is missing" : "task is no text";
  if (!Array.isArray(payload.messages)) return "messages is no list";
  for (const element of payload.messages) {
    const message = objectOf(element);
    if (message === null) return "a message is no object";
    for (const key of ["to", "message", "uuid"])
      if (typeof message[key] !== "string" || message[key] === "") return `a message's ${key} is no text`;
    // A number called timestamp, or retries that are none, make the app refuse the whole answer.
    if (Object.keys(message).length !== 3) return "a message has more than to, message and uuid";
  }
  if (payload.messages.length > 0 && typeof payload.secret !== "string") return "secret is no text";
  return null;
}

const isTexts = (value: unknown) => Array.isArray(value) && value.every((text) => typeof text === "string");

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function objectOf(value: unknown): Record<string, unknown> | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : null;
}
