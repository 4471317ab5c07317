import { useEffect, useState } from "preact/hooks";
import { api, ask } from "../../api.ts";
import { AsOf } from "../../parts/as-of.tsx";
import { Button } from "../../parts/button.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Select } from "../../parts/field.tsx";
import { Page, Panel } from "../../parts/page.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { t as shared } from "../../shell/words.ts";
import { useAddress } from "../../use-address.ts";
import { useAsk } from "../../use-ask.ts";
import { GapDay } from "./day.tsx";
import { GapMap } from "./map.tsx";
import { daysOf, isMonth, linesOf, monthBeside } from "./model.ts";
import { t } from "./words.ts";
import "./gaps.css";
import { siteChoices } from "../../parts/choices.ts";

const LOOK_MS = 6_000;

export default function GapsPage() {
  const today = new Date().toISOString().slice(0, 10);
  const [asked, setMonth] = useAddress("month", today.slice(0, 7));
  const month = isMonth(asked) ? asked : today.slice(0, 7);
  const [source, setSource] = useAddress("source");
  const [site, setSite] = useAddress("site");
  const [chosen, setChosen] = useState<{ site: string; day: string } | null>(null);
  const [isWaiting, setWaiting] = useState(false);
  const days = daysOf(month, today);
  const [from, to] = [days[0] ?? `${month}-01`, days.at(-1) ?? `${month}-01`];
  const { value, trouble, again } = useAsk(
    () => ask(api().imports.days.$get({ query: { from, to, ...(site === "" ? {} : { site }) } })),
    [from, to, site],
  );
  const units = value?.days ?? [];
  const isBusy = isWaiting || units.some(({ inWork }) => inWork);
  useEffect(() => {
    if (!isBusy) return;
    const timer = setInterval(() => document.hidden || again(), LOOK_MS);
    return () => clearInterval(timer);
  }, [isBusy, again]);
  const lines = linesOf(units, days, source);
  const sources = [...new Set(units.map((unit) => unit.source))].toSorted();
  return (
    <Page title={t("title")} lead={t("lead")}>
      <Panel foot={<AsOf at={value?.asOf ?? null} source={t("records")} />}>
        <div class="filters">
          <div class="row">
            <Button title={t("before")} onClick={() => setMonth(monthBeside(month, -1))}>
              <span aria-hidden="true">‹</span>
              <span class="hidden">{t("before")}</span>
            </Button>
            <strong>{month}</strong>
            <Button
              title={t("after")}
              disabled={month >= today.slice(0, 7)}
              onClick={() => setMonth(monthBeside(month, 1))}
            >
              <span aria-hidden="true">›</span>
              <span class="hidden">{t("after")}</span>
            </Button>
          </div>
          <Select label={t("site")} value={site} onInput={setSite} options={siteChoices(shared("any"))} />
          <Select
            label={t("source")}
            value={source}
            onInput={setSource}
            options={[{ value: "", label: t("best") }, ...sources.map((each) => ({ value: each, label: each }))]}
          />
        </div>
        {trouble !== null && <TroubleBox trouble={trouble} again={again} />}
        {value?.isCut && <p class="notice">{t("cut")}</p>}
        {lines.length > 0 && <GapMap lines={lines} days={days} chosen={chosen} onChoose={setChosen} />}
        {value !== null && lines.length === 0 && <Empty title={t("none")} hint={t("none_hint")} />}
      </Panel>
      {chosen !== null && (
        <GapDay
          key={`${chosen.site} ${chosen.day}`}
          {...chosen}
          units={units.filter((unit) => unit.site === chosen.site && unit.day === chosen.day)}
          onAsked={() => {
            setWaiting(true);
            again();
          }}
          onClose={() => setChosen(null)}
        />
      )}
    </Page>
  );
}
