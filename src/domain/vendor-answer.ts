/** A vendor's answer as far as it can be read, whichever of its shapes it has. */
export type Understood = {
  shape: "empty" | "not_json" | "json";
  json: unknown;
  /** What it says went wrong, in its own words, the title first. */
  errors: string[];
  /** What it says without calling it an error. */
  message: string | null;
  /** The word that ThunderCloud puts into every answer. */
  status: string | null;
  vendorId: string | null;
};

/** Longest piece of a page that is kept for a person. */
const PAGE_CHARS_MAX = 80;

/** Reads all shapes seen: `errors[]` with title and details, `detail` as text or list, `error` as text or flag, `message`. */
export function understood(body: string): Understood {
  const nothing = { json: null, errors: [], message: null, status: null, vendorId: null };
  if (body.trim() === "") return { ...nothing, shape: "empty" };
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return { ...nothing, shape: "not_json" };
  }
  const said = objectOf(json);
  const listed = listOf(said.errors).flatMap((error) => {
    const { title, details, detail } = objectOf(error);
    return typeof error === "string" ? [error] : words([title, details ?? detail]);
  });
  const data = objectOf(said.data);
  const message = words([...listOf(said.detail), said.detail, said.message])[0] ?? null;
  const isFailure = said.status === "failure" || said.error === true;
  const own = typeof said.error === "string" && said.error !== "" ? [said.error] : [];
  const errors = [...listed, ...own];
  return {
    shape: "json",
    json,
    errors: errors.length === 0 && isFailure ? [message ?? "it failed"] : errors,
    message,
    status: typeof said.status === "string" ? said.status : null,
    vendorId: idOf(data.id) ?? idOf(said.transaction_id),
  };
}

export const objectOf = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
export const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
export const idOf = (value: unknown): string | null => {
  if (typeof value === "number" && Number.isSafeInteger(value)) return String(value);
  return typeof value === "string" && value !== "" && value.length <= 100 ? value : null;
};
const words = (values: unknown[]) =>
  values.filter((value): value is string => typeof value === "string" && value !== "");

/** The beginning of a page, on one line and without its tags. */
export const textOf = (body: string): string =>
  body
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, PAGE_CHARS_MAX)
    .toWellFormed();
