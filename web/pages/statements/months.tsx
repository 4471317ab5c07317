import { localDay } from "../../../src/domain/local-day.ts";
import { api, ask } from "../../api.ts";
import { facts } from "../../country.ts";
import { Empty } from "../../parts/empty.tsx";
import { Field } from "../../parts/field.tsx";
import { Panel } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { cash, count } from "../../say.ts";
import { useAddress } from "../../use-address.ts";
import { useAsk } from "../../use-ask.ts";
import { t } from "./words.ts";

/** Sites' months by the vendors' files: totals, and estimates where only the total is known. */
export function Months() {
  const month = localDay(Date.now(), facts.value?.utcOffsetMinutes ?? 0).slice(0, 7);
  const [from, setFrom] = useAddress("first", `${month.slice(0, 4)}-01`);
  const [to, setTo] = useAddress("last", month);
  const { value, trouble, again, isBusy } = useAsk(
    () => ask(api().statements.months.$get({ query: { from, to } })),
    [from, to],
  );
  return (
    <Panel foot={t("estimates")}>
      <div class="filters">
        <Field label={t("from")} value={from} onInput={setFrom} placeholder="2026-01" />
        <Field label={t("to")} value={to} onInput={setTo} placeholder="2026-12" />
      </div>
      {trouble !== null && <TroubleBox trouble={trouble} again={again} />}
      <Table
        label={t("months")}
        rows={value?.months ?? []}
        rowKey={(row) => `${row.site} ${row.month}`}
        isBusy={isBusy}
        empty={<Empty title={t("no_months")} />}
        columns={[
          { head: t("month"), cell: (row) => row.month.slice(0, 7) },
          { head: t("site"), cell: (row) => row.site },
          { head: t("total"), cell: (row) => cash(row.totalMinor), isNumber: true },
          { head: t("listed"), cell: (row) => cash(row.listedMinor), isNumber: true },
          {
            head: t("estimated"),
            cell: (row) => `${cash(row.estimatedMinor)} (${count(row.accounts)})`,
            isNumber: true,
          },
          { head: t("state"), cell: (row) => row.state.replaceAll("_", " ") },
        ]}
      />
    </Panel>
  );
}
