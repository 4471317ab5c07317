import { type Node, parseTree } from "jsonc-parser";

/** Elements of the two arrays that must not go to the old system (again). */
export type LeaveOut = { messages: readonly number[]; updates: readonly number[] };

/**
 * The bytes to forward: the original ones, with the named elements cut out of `messages` and `updates`. Every byte
 * that is kept stays as it came. Null when the cut cannot be made safely; then nothing may be sent.
 */
export function forwardBody(original: Uint8Array, leaveOut: LeaveOut): Uint8Array | null {
  if (leaveOut.messages.length === 0 && leaveOut.updates.length === 0) return original;
  // One character a byte: the parser's offsets are then offsets into the bytes.
  const bom = original[0] === 0xef && original[1] === 0xbb && original[2] === 0xbf ? 3 : 0;
  const text = Buffer.from(original.buffer, original.byteOffset, original.byteLength).toString("latin1", bom);
  const root = treeOf(text);
  if (root === null) return null;
  const cuts = [
    ...cutsOf(arrayNamed(root, "messages"), leaveOut.messages),
    ...cutsOf(arrayNamed(root, "updates"), leaveOut.updates),
  ].sort((a, b) => a.from - b.from);
  if (cuts.length === 0) return null;
  const kept: Uint8Array[] = [];
  let at = 0;
  for (const { from, to } of cuts) {
    kept.push(original.subarray(at, bom + from));
    at = bom + to;
  }
  kept.push(original.subarray(at));
  return new Uint8Array(Buffer.concat(kept));
}

function treeOf(text: string): Node | null {
  try {
    return parseTree(text) ?? null;
  } catch {
    return null; // nested deeper than the stack
  }
}

/** The last of several keys of that name, as `JSON.parse` reads it. */
function arrayNamed(root: Node, name: string): Node[] {
  const property = (root.children ?? []).findLast((child) => child.children?.[0]?.value === name);
  const value = property?.children?.[1];
  return value?.type === "array" ? (value.children ?? []) : [];
}

/** Each left-out element goes with the comma after it; those at the end go with the comma before them. */
function cutsOf(elements: Node[], leaveOut: readonly number[]): { from: number; to: number }[] {
  const out = new Set(leaveOut);
  const lastKept = elements.findLastIndex((_, index) => !out.has(index));
  const cuts: { from: number; to: number }[] = [];
  for (const [index, element] of elements.entries()) {
    const next = elements[index + 1];
    if (index < lastKept && out.has(index) && next) cuts.push({ from: element.offset, to: next.offset });
  }
  const last = elements.at(-1);
  if (last && lastKept < elements.length - 1) {
    const before = elements[lastKept];
    cuts.push({ from: before ? endOf(before) : (elements[0]?.offset ?? last.offset), to: endOf(last) });
  }
  return cuts;
}

const endOf = (node: Node) => node.offset + node.length;
