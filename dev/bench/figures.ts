/** The value below which so large a share of the values lies; null: there are none. */
export function percentile(values: readonly number[], share: number): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(sorted.length * share) - 1))] ?? null;
}

export const ms = (value: number | null) =>
  value === null ? "–" : value < 10 ? `${value.toFixed(1)} ms` : `${Math.round(value)} ms`;
export const seconds = (value: number | null) => (value === null ? "–" : `${(value / 1000).toFixed(1)} s`);
export const perSecond = (count: number, inMs: number | null) =>
  inMs === null || inMs <= 0 ? "–" : `${grouped(Math.round((count * 1000) / inMs))}/s`;
export const grouped = (value: number) => String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ",");

/** One Markdown table. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
