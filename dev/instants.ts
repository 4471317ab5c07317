/** An instant as a person reads it: UTC, to the second. */
export const instant = (at: number) => `${new Date(at).toISOString().slice(0, 19)}Z`;

/** What a field's name says of its number: an instant, in milliseconds since 1970. */
const INSTANT = /(?:^asOf|At|Until|^since|^minute)$/;
/** Before 1973 and after 2286 there was, and is, no mini-grid: another number is something else. */
const [FIRST, LAST] = [1e11, 1e13];

/** The same answer with its instants as text, for people: no one reads 1796019663356 at night. */
export function readable(name: string, value: unknown): unknown {
  const isInstant = typeof value === "number" && INSTANT.test(name) && value >= FIRST && value < LAST;
  return isInstant ? instant(value) : value;
}
