import type { InferResponseType } from "hono/client";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { api, ask } from "../../api.ts";
import { at } from "../../country.ts";
import { AsOf } from "../../parts/as-of.tsx";
import { Button } from "../../parts/button.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Panel } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { since } from "../../say.ts";
import { useAsk } from "../../use-ask.ts";
import { Filters, useFilters } from "./filters.tsx";
import { type Mark, marksOf, pan, scaleBar, sheetOf, type View, wholeView, zoom } from "./map-model.ts";
import { lightOf } from "./model.ts";
import { t } from "./words.ts";

type Meter = InferResponseType<ReturnType<typeof api>["meters"]["map"]["$get"], 200>["meters"][number];
const HEIGHT = 440;
const STEP = 1.6;
const DRAG_PIXELS = 5;
/** Meters named beside the map. */
const NAMED_MAX = 100;

/** Where meters are, on a plain sheet: no tiles, nobody else is asked, and it stays when the network goes. */
export default function MeterMap() {
  const filters = useFilters();
  const { value, trouble, again } = useAsk(
    () => ask(api().meters.map.$get({ query: filters })),
    [JSON.stringify(filters)],
  );
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(800);
  const spots = useMemo(() => sheetOf(value?.meters ?? []), [value]);
  const size = { width, height: HEIGHT };
  const [view, setView] = useState<View | null>(null);
  const shown = view ?? wholeView(spots, size);
  // another question is another map
  useEffect(() => setView(null), [spots]);
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const sizes = new ResizeObserver(([entry]) => setWidth(Math.max(200, Math.floor(entry?.contentRect.width ?? 800))));
    sizes.observe(element);
    return () => sizes.disconnect();
  }, []);
  const { route } = useLocation();
  const press = (mark: Mark<Meter>) => {
    const [first] = mark.spots;
    if (first === undefined || wasDragged()) return;
    if (mark.spots.length === 1) route(meterAddress(first.of));
    else setView(zoom({ ...shown, x: first.x, y: first.y }, STEP * STEP));
  };
  const { wasDragged, ...hand } = useHand(box, (change) => setView((now) => change(now ?? wholeView(spots, size))));
  const marks = marksOf(spots, shown, size);
  const bar = scaleBar(shown.metresPerPixel);
  const named = marks.flatMap((mark) => mark.spots.map(({ of }) => of));
  return (
    <Panel foot={<AsOf at={value?.asOf ?? null} source={t("source_list")} />}>
      <Filters />
      {trouble !== null && <TroubleBox trouble={trouble} again={again} />}
      {value?.isCut && <p class="notice">{t("map_cut")}</p>}
      <div class="meter-map" ref={box}>
        {value !== null && spots.length === 0 ? (
          <Empty title={t("map_none")} hint={t("map_none_hint")} />
        ) : (
          <svg width={width} height={HEIGHT} role="img" aria-label={t("map_label", { n: spots.length })} {...hand}>
            {marks.map((mark) => (
              <Dot
                key={`${mark.spots[0]?.of.meterNumber} ${mark.spots.length}`}
                mark={mark}
                onPress={() => press(mark)}
              />
            ))}
            <g class="map-scale" transform={`translate(12 ${HEIGHT - 16})`}>
              <path d={`M0 -6 V0 H${bar.pixels} V-6`} />
              <text x={bar.pixels + 8} y={1}>
                {bar.text}
              </text>
            </g>
          </svg>
        )}
      </div>
      <div class="row">
        <Button onClick={() => setView(zoom(shown, STEP))}>{t("map_nearer")}</Button>
        <Button onClick={() => setView(zoom(shown, 1 / STEP))}>{t("map_farther")}</Button>
        <Button onClick={() => setView(null)}>{t("map_all")}</Button>
        <span class="gap" />
        <Legend />
      </div>
      <Table<Meter>
        label={t("map_seen")}
        rows={named.slice(0, NAMED_MAX)}
        rowKey={(meter) => meter.meterNumber}
        href={(meter) => meterAddress(meter)}
        empty={<p class="quiet">{t("map_none_seen")}</p>}
        columns={[
          { head: t("meter"), cell: (meter) => <span class="meter-number">{meter.meterNumber}</span> },
          { head: t("account"), cell: (meter) => <a href={at(`/accounts/${meter.account}`)}>{meter.account}</a> },
          { head: t("light"), cell: (meter) => t(`light_${lightOf(meter).word}`) },
          { head: t("seen"), cell: (meter) => since(meter.seenAt) },
          { head: t("map_place"), cell: (meter) => `${meter.latitude.toFixed(5)}, ${meter.longitude.toFixed(5)}` },
        ]}
      />
    </Panel>
  );
}

