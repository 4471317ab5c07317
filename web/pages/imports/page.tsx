import { at } from "../../country.ts";
import { Page } from "../../parts/page.tsx";
import { Tabs } from "../../parts/tabs.tsx";
import { useAddress } from "../../use-address.ts";
import { VendorHealth } from "./health.tsx";
import { WhomToBelieve } from "./priorities.tsx";
import { Runs } from "./runs.tsx";
import { t } from "./words.ts";

const VIEWS = ["health", "runs", "priorities"] as const;

export default function ImportsPage() {
  const [view, setView] = useAddress("view", "health");
  return (
    <Page title={t("title")} lead={t("lead")} actions={<a href={at("/gaps")}>{t("to_gaps")}</a>}>
      <Tabs
        label={t("views")}
        tabs={VIEWS.map((key) => ({ key, label: t(`view_${key}`) }))}
        chosen={view}
        onChoose={setView}
      />
      {view === "runs" ? <Runs /> : view === "priorities" ? <WhomToBelieve /> : <VendorHealth />}
    </Page>
  );
}
