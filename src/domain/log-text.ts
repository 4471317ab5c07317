/** The longest text of one field. */
const TEXT_CHARS_MAX = 300;

/** What may carry somebody's name, number, words or key in a text that we did not write: what stands in its place is seen to stand there. */
const PERSONAL: readonly (readonly [RegExp, string])[] = [
  // A parser quotes what it could not read, a database the value that it refused.
  [/"[^"]*"|`[^`]*`|'[^'\n]{2,}'/g, '"…"'],
  [/\(([^()]*)\)=\(([^()]*)\)/g, "($1)=(…)"],
  [/\b[a-z][a-z0-9+.-]*:\/\/[^\s,;)]+/gi, "<address>"],
  [/[^\s@<>]+@[^\s@<>]+\.[a-z]{2,}/gi, "<email>"],
  [/\b(?:Bearer|Basic)\s+\S+/gi, "<credential>"],
  [/\b[A-Za-z0-9_-]{24,}={0,2}/g, "<token>"],
  [/\+?\d(?:[ -]?\d){6,}/g, "<digits>"],
];

/** A text that others wrote, for the log: without what people are called, their numbers, what they wrote, addresses and keys. */
export const scrubbed = (text: string): string =>
  PERSONAL.reduce((clean, [personal, instead]) => clean.replace(personal, instead), text).slice(0, TEXT_CHARS_MAX);

/**
 * What went wrong, for the log. Of an error with a code (a database's) the code and the constraint: its message carries the
 * values. Of every other its name and what it says, scrubbed.
 */
export function saidBy(thrown: unknown): string {
  if (!(thrown instanceof Error)) return scrubbed(String(thrown));
  const { code, constraint } = thrown as { code?: unknown; constraint?: unknown };
  if (typeof code === "string" && code !== "")
    return scrubbed([thrown.name, code, typeof constraint === "string" ? constraint : ""].filter(Boolean).join(" "));
  return scrubbed(`${thrown.name}: ${thrown.message}`);
}

/** 8 to 64 letters, digits, dots, dashes and underscores: what a caller may name a request, and what may stand in a header. */
const REQUEST_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{7,63}$/;
/** What programs make by themselves: a UUID, or a trace of 32 hexadecimal digits; by chance alone no number of a person. */
const MADE = /^(?:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9a-f]{32})$/i;
/** A number of a person is no name of a request, however it is written. */
const IS_NUMBER = /^[\d._-]+$/;
/** A name of a person has no digit, and a number of one has seven in a row. */
const LIKE_A_PERSON = /^\D*$|\d{7}/;

/** What may be an id of a request that is stored already: also one that was taken before names were not. */
export const isRequestId = (said: string): boolean =>
  REQUEST_ID.test(said) && (MADE.test(said) || !IS_NUMBER.test(said));

/**
 * The id that a caller has given a request; null: none, one that is not well formed, or one that could be a person. It is kept for
 * ever, beside an SMS and in the log, and no erasure looks for a person in it.
 */
export const givenRequestId = (said: string | undefined): string | null =>
  said !== undefined && isRequestId(said) && (MADE.test(said) || !LIKE_A_PERSON.test(said)) ? said : null;