const meterAddress = (meter: Meter) => at(`/meters?meter=${encodeURIComponent(meter.meterNumber)}`);

/** Silent before dark: of who is not heard nobody knows whether there is light. */
const kindOf = (meter: Meter) =>
  !meter.heard ? "silent" : meter.connected === false ? "dark" : meter.isCheck ? "check" : "lit";
const KINDS = ["lit", "dark", "silent", "check"] as const;
const WORD = { lit: "light_lit", dark: "light_dark", silent: "state_silent", check: "role_check" } as const;

/** One meter, or as many as lie under a fingertip; then the worst of them gives the colour. */
function Dot({ mark, onPress }: { mark: Mark<Meter>; onPress(): void }) {
  const kinds = mark.spots.map(({ of }) => kindOf(of));
  const kind = (["dark", "silent", "lit", "check"] as const).find((each) => kinds.includes(each)) ?? "lit";
  const [only] = mark.spots;
  const n = mark.spots.length;
  const title =
    n === 1 && only !== undefined
      ? `${only.of.meterNumber}, ${only.of.account}, ${t(WORD[kind])}`
      : t("map_many", { n });
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the list and the buttons below do the same by keyboard
    <g class={`map-dot ${kind}`} onClick={onPress}>
      <title>{title}</title>
      <circle cx={mark.x} cy={mark.y} r={n === 1 ? 8 : 11 + Math.min(8, Math.log2(n) * 2)} />
      {n > 1 && (
        <text x={mark.x} y={mark.y + 4}>
          {n}
        </text>
      )}
    </g>
  );
}

const Legend = () => (
  <span class="row map-legend">
    {KINDS.map((kind) => (
      <span key={kind} class="row">
        <svg width="18" height="18" aria-hidden="true" class={`map-dot ${kind}`}>
          <circle cx="9" cy="9" r="7" />
        </svg>
        {t(WORD[kind])}
      </span>
    ))}
  </span>
);

/** Dragging moves the map, the wheel brings it nearer to where the pointer is. */
function useHand(box: { current: HTMLDivElement | null }, change: (by: (view: View) => View) => void) {
  const held = useRef<{ x: number; y: number } | null>(null);
  const moved = useRef(0);
  const latest = useRef(change);
  latest.current = change;
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const wheel = (event: WheelEvent) => {
      event.preventDefault();
      const edges = element.getBoundingClientRect();
      const from = {
        x: event.clientX - edges.left - edges.width / 2,
        y: event.clientY - edges.top - edges.height / 2,
      };
      latest.current((view) => zoom(view, event.deltaY < 0 ? STEP : 1 / STEP, from));
    };
    element.addEventListener("wheel", wheel, { passive: false });
    return () => element.removeEventListener("wheel", wheel);
  }, []);
  return {
    /** A press at the end of a drag is none. */
    wasDragged: () => moved.current > DRAG_PIXELS,
    onPointerDown: (event: PointerEvent) => {
      held.current = { x: event.clientX, y: event.clientY };
      moved.current = 0;
    },
    onPointerMove: (event: PointerEvent) => {
      const from = held.current;
      if (from === null || event.buttons === 0) return;
      held.current = { x: event.clientX, y: event.clientY };
      moved.current += Math.hypot(event.clientX - from.x, event.clientY - from.y);
      latest.current((view) => pan(view, event.clientX - from.x, event.clientY - from.y));
    },
    onPointerUp: () => {
      held.current = null;
    },
  };
}
