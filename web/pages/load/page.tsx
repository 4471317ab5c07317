import { facts } from "../../country.ts";
import { Field, Select } from "../../parts/field.tsx";
import { Page } from "../../parts/page.tsx";
import { Tabs } from "../../parts/tabs.tsx";
import { groupingOf, Whom } from "../../profiles/whom.tsx";
import { useAddress } from "../../use-address.ts";
import { FactorsView } from "./factors.tsx";
import { CdfView, CurveView, DailyView } from "./lines.tsx";
import { VIEWS, type View } from "./model.ts";
import { ScatterView } from "./scatter.tsx";
import { t } from "./words.ts";
import { YearView } from "./year.tsx";
import "./load.css";

const YEARS_BACK = 4;
const DRAWN = {
  curve: CurveView,
  daily: DailyView,
  cdf: CdfView,
  scatter: ScatterView,
  year: YearView,
  factors: FactorsView,
};
const UNSPLIT: readonly View[] = ["scatter", "year"];

/** What accounts draw: by hour of the day, by day, as a distribution, and through a year. */
export default function LoadPage() {
  const [askedView, setView] = useAddress("view", "curve");
  const view = VIEWS.find((each) => each === askedView) ?? "curve";
  const [askedBy, setBy] = useAddress("by", "type");
  const by = groupingOf(askedBy);
  const [site, setSite] = useAddress("site");
  const [type, setType] = useAddress("type");
  const [from, setFrom] = useAddress("from");
  const [to, setTo] = useAddress("to");
  const thisYear = String(new Date(Date.now() + (facts.value?.utcOffsetMinutes ?? 0) * 60_000).getUTCFullYear());
  const [year, setYear] = useAddress("year", thisYear);
  const [of, setOf] = useAddress("of", "day");
  const years = Array.from({ length: YEARS_BACK + 1 }, (_, back) => String(Number(thisYear) - back));
  const Drawn = DRAWN[view];
  const isSplit = !UNSPLIT.includes(view);
  return (
    <Page title={t("title")} lead={t("lead")}>
      <Tabs
        label={t("view")}
        chosen={view}
        onChoose={setView}
        tabs={VIEWS.map((each) => ({ key: each, label: t(`view_${each}`) }))}
      />
      <Whom {...(isSplit ? { by, setBy } : {})} {...{ site, setSite, type, setType }}>
        {view === "year" ? (
          <Select
            label={t("year")}
            value={year}
            onInput={setYear}
            options={years.map((each) => ({ value: each, label: each }))}
          />
        ) : (
          <>
            <Field label={t("from")} type="date" value={from} onInput={setFrom} />
            <Field label={t("to")} type="date" value={to} onInput={setTo} />
          </>
        )}
        {view === "cdf" && (
          <Select
            label={t("cdf_of")}
            value={of}
            onInput={setOf}
            options={[
              { value: "day", label: t("cdf_day") },
              { value: "hour", label: t("cdf_hour") },
            ]}
          />
        )}
      </Whom>
      <Drawn {...{ by, site, type, from, to, year }} of={of === "hour" ? "hour" : "day"} />
    </Page>
  );
}
