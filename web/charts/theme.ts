/** Colours of the page as the drawing needs them: a canvas does not read style sheets. */
export type Theme = {
  ink: string;
  quiet: string;
  line: string;
  panel: string;
  /** Behind places of which nothing is known. */
  gap: string;
  font: string;
  series: readonly string[];
};

/** Series beyond the last begin again at the first. */
export const SERIES_COLORS = 6;

const PLAIN: Theme = {
  ink: "#1a222c",
  quiet: "#55606c",
  line: "#d9d6cd",
  panel: "#ffffff",
  gap: "#8884",
  font: "system-ui, sans-serif",
  series: ["#0a6648", "#c4661f", "#3b5ba9", "#8a3f8f", "#6b6b1f", "#137a8a"],
};

/** The custom properties that hold at this element, now: another theme is another answer. */
export function themeAt(element: Element): Theme {
  const style = getComputedStyle(element);
  const of = (name: string, plain: string) => style.getPropertyValue(name).trim() || plain;
  return {
    ink: of("--ink", PLAIN.ink),
    quiet: of("--quiet", PLAIN.quiet),
    line: of("--line", PLAIN.line),
    panel: of("--panel", PLAIN.panel),
    gap: of("--sunk", PLAIN.gap),
    font: style.fontFamily || PLAIN.font,
    series: PLAIN.series.map((plain, nth) => of(`--series-${nth + 1}`, plain)),
  };
}

/** Calls back when the page becomes dark or light, by the system or by its own switch. Returns how to stop. */
export function onThemeChange(changed: () => void): () => void {
  const system = matchMedia("(prefers-color-scheme: dark)");
  system.addEventListener("change", changed);
  const own = new MutationObserver(changed);
  own.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme", "class"] });
  return () => {
    system.removeEventListener("change", changed);
    own.disconnect();
  };
}

/** The same colour, paler: "#0a6648" becomes "#0a664873". Other notations are mixed by the browser. */
export const paler = (color: string, alpha = "73") =>
  /^#[0-9a-f]{6}$/i.test(color) ? `${color}${alpha}` : `color-mix(in srgb, ${color} 45%, transparent)`;
