import { useMemo } from "preact/hooks";
import { api, ask } from "../../api.ts";
import { KWH } from "../../charts/figure.ts";
import { Plot } from "../../charts/lazy.tsx";
import { useChartWords } from "../../charts/use-words.ts";
import { at, facts } from "../../country.ts";
import { offers } from "../../offers.ts";
import { AsOf } from "../../parts/as-of.tsx";
import { Badge } from "../../parts/badge.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Panel } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { energy, since } from "../../say.ts";
import { useAsk } from "../../use-ask.ts";
import { t } from "./words.ts";

/** What meters counted in each of the last 24 hours, and who is next to go dark. */
export function Energy() {
  const asked = useAsk(() => ask(api().status.$get()), []);
  const words = useChartWords();
  const status = asked.value;
  const hours = status?.metered?.value.hours ?? null;
  const starts = useMemo(() => hours?.map(({ hour }) => hour) ?? [], [hours]);
  const used = useMemo(() => hours?.map(({ energyWh }) => energyWh) ?? [], [hours]);
  return (
    <>
      {asked.trouble !== null && <TroubleBox trouble={asked.trouble} again={asked.again} />}
      {hours !== null && (
        <Panel title={t("energy")}>
          <Plot
            title={t("energy_hours")}
            kind="bar"
            unit={KWH}
            bucket="hour"
            at={starts}
            running
            utcOffsetMinutes={facts.value?.utcOffsetMinutes ?? 0}
            series={[{ name: t("energy"), values: used }]}
            source={t("meters")}
            asOf={status?.metered?.asOf ?? null}
            words={words}
            height={180}
          />
        </Panel>
      )}
      <Panel title={t("low")} foot={<AsOf at={status?.asOf ?? null} source={t("meters")} />}>
        <Table
          label={t("low")}
          rows={status?.low ?? []}
          rowKey={({ account }) => account}
          isBusy={status === null}
          href={({ account }) => (offers(`/accounts/${account}`) ? at(`/accounts/${account}`) : null)}
          empty={<Empty title={t("no_low")} />}
          columns={[
            { head: t("account"), cell: ({ account }) => account },
            { head: t("left"), cell: ({ leftWh }) => energy(leftWh), isNumber: true },
            { head: t("read"), cell: ({ seenAt }) => since(seenAt) },
            {
              head: t("light"),
              cell: ({ connected }) =>
                connected === null ? (
                  "–"
                ) : (
                  <Badge tone={connected ? "good" : "bad"}>{t(connected ? "lit" : "dark")}</Badge>
                ),
            },
            {
              head: t("order"),
              cell: ({ command }) =>
                command === null
                  ? "–"
                  : `${t(command.action === "connect" ? "connect" : "disconnect")}, ${command.state.replaceAll("_", " ")}, ${since(command.requestedAt)}`,
            },
          ]}
        />
      </Panel>
    </>
  );
}
