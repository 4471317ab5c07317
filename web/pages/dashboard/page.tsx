import type { LiveStatus } from "../../../workers/portal/live-view.ts";
import { api, ask, askIf } from "../../api.ts";
import { at, facts } from "../../country.ts";
import { useLive } from "../../live.ts";
import { AsOf } from "../../parts/as-of.tsx";
import { Select } from "../../parts/field.tsx";
import { LiveMark } from "../../parts/live-mark.tsx";
import { Page, Panel } from "../../parts/page.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { routes, titleKey } from "../../routes.ts";
import { may } from "../../session.ts";
import { t as common } from "../../shell/words.ts";
import { useAddress } from "../../use-address.ts";
import { useAsk } from "../../use-ask.ts";
import { useEvery } from "../../use-every.ts";
import { wordsOf } from "../../words.ts";
import { Figures } from "./figures.tsx";
import { Finder } from "./finder.tsx";
import { Month } from "./month.tsx";
import { Needs } from "./needs.tsx";
import { Payments } from "./payments.tsx";
import { Sites } from "./sites.tsx";
import { Tickets } from "./tickets.tsx";
import type en from "./words/en.ts";
import "./dashboard.css";

const t = wordsOf<typeof en>("dashboard");
const AGAIN_MS = 30_000;

export default function DashboardPage() {
  if (!may("reports.read")) return <Shortcuts />;
  return <Today />;
}

function Today() {
  const [site, setSite] = useAddress("site");
  const live = useLive<LiveStatus>("/live/status");
  const days = useAsk(() => ask(api().dashboard.$get()), []);
  const owed = useAsk(() => ask(api().dashboard.owed.$get()), []);
  const waiting = useAsk(() => ask(api().dashboard.waiting.$get()), []);
  const tickets = useAsk(() => askIf(may("tickets.read"), () => ask(api().dashboard.tickets.$get())), []);
  useEvery(AGAIN_MS, () => {
    days.again();
    waiting.again();
    tickets.again();
    owed.again();
  });
  const shown = days.value;
  const options = [
    { value: "", label: t("all_sites") },
    ...(shown?.sites ?? []).map((each) => ({ value: each.site, label: `${each.site} · ${each.name}` })),
  ];
  return (
    <Page
      title={facts.value?.name ?? ""}
      lead={<LiveMark state={live.state} asOf={live.value?.asOf ?? null} />}
      actions={<Select label={t("site")} value={site} onInput={setSite} options={options} />}
    >
      <Finder />
      {days.trouble !== null && <TroubleBox trouble={days.trouble} again={days.again} />}
      {shown !== null && (
        <div class="dashboard-figures">
          <Figures shown={shown} site={site} live={live.value} owed={owed.value} />
        </div>
      )}
      <div class="dashboard-middle">
        {shown !== null && (
          <Panel title={t("chart")}>
            <Month shown={shown} site={site} />
          </Panel>
        )}
        <div class="stack">
          <Panel title={t("needs")} foot={<AsOf at={waiting.value?.asOf ?? null} />}>
            {waiting.trouble !== null && <TroubleBox trouble={waiting.trouble} again={waiting.again} />}
            {waiting.value !== null && <Needs waiting={waiting.value.waiting} live={live.value} />}
          </Panel>
          <Panel title={t("last")} actions={<LiveMark state={live.state} asOf={live.value?.asOf ?? null} />}>
            <Payments rows={live.value?.payments ?? null} />
          </Panel>
        </div>
      </div>
      {tickets.trouble !== null && <TroubleBox trouble={tickets.trouble} again={tickets.again} />}
      {tickets.value !== null && <Tickets told={tickets.value} site={site} />}
      {shown !== null && (
        <Panel title={t("sites")} foot={<AsOf at={shown.asOf} source={`${t("books")}, ${t("meters")}`} />}>
          <Sites shown={shown} site={site} />
        </Panel>
      )}
      <p class="quiet">
        {t("money_is")} {t("energy_is")}
      </p>
    </Page>
  );
}

/** For whom the figures are not: the pages that they may open. */
const Shortcuts = () => (
  <Page title={facts.value?.name ?? ""}>
    <Panel title={t("welcome")}>
      <ul class="shortcuts">
        {routes
          .filter(({ section, permission, page }) => section !== null && page !== "dashboard" && mayOpen(permission))
          .map((route) => (
            <li key={route.path}>
              <a class="button" href={at(route.path)}>
                {common(titleKey(route))}
              </a>
            </li>
          ))}
      </ul>
    </Panel>
  </Page>
);

const mayOpen = (permission: Parameters<typeof may>[0] | null) => permission === null || may(permission);
