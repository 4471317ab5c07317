import { type Node, parseTree } from "jsonc-parser";

/**
 * What must not go to the old system (again): elements of the two arrays by their place, and in SMSSync's claims and
 * reports whatever is about one of `uuids`.
 */
export type LeaveOut = { messages: readonly number[]; updates: readonly number[]; uuids?: readonly string[] };

/**
 * The bytes to forward: the original ones, with the named elements cut out. Every byte that is kept stays as it came,
 * but for a report whose array is itself a text within the JSON: that text is written anew. Null when the cut cannot be made safely; then nothing may be sent.
 */
export function forwardBody(original: Uint8Array, leaveOut: LeaveOut): Uint8Array | null {
  const uuids = new Set(leaveOut.uuids);
  if (leaveOut.messages.length === 0 && leaveOut.updates.length === 0 && uuids.size === 0) return original;
  // One character a byte: the parser's offsets are then offsets into the bytes.
  const bom = original[0] === 0xef && original[1] === 0xbb && original[2] === 0xbf ? 3 : 0;
  const text = Buffer.from(original.buffer, original.byteOffset, original.byteLength).toString("latin1", bom);
  const root = treeOf(text);
  if (root === null) return null;
  const claimed = elementsOf(valueNamed(root, "queued_messages"));
  const reported = elementsOf(valueNamed(root, "message_result"));
  const cuts = [
    ...cutsOf(elementsOf(valueNamed(root, "messages")), leaveOut.messages),
    ...cutsOf(elementsOf(valueNamed(root, "updates")), leaveOut.updates),
    ...cutsOf(
      claimed,
      placesOf(claimed, uuids, (element) => element.value),
    ),
    ...cutsOf(
      reported,
      placesOf(reported, uuids, (element) => valueNamed(element, "uuid")?.value),
    ),
    ...rewritten(valueNamed(root, "message_result"), uuids, (node) =>
      Buffer.from(original.subarray(bom + node.offset, bom + endOf(node))).toString("utf8"),
    ),
  ].sort((a, b) => a.from - b.from);
  if (cuts.length === 0) return null;
  const kept: Uint8Array[] = [];
  let at = 0;
  for (const { from, to, instead } of cuts) {
    kept.push(original.subarray(at, bom + from));
    if (instead !== undefined) kept.push(Buffer.from(instead, "utf8"));
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
function valueNamed(root: Node, name: string): Node | undefined {
  const property = (root.children ?? []).findLast((child) => child.children?.[0]?.value === name);
  return property?.children?.[1];
}

const elementsOf = (value: Node | undefined): Node[] => (value?.type === "array" ? (value.children ?? []) : []);

type Cut = { from: number; to: number; instead?: string };

const placesOf = (elements: Node[], uuids: ReadonlySet<string>, uuidOf: (element: Node) => unknown): number[] =>
  elements.flatMap((element, index) => (uuids.has(String(uuidOf(element))) ? [index] : []));

/** A report that every release sends as a text: an array, written as JSON within the JSON. */
function rewritten(value: Node | undefined, uuids: ReadonlySet<string>, sourceOf: (node: Node) => string): Cut[] {
  if (value?.type !== "string" || uuids.size === 0) return [];
  try {
    const results: unknown = JSON.parse(JSON.parse(sourceOf(value)));
    if (!Array.isArray(results)) return [];
    const kept = results.filter((result) => !uuids.has(String((result as { uuid?: unknown } | null)?.uuid)));
    if (kept.length === results.length) return [];
    return [{ from: value.offset, to: endOf(value), instead: JSON.stringify(JSON.stringify(kept)) }];
  } catch {
    return [];
  }
}

/** Each left-out element goes with the comma after it; those at the end go with the comma before them. */
function cutsOf(elements: Node[], leaveOut: readonly number[]): Cut[] {
  const out = new Set(leaveOut);
  const lastKept = elements.findLastIndex((_, index) => !out.has(index));
  const cuts: Cut[] = [];
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
