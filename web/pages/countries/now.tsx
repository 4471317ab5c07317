import { apiOf, ask } from "../../api.ts";
import { Badge } from "../../parts/badge.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Panel } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import { count, energy, when } from "../../say.ts";
import { usePoll } from "../../use-poll.ts";
import type { Dashboard } from "../dashboard/model.ts";
import { dollars, type NowRow, nowOf, ownMoney, sumOf, type Told } from "./model.ts";
import { useCountries } from "./use-countries.ts";
import { t } from "./words.ts";

const LOOK_MS = 30_000;
const TONES = {
  answered: "good",
  asking: "quiet",
  signed_out: "warn",
  forbidden: "warn",
  home_silent: "warn",
  silent: "bad",
} as const;

/** Every country at this moment: which backend answered, how soon, as of when, and what it says in its money and in dollars. */
export function Now({ told }: { told: readonly Told[] }) {
  const { heard, again } = useCountries<Dashboard>(
    (code) => ask(apiOf(code).dashboard.$get(undefined), "elsewhere"),
    [],
  );
  usePoll(again, LOOK_MS);
  const rows = nowOf(heard, told);
  const money = (row: NowRow, minor: number | null) => {
    const summary = told.find(({ code }) => code === row.code)?.value ?? null;
    return summary === null ? "–" : ownMoney(minor, summary);
  };
  const [today, yesterday] = [sumOf(rows, (row) => row.todayCents), sumOf(rows, (row) => row.yesterdayCents)];
  return (
    <Panel title={t("now")}>
      <Table<NowRow>
        label={t("now")}
        rows={rows}
        rowKey={({ code }) => code}
        empty={<Empty title={t("none")} hint={t("none_hint")} />}
        columns={[
          { head: t("country"), cell: ({ code }) => <a href={`/${code}/`}>{code.toUpperCase()}</a> },
          { head: t("backend"), cell: (row) => <State row={row} /> },
          { head: t("now_as_of"), cell: ({ asOf }) => when(asOf) },
          { head: t("today"), cell: (row) => money(row, row.todayMinor), isNumber: true },
          { head: t("yesterday"), cell: (row) => money(row, row.yesterdayMinor), isNumber: true },
          { head: t("yesterday_usd"), cell: (row) => dollars(row.yesterdayCents), isNumber: true },
          { head: t("energy_today"), cell: ({ energyWh }) => energy(energyWh), isNumber: true },
          {
            head: t("lights"),
            cell: ({ lit, dark }) => (lit === null || dark === null ? "–" : `${count(lit)} / ${count(dark)}`),
            isNumber: true,
          },
        ]}
      />
      <p class="quiet" role="status">
        {t("now_sum", { today: dollars(today.cents), yesterday: dollars(yesterday.cents) })}{" "}
        {yesterday.leftOut.length > 0 && t("now_left_out", { countries: yesterday.leftOut.join(", ") })}
      </p>
    </Panel>
  );
}

const State = ({ row: { state, tookMs, asOf } }: { row: NowRow }) => (
  <>
    <Badge tone={TONES[state]}>{t(`state_${state}`)}</Badge>{" "}
    <small class="quiet">
      {state === "answered" && tookMs !== null && t("took", { seconds: (tookMs / 1_000).toFixed(1) })}
      {(state === "silent" || state === "home_silent") && asOf !== null && t("said_last")}
    </small>
  </>
);
