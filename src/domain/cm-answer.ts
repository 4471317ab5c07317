import { z } from "zod";
import type { CarrierVerdict } from "./carrier-sms.ts";

/** Of what is no answer of theirs so much is kept: proxies answer pages. */
const SHOWN_CHARS_MAX = 200;
/** Refused before anything of the request was read: no token, no such door, too many requests. */
const NOT_READ: readonly number[] = [401, 403, 404, 405, 429];

const Answer = z.object({
  errorCode: z.number().int().nullish(),
  details: z.string().nullish(),
  messages: z
    .array(
      z.object({
        reference: z.coerce.string(),
        status: z.string(),
        messageDetails: z.string().nullish(),
        messageErrorCode: z.number().int().nullish(),
      }),
    )
    .nullish(),
});

/**
 * What CM.com's answer to a request says of each SMS that the request named, by its reference (facts: integrations 3.2).
 * `status` null: nobody answered. The table, from certain to unknown: a message that is Accepted without an error went; one
 * that is Rejected, or has an error's number, did not, whatever the request's own status; a request refused for its token,
 * its door or its pace (401, 403, 404, 405, 429), or as a whole (400), was not taken; all else, also a message that their
 * list leaves out, a redirect to a page, a page instead of JSON, and every 5xx, is unknown and never sent again.
 */
export function readCmAnswer(
  answer: { status: number; body: string } | null,
  references: readonly string[],
): Map<string, CarrierVerdict> {
  const all = (verdict: CarrierVerdict) => new Map(references.map((reference) => [reference, verdict]));
  if (answer === null) return all({ kind: "unknown", because: "no answer" });
  const { status, body } = answer;
  const shown = `${status} ${body.slice(0, SHOWN_CHARS_MAX)}`.trim();
  if (NOT_READ.includes(status)) return all({ kind: "not_taken", because: shown });
  const read = Answer.safeParse(jsonOr(body, null));
  if ((status !== 200 && status !== 400) || !read.success) return all({ kind: "unknown", because: shown });
  const { messages, errorCode, details } = read.data;
  const told = messages ?? [];
  if (status === 400 && told.length === 0)
    return (errorCode ?? 0) === 0
      ? all({ kind: "unknown", because: shown })
      : all({ kind: "not_taken", because: `${errorCode} ${details ?? ""}`.trim() });
  return new Map(
    references.map((reference) => {
      const own = told.filter((each) => each.reference === reference);
      return [reference, verdictOf(own)];
    }),
  );
}

/** Told twice and differently, it was taken once. */
function verdictOf(own: NonNullable<z.infer<typeof Answer>["messages"]>): CarrierVerdict {
  if (own.some(({ status, messageErrorCode }) => isWord(status, "accepted") && (messageErrorCode ?? 0) === 0))
    return { kind: "accepted" };
  const no = own.find(({ status, messageErrorCode }) => isWord(status, "rejected") || (messageErrorCode ?? 0) !== 0);
  if (no !== undefined)
    return { kind: "rejected", because: `${no.messageErrorCode ?? ""} ${no.messageDetails ?? no.status}`.trim() };
  return { kind: "unknown", because: "not in the answer" };
}

const isWord = (status: string, word: string) => status.trim().toLowerCase() === word;

function jsonOr<T>(text: string, otherwise: T): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return otherwise;
  }
}
