import { signal } from "@preact/signals";

export const THEMES = ["auto", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];
const KEPT_AS = "theme";

export const theme = signal<Theme>(THEMES.find((each) => each === localStorage.getItem(KEPT_AS)) ?? "auto");

/** The choice stands on the root element; the style sheet does the rest. */
export function chooseTheme(next: Theme) {
  theme.value = next;
  localStorage.setItem(KEPT_AS, next);
  document.documentElement.dataset.theme = next;
}
