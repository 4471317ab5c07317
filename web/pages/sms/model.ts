/** JSON with its keys in order: the database does not keep the order in which they were written. */
export const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );

export type Said = { name: string; value: string };

/** What a parser read of a text, a line a field; what it left out is not shown. */
export function saidOf(parsed: unknown): Said[] {
  if (typeof parsed !== "object" || parsed === null) return [];
  return Object.entries(parsed)
    .filter(([, value]) => value !== null && value !== undefined && !(Array.isArray(value) && value.length === 0))
    .map(([name, value]) => ({ name, value: typeof value === "object" ? JSON.stringify(value) : String(value) }));
}
