import { at } from "../../country.ts";
import { Empty } from "../../parts/empty.tsx";
import { Table } from "../../parts/table.tsx";
import { cash, count, energy } from "../../say.ts";
import { wordsOf } from "../../words.ts";
import { type Dashboard, siteRows } from "./model.ts";
import type en from "./words/en.ts";

const t = wordsOf<typeof en>("dashboard");

/** Each site in a line; a press on its name shows the page of it alone. */
export function Sites({ shown, site }: { shown: Dashboard; site: string }) {
  const rows = siteRows(shown).filter((each) => site === "" || each.site === site);
  return (
    <Table
      label={t("sites")}
      rows={rows}
      rowKey={(row) => row.site}
      href={(row) => at(site === "" ? `/?site=${row.site}` : "/")}
      empty={<Empty title={t("no_sites")} hint={t("no_sites_hint")} />}
      columns={[
        {
          head: t("site"),
          cell: (row) => (
            <>
              <b>{row.site}</b> {row.name}
            </>
          ),
        },
        { head: t("accounts"), cell: (row) => count(row.accounts), isNumber: true },
        { head: t("money_today"), cell: (row) => cash(row.today.creditedMinor), isNumber: true },
        { head: t("money_7"), cell: (row) => cash(row.week.creditedMinor), isNumber: true },
        { head: t("money_30"), cell: (row) => cash(row.month.creditedMinor), isNumber: true },
        { head: t("energy_today"), cell: (row) => energy(row.today.energyWh), isNumber: true },
        { head: t("energy_7"), cell: (row) => energy(row.week.energyWh), isNumber: true },
        { head: t("energy_30"), cell: (row) => energy(row.month.energyWh), isNumber: true },
        {
          head: t("heard"),
          cell: ({ placed, heard }) =>
            placed === 0 ? (
              "–"
            ) : (
              <span class={heard < placed ? "warn" : ""}>{`${count(heard)} / ${count(placed)}`}</span>
            ),
          isNumber: true,
        },
      ]}
    />
  );
}
