import { useState } from "preact/hooks";
import { api, ask } from "../../api.ts";
import { at } from "../../country.ts";
import { offers } from "../../offers.ts";
import { AsOf } from "../../parts/as-of.tsx";
import { Button } from "../../parts/button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { Page, Panel } from "../../parts/page.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { price } from "../../price.ts";
import { cash, energy, when } from "../../say.ts";
import { may } from "../../session.ts";
import { useAsk } from "../../use-ask.ts";
import { LANGUAGE_NAMES, said, wordsOf } from "../../words.ts";
import { CarrierPanel } from "./carrier.tsx";
import type { Settings, Wording } from "./model.ts";
import { RatesPanel } from "./rates.tsx";
import { RetentionPanel } from "./retention.tsx";
import { WordingForm } from "./wording-form.tsx";
import type en from "./words/en.ts";
import "./settings.css";

/** In the order in which a country opens. */
const FEATURES = ["paymentAutomation", "meterCredit", "relay"] as const;

const t = wordsOf<typeof en>("settings");

/** What this country's rules are, and what its customers are told by SMS. */
export default function SettingsPage() {
  const asked = useAsk(() => ask(api().settings.$get()), []);
  const [edited, setEdited] = useState<Wording | null>(null);
  const shown = asked.value;
  return (
    <Page title={t("title")} lead={t("lead")}>
      {asked.trouble !== null && <TroubleBox trouble={asked.trouble} again={asked.again} />}
      {shown !== null && (
        <>
          <div class="columns">
            <Facts shown={shown} />
            <Limits shown={shown} />
          </div>
          <RatesPanel />
          <CarrierPanel />
          <RetentionPanel />
          <Panel title={t("wordings")} foot={t("wordings_mean")}>
            <ul class="wordings">
              {shown.wordings.map((wording) => (
                <li key={`${wording.kind} ${wording.language}`}>
                  <div class="row">
                    <b>{said("settings", "kind", wording.kind)}</b>
                    <span class="chip">{LANGUAGE_NAMES[wording.language]}</span>
                    <span class="gap" />
                    {may("settings.write") && (
                      <Button kind="quiet" onClick={() => setEdited(wording)}>
                        {t("write")}
                      </Button>
                    )}
                  </div>
                  <p>{wording.text}</p>
                  <small class="quiet">
                    {wording.since === null ? t("as_delivered") : t("since", { at: when(wording.since) })}
                  </small>
                </li>
              ))}
            </ul>
          </Panel>
        </>
      )}
      {edited !== null && shown !== null && (
        <Dialog
          title={`${said("settings", "kind", edited.kind)}, ${LANGUAGE_NAMES[edited.language]}`}
          onClose={() => setEdited(null)}
        >
          <WordingForm
            wording={edited}
            country={shown.country}
            onDone={() => {
              setEdited(null);
              asked.again();
            }}
          />
        </Dialog>
      )}
    </Page>
  );
}

function Facts({ shown: { country, kept, asOf } }: { shown: Settings }) {
  const cutover = kept.find(({ key }) => key === "cutover_at")?.value;
  return (
    <Panel title={t("country")} foot={<AsOf at={asOf} source={t("code")} />}>
      <dl class="facts">
        <dt>{t("name")}</dt>
        <dd>{country.name}</dd>
        <dt>{t("currency")}</dt>
        <dd>{country.currency}</dd>
        <dt>{t("zone")}</dt>
        <dd>{country.timeZone}</dd>
        <dt>{t("dial")}</dt>
        <dd>+{country.dialCode}</dd>
        <dt>{t("languages")}</dt>
        <dd>{country.languages.map((each) => LANGUAGE_NAMES[each]).join(", ")}</dd>
        <dt>{t("operators")}</dt>
        <dd>{country.operators.join(", ")}</dd>
        <dt>{t("sites")}</dt>
        <dd>{country.siteCodes.join(" ")}</dd>
        <dt>{t("rate")}</dt>
        <dd>
          {country.defaultRateE4PerKwh === null ? "–" : `${price(country.defaultRateE4PerKwh)} / kWh`}{" "}
          {offers("/tariffs") && <a href={at("/tariffs")}>{t("to_tariffs")}</a>}
        </dd>
        <dt>{t("fees")}</dt>
        <dd>
          {country.fees === null
            ? t("no_fees")
            : `${cash(country.fees.connectionMinor)}, readyboard ${cash(country.fees.readyboardMinor)}`}
        </dd>
        <dt>{t("switches")}</dt>
        <dd>
          {FEATURES.map((each) => (
            <div key={each}>
              {said("settings", "switch", each)} {t(country.features[each] ? "switch_on" : "switch_off")}
            </div>
          ))}
        </dd>
        <dt>{t("cutover")}</dt>
        <dd>{typeof cutover === "number" ? when(cutover) : t("no_cutover")}</dd>
      </dl>
    </Panel>
  );
}

function Limits({ shown: { country, asOf } }: { shown: Settings }) {
  const { lowBalance, breaker, caps } = country;
  return (
    <Panel title={t("limits")} foot={<AsOf at={asOf} source={t("code")} />}>
      <dl class="facts">
        <dt>{t("warn")}</dt>
        <dd>{energy(lowBalance.warnWh)}</dd>
        <dt>{t("clear")}</dt>
        <dd>{energy(lowBalance.clearWh)}</dd>
        <dt>{t("cap_payment")}</dt>
        <dd>{cash(caps.paymentMinorMax)}</dd>
        <dt>{t("cap_account")}</dt>
        <dd>{cash(caps.accountDayMinorMax)}</dd>
        <dt>{t("cap_till")}</dt>
        <dd>
          {cash(caps.tillDayMinorMax)} {offers("/tills") && <a href={at("/tills")}>{t("to_tills")}</a>}
        </dd>
        <dt>{t("cap_chain")}</dt>
        <dd>{cash(caps.chainBreakMinorMax)}</dd>
        <dt>{t("breaker")}</dt>
        <dd>{t("breaker_is", { n: breaker.perTenMinutesMax, percent: breaker.sharePctMax })}</dd>
      </dl>
    </Panel>
  );
}
