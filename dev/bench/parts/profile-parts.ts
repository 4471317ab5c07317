/** A CPU profile of the Worker, by what the time went into. */
import { readFile } from "node:fs/promises";

type Node = { id: number; callFrame: { functionName: string; url: string; lineNumber: number } };
type Profile = { nodes: Node[]; samples: number[]; timeDeltas: number[] };

export type ProfilePart = "sql" | "alarms" | "timers" | "json" | "fetches" | "outside" | "gc" | "javascript";

/** Functions of workerd and of V8, by name: they have no file. */
const NATIVE = new Map<string, ProfilePart>([
  ...["exec", "toArray", "one", "raw", "next", "transactionSync", "get databaseSize"].map(
    (name) => [name, "sql"] as const,
  ),
  ...["setAlarm", "deleteAlarm", "getAlarm"].map((name) => [name, "alarms"] as const),
  ...["setTimeout", "clearTimeout", "wait"].map((name) => [name, "timers"] as const),
  ...["parse", "stringify"].map((name) => [name, "json"] as const),
  ...["fetch", "text", "arrayBuffer", "Request", "Response", "Headers"].map((name) => [name, "fetches"] as const),
  ["(program)", "outside"],
  ["(garbage collector)", "gc"],
]);

/** Shares of the time in which the Worker was at work; they add up to 1. */
export type ProfileShares = { parts: Record<ProfilePart, number>; top: { name: string; share: number }[] };

export async function readShares(file: string, topMax: number): Promise<ProfileShares> {
  const { nodes, samples, timeDeltas } = JSON.parse(await readFile(file, "utf8")) as Profile;
  const byId = new Map(nodes.map((node) => [node.id, node.callFrame]));
  const parts: Record<ProfilePart, number> = {
    sql: 0,
    alarms: 0,
    timers: 0,
    json: 0,
    fetches: 0,
    outside: 0,
    gc: 0,
    javascript: 0,
  };
  const byName = new Map<string, number>();
  let busy = 0;
  samples.forEach((id, place) => {
    const frame = byId.get(id);
    const us = timeDeltas[place] ?? 0;
    if (frame === undefined || frame.functionName === "(idle)") return;
    busy += us;
    const isNative = frame.url === "" || frame.url.startsWith("node-internal:");
    parts[(isNative ? NATIVE.get(frame.functionName) : undefined) ?? "javascript"] += us;
    const name = `${frame.functionName || "(anonymous)"}${frame.url === "" ? "" : `, line ${frame.lineNumber + 1}`}`;
    byName.set(name, (byName.get(name) ?? 0) + us);
  });
  const share = (us: number) => (busy === 0 ? 0 : us / busy);
  for (const [name, us] of Object.entries(parts)) parts[name as ProfilePart] = share(us);
  const top = [...byName]
    .map(([name, us]) => ({ name, share: share(us) }))
    .toSorted((a, b) => b.share - a.share)
    .slice(0, topMax);
  return { parts, top };
}
