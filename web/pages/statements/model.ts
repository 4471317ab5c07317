type Day = { state: string; covered: boolean; differenceMinor: number; missing: number; unexplained: number };

/** Why a day is not final, the first reason that holds; null: it is. */
export function whyOpen(day: Day): "not_covered" | "unexplained" | "missing" | "contradicted" | null {
  if (day.state === "final") return null;
  if (!day.covered) return "not_covered";
  if (day.unexplained > 0) return "unexplained";
  return day.missing > 0 ? "missing" : "contradicted";
}

/** What the server is asked with a file: what is empty is not asked. */
export const uploadQuery = (of: { till: string; from: string; to: string; name: string; dry: boolean }): string => {
  const asked = new URLSearchParams({ kind: "statement", till: of.till, name: of.name, dry: of.dry ? "1" : "0" });
  if (of.from !== "" && of.to !== "") {
    asked.set("from", of.from);
    asked.set("to", of.to);
  }
  return asked.toString();
};

/** The same page with more said in its address: what stood there stays. */
export function addressWith(href: string, more: Record<string, string>): string {
  const url = new URL(href);
  for (const [name, value] of Object.entries(more)) url.searchParams.set(name, value);
  return `${url.pathname}${url.search}`;
}

/** Lines of a day that are drawn at first, and how many more each time. */
export const LINES_STEP = 100;

/** What does not agree alone, or all of it, the first so many; `more`: there are others. */
export function linesShown<Line extends { differenceMinor: number }>(
  lines: readonly Line[],
  { onlyOff, atMost }: { onlyOff: boolean; atMost: number },
): { shown: Line[]; more: boolean } {
  const asked = onlyOff ? lines.filter(({ differenceMinor }) => differenceMinor !== 0) : lines;
  return { shown: asked.slice(0, atMost), more: asked.length > atMost };
}
