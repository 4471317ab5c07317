import { Page } from "../../parts/page.tsx";
import { Tabs } from "../../parts/tabs.tsx";
import { may } from "../../session.ts";
import { useAddress } from "../../use-address.ts";
import { TariffHistory } from "./history.tsx";
import { TariffsNow } from "./now.tsx";
import { Change } from "./set.tsx";
import { WhoWasTold } from "./told.tsx";
import { t } from "./words.ts";
import "./tariffs.css";

export default function TariffsPage() {
  const [account] = useAddress("account");
  // a link that names an account comes to set its rate
  const [view, setView] = useAddress("view", account !== "" && may("tariffs.write") ? "set" : "now");
  const views = ["now", ...(may("tariffs.write") ? (["set"] as const) : []), "history", "told"] as const;
  return (
    <Page title={t("title")} lead={t("lead")}>
      <Tabs
        label={t("views")}
        tabs={views.map((key) => ({ key, label: t(`view_${key}`) }))}
        chosen={view}
        onChoose={setView}
      />
      {view === "set" && may("tariffs.write") ? (
        <Change key={account} account={account} onDone={() => setView("now")} />
      ) : view === "history" ? (
        <TariffHistory />
      ) : view === "told" ? (
        <WhoWasTold />
      ) : (
        <TariffsNow />
      )}
    </Page>
  );
}
