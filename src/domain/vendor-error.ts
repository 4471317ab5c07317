/** What a vendor says in an answer that is no data: each platform has shapes of its own, and pages for people besides. */

const TEXT_CHARS_MAX = 200;

const textOf = (value: unknown): string | null => {
  if (typeof value === "string" && value.trim() !== "") return value.trim().slice(0, TEXT_CHARS_MAX);
  if (Array.isArray(value)) return textOf(value[0]);
  if (typeof value === "object" && value !== null) {
    const { title, details, message } = value as Record<string, unknown>;
    const said = [textOf(title), textOf(details)].filter((each) => each !== null).join(": ");
    return said === "" ? textOf(message) : said.slice(0, TEXT_CHARS_MAX);
  }
  return null;
};

export const isHtml = (body: string): boolean =>
  /^\uFEFF?\s*<(?:!doctype|html|head|body|\?xml|!--)/i.test(body.slice(0, 200));

/**
 * The error an answer names, for a person; null: it names none. Koios v1 `{errors: [{title, details}]}` and
 * `{detail: "…" | ["…"]}`, v2 `{error: true, code, message}`, ThunderCloud `{error: "…", status: "failure"}`.
 */
export function vendorErrorText(body: string): string | null {
  if (isHtml(body)) return "a page for people";
  let said: unknown;
  try {
    said = JSON.parse(body);
  } catch {
    return null;
  }
  if (typeof said !== "object" || said === null || Array.isArray(said)) return null;
  const { errors, detail, error, code, message, status } = said as Record<string, unknown>;
  const named = textOf(errors) ?? textOf(detail);
  if (named !== null) return named;
  if (error === true) return [textOf(code), textOf(message)].filter((each) => each !== null).join(": ") || "error";
  return textOf(error) ?? (status === "failure" ? "failure" : textOf(message));
}

/** Most that a vendor's own "too fast" can mean: whatever asks for more means the day. */
const TOO_FAST_S_MAX = 60;

/**
 * What a 429 says: `spent`, nothing more today; or until when the pace was too fast. Koios sends the same status for both,
 * and its text names the day. One that does not say which is the day: to be wrong there costs a day's readings, the other
 * way round costs the organisation's good name.
 */
export function tooMany(body: string, retryAfter: string | null, now: number): "spent" | { retryAt: number } {
  if (/\bdai?ly\b|\bday\b|quota/i.test(body.slice(0, 2_000))) return "spent";
  const seconds = /^\d{1,6}$/.test(retryAfter ?? "") ? Number(retryAfter) : null;
  return seconds === null || seconds > TOO_FAST_S_MAX ? "spent" : { retryAt: now + Math.max(1, seconds) * 1_000 };
}
