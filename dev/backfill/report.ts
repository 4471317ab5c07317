import { decimal } from "../iot/wire.ts";
import type { BadRecord, MeterHistory } from "./gather.ts";
import type { Outcomes } from "./post.ts";

const HEAD = ["meter", "read", "kept", "first kWh", "last kWh", "consumed kWh", "clock unset", "errors", "outcome"];

/** What came of each meter, a line each, and a sum. `outcomes` null: nothing was sent. */
export function reportLines(
  histories: readonly MeterHistory[],
  bad: readonly BadRecord[],
  outcomes: Outcomes | null,
): string[] {
  const rows = histories.map((history) => cells(history, outcomes));
  const sum = (of: (history: MeterHistory) => number) => histories.reduce((total, history) => total + of(history), 0);
  const total = [
    `${histories.length} meters`,
    String(sum(({ read }) => read)),
    String(sum(({ kept }) => kept.length)),
    "",
    "",
    kwh(sum(({ consumedWh }) => consumedWh)),
    String(sum(({ dropped }) => dropped)),
    String(sum(({ errors }) => errors)),
    outcomes === null ? "dry run: nothing was sent" : "",
  ];
  const all = [HEAD, ...rows, total];
  const widths = HEAD.map((_, i) => Math.max(...all.map((row) => (row[i] ?? "").length)));
  const isText = (i: number) => i === 0 || i === HEAD.length - 1;
  const line = (row: readonly string[]) =>
    row
      .map((cell, i) => (isText(i) ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
      .join("  ")
      .trimEnd();
  const faults = bad.map(
    ({ index, meterNumber, because }) => `record ${index} (${meterNumber ?? "no meter"}): ${because}`,
  );
  return [...all.map(line), ...faults];
}

const kwh = (wh: number) => decimal(wh, 3, 2);

function cells({ meterNumber, read, kept, consumedWh, dropped, errors }: MeterHistory, outcomes: Outcomes | null) {
  const [first, last] = [kept[0], kept.at(-1)];
  const ended = [...(outcomes?.get(meterNumber) ?? [])].map(([outcome, count]) => `${count} ${outcome}`);
  return [
    meterNumber,
    String(read),
    String(kept.length),
    first === undefined ? "" : kwh(first.registerWh),
    last === undefined ? "" : kwh(last.registerWh),
    kwh(consumedWh),
    String(dropped),
    String(errors),
    ended.join("; "),
  ];
}

/** One line that is written over itself. */
export function progressBar(done: number, total: number | null, what: string, columns = 30): string {
  if (total === null || total <= 0) return `${done} ${what}`;
  const filled = Math.min(columns, Math.floor((done * columns) / total));
  return `[${"#".repeat(filled)}${".".repeat(columns - filled)}] ${Math.min(100, Math.floor((done * 100) / total))} % of ${total} ${what}`;
}
