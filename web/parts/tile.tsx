type Props = { label: string; value: string; note?: string; tone?: "good" | "warn" | "quiet" };

/** One figure with its name. */
export const Tile = ({ label, value, note, tone }: Props) => (
  <div class={`tile ${tone ?? ""}`}>
    <span class="label">{label}</span>
    <strong>{value}</strong>
    {note !== undefined && note !== "" && <span class="note">{note}</span>}
  </div>
);
