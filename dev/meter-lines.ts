import type { BridgeCounts } from "./iot/bridge.ts";
import { decimal } from "./iot/wire.ts";
import type { MeterView } from "./iot.ts";

/** What the simulator answers at GET /meters. */
export type MetersView = { at: string | null; bridge: BridgeCounts; meters: MeterView[] };

const HEAD = ["thing", "meter", "what", "kWh", "W", "relay", "network", "last sent", "answered", "faults"];
const RIGHT = new Set(["kWh", "W"]);

/** The meters as a table: what they truly are, and what the system last said of them. */
export function meterLines({ at, bridge, meters }: MetersView, country?: string): string[] {
  if (at === null) return ["No meters run in this world: it was started with --quiet, or with --meters-speed 0."];
  const rows = meters.filter((meter) => country === undefined || meter.country === country).map(cells);
  const widths = HEAD.map((head, i) => Math.max(head.length, ...rows.map((row) => (row[i] ?? "").length)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, i) => (RIGHT.has(HEAD[i] ?? "") ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
      .join("  ")
      .trimEnd();
  const { answered, waiting, refused, lost, retries } = bridge;
  return [
    `meters at ${at.slice(0, 19)}Z   bridge: ${answered} answered, ${waiting} waiting, ${refused} refused, ${lost} lost, ${retries} sent again`,
    line(HEAD),
    ...rows.map(line),
  ];
}

function cells(meter: MeterView): string[] {
  const verdict = meter.answered;
  const said = verdict === null ? "" : `${verdict.status}${verdict.because === null ? "" : `, ${verdict.because}`}`;
  const counts = Object.entries(meter.faultCounts).map(([fault, count]) => `${fault} ${count}`);
  return [
    meter.thing,
    meter.meter,
    meter.kind,
    decimal(meter.registerWh, 3, 2),
    decimal(meter.powerMw, 3, 0),
    meter.relay === "1" ? "closed" : "open",
    meter.online ? "" : `away, ${meter.waiting} kept`,
    meter.lastSent === null ? "" : new Date(meter.lastSent.readAt).toISOString().slice(5, 16).replace("T", " "),
    said,
    [...counts, ...meter.planted.map((fault) => `(${fault})`)].join(", "),
  ];
}
