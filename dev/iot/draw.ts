/** A whole number below `below`, drawn from what is named: the same names, the same number, in any order of asking. */
export function draw(below: number, ...names: (string | number)[]): number {
  let hash = 0x811c9dc5;
  for (const name of names.join("|")) hash = Math.imul(hash ^ (name.codePointAt(0) ?? 0), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) % below;
}
