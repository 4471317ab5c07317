type Props = { columns: { at: number; value: number }[]; label: string };

const HEIGHT = 64;

/** A row of bars, one a minute. The tallest is the scale; its height is said in words for who cannot see it. */
export function Bars({ columns, label }: Props) {
  const top = Math.max(1, ...columns.map(({ value }) => value));
  const total = columns.reduce((sum, { value }) => sum + value, 0);
  return (
    <figure class="bars">
      <svg
        viewBox={`0 0 ${columns.length * 10} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${label}: ${total} in all, at most ${top} in one minute`}
      >
        {columns.map(({ at, value }, index) => {
          const height = Math.max(value === 0 ? 1 : 3, (value / top) * HEIGHT);
          return (
            <rect
              key={at}
              x={index * 10 + 1}
              y={HEIGHT - height}
              width={8}
              height={height}
              class={value === 0 ? "none" : "some"}
            />
          );
        })}
      </svg>
      <figcaption>
        <span>60 min ago</span>
        <span>at most {top} a minute</span>
        <span>now</span>
      </figcaption>
    </figure>
  );
}
