import { api, ask } from "../../api.ts";
import { facts } from "../../country.ts";
import { count, energy } from "../../format.ts";
import { Table } from "../../parts/table.tsx";
import { useAsk } from "../../use-ask.ts";
import { type Asked, Frame, nameOf, said } from "./frame.tsx";
import { type Factors, percentText } from "./model.ts";
import { t } from "./words.ts";

type Row = Factors["groups"][number];

/** Load factor and coincidence of accounts that are known all the time. */
export function FactorsView({ by, site, type, from, to }: Asked) {
  const query = { by, ...said({ site, type, from, to }) };
  const asked = useAsk(
    () => ask(api().reports["load-factors"].$get({ query })),
    [by, site, type, from, to, facts.value?.code],
  );
  const { value } = asked;
  const name = nameOf(value?.by ?? by);
  return (
    <Frame
      about={value}
      isEmpty={value?.groups.length === 0}
      {...asked}
      means={t("means_load_factors")}
      file="/reports/load-factors"
      query={query}
    >
      <Table<Row>
        label={t("factors")}
        rows={value?.groups ?? []}
        rowKey={({ group }) => group ?? ""}
        empty={null}
        columns={[
          { head: t("group"), cell: ({ group }) => name(group) },
          { head: t("load_factor"), cell: ({ loadFactorBp }) => percentText(loadFactorBp), isNumber: true },
          { head: t("coincidence"), cell: ({ coincidenceBp }) => percentText(coincidenceBp), isNumber: true },
          { head: t("peak"), cell: ({ peakWh }) => energy(peakWh), isNumber: true },
          { head: t("peaks"), cell: ({ peaksWh }) => energy(peaksWh), isNumber: true },
          { head: t("energy"), cell: ({ energyWh }) => energy(energyWh), isNumber: true },
          { head: t("n"), cell: ({ n }) => count(n), isNumber: true },
        ]}
      />
    </Frame>
  );
}
