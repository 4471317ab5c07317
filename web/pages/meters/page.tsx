import { lazy } from "preact-iso";
import { Page } from "../../parts/page.tsx";
import { Tabs } from "../../parts/tabs.tsx";
import { useAddress } from "../../use-address.ts";
import { Light } from "./light.tsx";
import { MeterList } from "./list.tsx";
import { MeterStory } from "./meter.tsx";
import { Unmapped } from "./unmapped.tsx";
import { t } from "./words.ts";
import "./meters.css";

const VIEWS = ["list", "unmapped", "map", "light"] as const;
/** Loaded with the first look at it. */
const MeterMap = lazy(() => import("./map.tsx"));

export default function MetersPage() {
  const [meter] = useAddress("meter");
  const [view, setView] = useAddress("view", "list");
  if (meter !== "") return <MeterStory meterNumber={meter} key={meter} />;
  return (
    <Page title={t("title")} lead={t("lead")}>
      <Tabs
        label={t("views")}
        tabs={VIEWS.map((key) => ({ key, label: t(`view_${key}`) }))}
        chosen={view}
        onChoose={setView}
      />
      {view === "unmapped" ? (
        <Unmapped />
      ) : view === "light" ? (
        <Light />
      ) : view === "map" ? (
        <MeterMap />
      ) : (
        <MeterList />
      )}
    </Page>
  );
}
