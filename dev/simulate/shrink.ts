/** How often a story is told again to make it shorter. */
const TRIES_MAX = 200;

/** The same list with as much left out as can be while it is still red; by halves first, then one by one. */
export async function shrunken<T>(
  all: readonly T[],
  isRed: (some: readonly T[]) => Promise<boolean>,
): Promise<readonly T[]> {
  let left = all;
  let tries = 0;
  for (let size = Math.ceil(left.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2))
    for (let at = 0; at < left.length && tries < TRIES_MAX; ) {
      const fewer = [...left.slice(0, at), ...left.slice(at + size)];
      tries += 1;
      if (fewer.length > 0 && (await isRed(fewer))) left = fewer;
      else at += size;
    }
  return left;
}
