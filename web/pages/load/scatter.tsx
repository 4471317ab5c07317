import { api, ask } from "../../api.ts";
import { facts } from "../../country.ts";
import { count } from "../../format.ts";
import { useAsk } from "../../use-ask.ts";
import { type Asked, Frame, said } from "./frame.tsx";
import { roundUp } from "./model.ts";
import { t } from "./words.ts";

const [WIDTH, HEIGHT, LEFT, BOTTOM] = [640, 360, 56, 40];
const TICKS = [0, 0.25, 0.5, 0.75, 1];

/** Each known day of an account: its energy, and that of its highest hour. */
export function ScatterView({ site, type, from, to }: Asked) {
  const query = said({ site, type, from, to });
  const asked = useAsk(
    () => ask(api().reports["load-scatter"].$get({ query })),
    [site, type, from, to, facts.value?.code],
  );
  const { value } = asked;
  const points = value?.points ?? [];
  const [right, top] = [
    roundUp(Math.max(0, ...points.map(({ energyWh }) => energyWh))),
    roundUp(Math.max(0, ...points.map(({ peakWh }) => peakWh))),
  ];
  const x = (wh: number) => LEFT + (wh / right) * (WIDTH - LEFT - 16);
  const y = (wh: number) => HEIGHT - BOTTOM - (wh / top) * (HEIGHT - BOTTOM - 12);
  const title = t("scatter", { n: count(points.length), of: count(value?.of ?? 0) });
  return (
    <Frame
      about={value === null ? null : { ...value, by: "none" }}
      isEmpty={points.length === 0}
      {...asked}
      means={t("means_load_scatter")}
      file="/reports/load-scatter"
      query={query}
    >
      <figure class="scatter">
        <figcaption>{title}</figcaption>
        <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={title}>
          {TICKS.map((part) => (
            <g key={part}>
              <line x1={LEFT} x2={WIDTH - 16} y1={y(part * top)} y2={y(part * top)} />
              <text x={LEFT - 6} y={y(part * top) + 4} text-anchor="end">
                {kwh(part * top)}
              </text>
              <text x={x(part * right)} y={HEIGHT - BOTTOM + 16} text-anchor="middle">
                {kwh(part * right)}
              </text>
            </g>
          ))}
          {points.map(({ energyWh, peakWh }, nth) => (
            <circle key={nth} cx={x(energyWh)} cy={y(peakWh)} r={2} />
          ))}
          <text x={(WIDTH + LEFT) / 2} y={HEIGHT - 6} text-anchor="middle">
            {t("day_axis")}
          </text>
          <text transform={`translate(12 ${(HEIGHT - BOTTOM) / 2}) rotate(-90)`} text-anchor="middle">
            {t("peak_axis")}
          </text>
        </svg>
      </figure>
    </Frame>
  );
}

const kwh = (wh: number) => String(wh / 1_000);
