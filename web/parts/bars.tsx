type Props = {
  /** Null: not known, a gap. */
  columns: { at: number; value: number | null; part?: boolean; title?: string }[];
  label: string;
  /** What one column covers. */
  each: "minute" | "hour";
  /** How long ago the first one was. */
  first: string;
  say: (value: number) => string;
};

const HEIGHT = 64;

/** A row of bars. The tallest is the scale; its height is said in words for who cannot see it. */
export function Bars({ columns, label, each, first, say }: Props) {
  const known = columns.flatMap(({ value }) => (value === null ? [] : [value]));
  const most = Math.max(0, ...known);
  const total = known.reduce((sum, value) => sum + value, 0);
  const gaps = columns.length - known.length;
  return (
    <figure class="bars">
      <svg
        viewBox={`0 0 ${columns.length * 10} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${label}: ${say(total)} in all, at most ${say(most)} in one ${each}${gaps === 0 ? "" : `, ${gaps} not known`}`}
      >
        {columns.map(({ at, value, part, title }, index) => {
          if (value === null) return null;
          const height = Math.max(value === 0 ? 1 : 3, (value / Math.max(1, most)) * HEIGHT);
          return (
            <rect
              key={at}
              x={index * 10 + 1}
              y={HEIGHT - height}
              width={8}
              height={height}
              class={value === 0 ? "none" : part ? "some part" : "some"}
            >
              {title !== undefined && <title>{title}</title>}
            </rect>
          );
        })}
      </svg>
      <figcaption>
        <span>{first} ago</span>
        <span>
          at most {say(most)} {each === "hour" ? "an hour" : "a minute"}
        </span>
        <span>now</span>
      </figcaption>
    </figure>
  );
}
