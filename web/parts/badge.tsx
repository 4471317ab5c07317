import type { ComponentChildren } from "preact";

export type Tone = "good" | "warn" | "bad" | "quiet";

/** A state in a word. */
export const Badge = ({ tone = "quiet", children }: { tone?: Tone | undefined; children: ComponentChildren }) => (
  <span class={`badge ${tone}`}>{children}</span>
);
