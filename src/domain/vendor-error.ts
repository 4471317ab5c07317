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
const TOO_FAST_MS_MAX = 60_000;
/** Seconds above it are an instant, below it a stretch of time. */
const INSTANT_S_MIN = 1_000_000_000;

/**
 * What a 429 says: `spent`, nothing more today; or until when the pace was too fast. Koios sends the same status for both:
 * the text of the one names the day, the other says in its headers when there is room again. One that says neither is the
 * day: to be wrong there costs a day's readings, the other way round the organisation's good name.
 */
export function tooMany(
  body: string,
  headers: { retryAfter: string | null; reset: string | null },
  now: number,
): "spent" | { retryAt: number } {
  if (/\bdai?ly\b|\bday\b|quota/i.test(body.slice(0, 2_000))) return "spent";
  const said = headers.retryAfter ?? headers.reset;
  if (!/^\d{1,12}$/.test(said ?? "")) return "spent";
  const seconds = Number(said);
  const retryAt = seconds >= INSTANT_S_MIN ? seconds * 1_000 : now + seconds * 1_000;
  // Another clock than ours: behind it, the instant is over already.
  return retryAt > now + TOO_FAST_MS_MAX ? "spent" : { retryAt: Math.max(retryAt, now + 1_000) };
}
