import { api, ask } from "../../api.ts";
import { Page } from "../../parts/page.tsx";
import { Tabs } from "../../parts/tabs.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { may } from "../../session.ts";
import { useAddress } from "../../use-address.ts";
import { useAsk } from "../../use-ask.ts";
import { Keys } from "./keys.tsx";
import { Phones } from "./phones.tsx";
import { Tills } from "./tills.tsx";
import { t } from "./words.ts";

/** The phones that bring texts, and the merchant lines they stand for. */
export default function TillsPage() {
  const [view, setView] = useAddress("view", "phones");
  const tills = useAsk(() => ask(api().tills.$get()), []);
  return (
    <Page title={t("title")} lead={t("lead")}>
      <Tabs
        label={t("title")}
        chosen={view}
        onChoose={setView}
        tabs={[
          { key: "phones", label: t("phones") },
          { key: "tills", label: t("tills") },
          ...(may("staff.manage") ? [{ key: "keys", label: t("keys") }] : []),
        ]}
      />
      {tills.trouble !== null && <TroubleBox trouble={tills.trouble} again={tills.again} />}
      {view === "phones" && <Phones tills={tills.value?.tills.map(({ facts }) => facts) ?? []} />}
      {view === "keys" && may("staff.manage") && <Keys />}
      {view === "tills" && tills.value !== null && <Tills view={tills.value} again={tills.again} />}
    </Page>
  );
}
