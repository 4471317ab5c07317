import type { ComponentChildren } from "preact";
import { AsOf } from "./as-of.tsx";

type Props = {
  label: string;
  value: ComponentChildren;
  note?: ComponentChildren;
  tone?: "good" | "warn" | "bad" | "quiet" | undefined;
  /** Where it leads. */
  href?: string;
  /** When it was so, and who says it. */
  asOf?: number | null;
  source?: string;
};

/** One figure with its name. */
export const Tile = ({ label, value, note, tone, href, asOf, source }: Props) => (
  <div class={`tile ${tone ?? ""}`}>
    <span class="label">{href === undefined ? label : <a href={href}>{label}</a>}</span>
    <strong>{value}</strong>
    {note !== undefined && note !== "" && <span class="note">{note}</span>}
    {asOf !== undefined && <AsOf at={asOf} {...(source === undefined ? {} : { source })} />}
  </div>
);

export const Tiles = ({ label, children }: { label: string; children: ComponentChildren }) => (
  <section class="tiles" aria-label={label}>
    {children}
  </section>
);
