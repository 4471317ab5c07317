import { signal } from "@preact/signals";
import { keepHere, keptHere } from "../kept-here.ts";

export const THEMES = ["auto", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];
const KEPT_AS = "theme";

export const theme = signal<Theme>(THEMES.find((each) => each === keptHere(KEPT_AS)) ?? "auto");

const device = matchMedia("(prefers-color-scheme: dark)");

/** What is to be seen stands on the root element, light or dark; the style sheet does the rest. */
const show = () => {
  const isDark = theme.value === "auto" ? device.matches : theme.value === "dark";
  document.documentElement.dataset.theme = isDark ? "dark" : "light";
};
device.addEventListener("change", show);

export function chooseTheme(next: Theme) {
  theme.value = next;
  keepHere(KEPT_AS, next);
  show();
}
