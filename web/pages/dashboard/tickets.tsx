import { useMemo } from "preact/hooks";
import { dayStart } from "../../../src/domain/local-day.ts";
import { counted } from "../../charts/figure.ts";
import { Plot } from "../../charts/lazy.tsx";
import { useChartWords } from "../../charts/use-words.ts";
import { at, facts } from "../../country.ts";
import { AsOf } from "../../parts/as-of.tsx";
import { Panel } from "../../parts/page.tsx";
import { Tile, Tiles } from "../../parts/tile.tsx";
import { count, since } from "../../say.ts";
import { wordsOf } from "../../words.ts";
import { daysOf, openOf, type Tickets as Told } from "./tickets-model.ts";
import type en from "./words/en.ts";

const t = wordsOf<typeof en>("dashboard");
const HEIGHT = 150;

/** What somebody has to see to, by class, and whether more is opened than resolved. */
export function Tickets({ told, site }: { told: Told; site: string }) {
  const words = useChartWords();
  const utcOffsetMinutes = facts.value?.utcOffsetMinutes ?? 0;
  const open = useMemo(() => openOf(told, site), [told, site]);
  const rows = useMemo(() => daysOf(told, site), [told, site]);
  const starts = useMemo(() => rows.map(({ day }) => dayStart(day, utcOffsetMinutes)), [rows, utcOffsetMinutes]);
  const opened = useMemo(() => rows.map((row) => row.opened), [rows]);
  const resolved = useMemo(() => rows.map((row) => row.resolved), [rows]);
  const of = site === "" ? "" : `&site=${site}`;
  return (
    <Panel title={t("tickets")} foot={<AsOf at={told.asOf} source={t("tickets_source")} />}>
      <Tiles label={t("tickets")}>
        <Tile
          label={t("tickets_open")}
          value={count(open.open)}
          note={
            open.oldestAt === null ? t("tickets_none") : t("tickets_oldest", { age: since(open.oldestAt, told.asOf) })
          }
          tone={open.open === 0 ? "good" : undefined}
          href={at(`/tickets?state=unresolved${of}`)}
        />
        <Tile
          label={t("tickets_urgent")}
          value={count(open.urgent)}
          tone={open.urgent === 0 ? "good" : "bad"}
          href={at(`/tickets?state=unresolved&priority=P1${of}`)}
        />
        {open.classes.map(({ name, open: many }) => (
          <Tile
            key={name}
            label={t(`tickets_${name}`)}
            value={count(many)}
            href={at(`/tickets?state=unresolved&class=${name}${of}`)}
          />
        ))}
      </Tiles>
      <Plot
        title={t("tickets_chart")}
        kind="bar"
        bucket="day"
        running
        at={starts}
        utcOffsetMinutes={utcOffsetMinutes}
        unit={counted(t("tickets_unit"))}
        series={[
          { name: t("tickets_opened"), values: opened },
          { name: t("tickets_resolved"), values: resolved },
        ]}
        source={t("tickets_source")}
        asOf={told.asOf}
        words={words}
        height={HEIGHT}
      />
    </Panel>
  );
}
