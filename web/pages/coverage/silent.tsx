import { api, ask } from "../../api.ts";
import { at, facts } from "../../country.ts";
import { Means } from "../../metrics/means.tsx";
import { AsOf } from "../../parts/as-of.tsx";
import { Badge } from "../../parts/badge.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Files } from "../../parts/files.tsx";
import { Panel } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import { Tile, Tiles } from "../../parts/tile.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { count, when } from "../../say.ts";
import { useAsk } from "../../use-ask.ts";
import type { SilentMeter } from "./model.ts";
import { t } from "./words.ts";

/** Meters that bill somebody and have told nothing for days. */
export function SilentPanel({ query }: { query: { site?: string; days: string } }) {
  const { value, trouble, again, isBusy } = useAsk(
    () => ask(api().reports["silent-meters"].$get({ query })),
    [query.site, query.days, facts.value?.code],
  );
  if (value === null) return trouble === null ? null : <TroubleBox trouble={trouble} again={again} />;
  return (
    <Panel
      foot={
        <div class="metric-foot">
          <AsOf at={value.asOf} source={t("source")} />
          <Files path="/reports/silent-meters" query={query} />
        </div>
      }
    >
      {trouble !== null && <TroubleBox trouble={trouble} again={again} />}
      <Tiles label={t("tab_silent")}>
        <Tile
          label={t("silent_since", { day: value.since })}
          value={`${count(value.meters.length)}${value.isPartial ? "+" : ""}`}
          tone={value.meters.length > 0 ? "warn" : "good"}
        />
        <Tile label={t("never")} value={count(value.never)} tone={value.never > 0 ? "bad" : "quiet"} />
      </Tiles>
      <Table<SilentMeter>
        label={t("tab_silent")}
        rows={value.meters}
        rowKey={({ account, meter }) => `${account} ${meter}`}
        isBusy={isBusy}
        empty={<Empty title={t("no_silence")} hint={t("no_silence_hint")} />}
        columns={[
          { head: t("account"), cell: ({ account }) => <a href={at(`/accounts/${account}`)}>{account}</a> },
          { head: t("site"), cell: ({ site }) => site },
          {
            head: t("meter"),
            cell: ({ meter }) => <a href={at(`/meters?meter=${encodeURIComponent(meter)}`)}>{meter}</a>,
          },
          {
            head: t("last_day"),
            cell: ({ lastDay }) => lastDay ?? <Badge tone="bad">{t("never")}</Badge>,
          },
          { head: t("hangs_since"), cell: ({ hangsSince }) => when(hangsSince) },
        ]}
      />
      <Means ids={["records_silent"]} />
    </Panel>
  );
}
