import { choicesOf, siteChoices } from "../../parts/choices.ts";
import { Select } from "../../parts/field.tsx";
import { Page } from "../../parts/page.tsx";
import { Tabs } from "../../parts/tabs.tsx";
import { useAddress } from "../../use-address.ts";
import { Cohorts } from "./cohorts.tsx";
import { FunnelPanel } from "./funnel.tsx";
import { TABS } from "./model.ts";
import { t } from "./words.ts";

const TYPES = ["HH", "SME", "CHU", "SCH", "CLI", "GOV", "COM", "IND", "OTH"] as const;

/** How far customers came on the way to light, and where each stands with the fees. */
export default function FunnelPage() {
  const [chosen, setTab] = useAddress("tab", "funnel");
  const tab = TABS.find((each) => each === chosen) ?? "funnel";
  const [site, setSite] = useAddress("site");
  const [type, setType] = useAddress("type");
  const asked = { ...(site === "" ? {} : { site }), ...(type === "" ? {} : { type }) };
  return (
    <Page title={t("title")} lead={t(`lead_${tab}`)}>
      <Tabs
        label={t("title")}
        chosen={tab}
        onChoose={setTab}
        tabs={TABS.map((each) => ({ key: each, label: t(`tab_${each}`) }))}
      />
      <div class="filters">
        <Select label={t("site")} value={site} onInput={setSite} options={siteChoices()} />
        <Select label={t("type")} value={type} onInput={setType} options={choicesOf(TYPES)} />
      </div>
      {tab === "funnel" ? <FunnelPanel asked={asked} /> : <Cohorts asked={asked} />}
    </Page>
  );
}
