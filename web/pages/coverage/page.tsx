import { siteChoices } from "../../parts/choices.ts";
import { Field, Select } from "../../parts/field.tsx";
import { Page } from "../../parts/page.tsx";
import { Tabs } from "../../parts/tabs.tsx";
import { useAddress } from "../../use-address.ts";
import { CompletenessPanel } from "./completeness.tsx";
import { SILENT_DAYS, TABS } from "./model.ts";
import { SilentPanel } from "./silent.tsx";
import { SitesPanel } from "./sites.tsx";
import { t } from "./words.ts";

/** Of how much of the time the meters told something, and where they did not. */
export default function CoveragePage() {
  const [chosen, setTab] = useAddress("tab", "completeness");
  const tab = TABS.find((each) => each === chosen) ?? "completeness";
  const [site, setSite] = useAddress("site");
  const [from, setFrom] = useAddress("from");
  const [to, setTo] = useAddress("to");
  const [days, setDays] = useAddress("days", "7");
  const silence = SILENT_DAYS.find((each) => each === days) ?? "7";
  const bySite: { site?: string } = site === "" ? {} : { site };
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
        {tab === "completeness" && (
          <>
            <Field label={t("from")} type="date" value={from} onInput={setFrom} hint={t("from_hint")} />
            <Field label={t("to")} type="date" value={to} onInput={setTo} hint={t("to_hint")} />
          </>
        )}
        {tab === "silent" && (
          <Select
            label={t("silent_for")}
            value={silence}
            onInput={setDays}
            options={SILENT_DAYS.map((each) => ({ value: each, label: t("days", { n: each }) }))}
          />
        )}
      </div>
      {tab === "completeness" && (
        <CompletenessPanel query={{ ...bySite, ...(from === "" ? {} : { from }), ...(to === "" ? {} : { to }) }} />
      )}
      {tab === "sites" && <SitesPanel query={bySite} />}
      {tab === "silent" && <SilentPanel query={{ ...bySite, days: silence }} />}
    </Page>
  );
}
