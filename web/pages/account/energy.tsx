import { WINDOWS } from "../../../src/domain/energy-window.ts";
import { api, ask } from "../../api.ts";
import { KWH } from "../../charts/figure.ts";
import { Plot } from "../../charts/lazy.tsx";
import { useChartWords } from "../../charts/use-words.ts";
import { facts } from "../../country.ts";
import { Panel } from "../../parts/page.tsx";
import { Tabs } from "../../parts/tabs.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { energy } from "../../say.ts";
import { useAddress } from "../../use-address.ts";
import { useAsk } from "../../use-ask.ts";
import { wordsOf } from "../../words.ts";
import { knownOf } from "./model.ts";
import type en from "./words/en.ts";

const t = wordsOf<typeof en>("account");

/** What was used by local hour, day or month. What nobody knows is a gap; two meters stand side by side. */
export function Energy({ account, seq }: { account: string; seq: number }) {
  const [chosen, choose] = useAddress("window", "7d");
  const window = WINDOWS.find((each) => each === chosen) ?? "7d";
  const words = useChartWords();
  const { value, trouble, again } = useAsk(
    () => ask(api().accounts[":account"]["energy-window"].$get({ param: { account }, query: { window } })),
    [account, window],
    [seq],
  );
  const known = value === null ? null : knownOf(value);
  return (
    <Panel
      actions={
        <Tabs
          label={t("window")}
          chosen={window}
          onChoose={choose}
          tabs={WINDOWS.map((key) => ({ key, label: t(`window_${key}`) }))}
        />
      }
    >
      {trouble !== null && <TroubleBox trouble={trouble} again={again} />}
      {value !== null && known !== null && (
        <>
          <p class="quiet">
            {t("energy_sum", { energy: energy(known.sumWh), n: known.hours, of: known.hoursAll })}
            {known.estimated > 0 && ` · ${t("energy_estimated", { n: known.estimated })}`}
          </p>
          <Plot
            title={t("energy_used", { window: t(`window_${window}`) })}
            kind="bar"
            unit={KWH}
            bucket={value.bucket}
            utcOffsetMinutes={facts.value?.utcOffsetMinutes ?? 0}
            at={value.starts}
            running
            series={
              value.meters.length > 1
                ? value.meters.map(({ meterNumber, isPrimary, energyWh }) => ({
                    name: `${meterNumber} (${t(isPrimary ? "role_primary" : "role_check")})`,
                    values: energyWh,
                  }))
                : [{ name: t("sum_used"), values: value.energyWh }]
            }
            source={value.meters.map(({ meterNumber }) => meterNumber).join(", ") || t("no_meter")}
            asOf={value.asOf}
            words={words}
          />
        </>
      )}
    </Panel>
  );
}
