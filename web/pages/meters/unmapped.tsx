import { useEffect, useState } from "preact/hooks";
import { api, ask } from "../../api.ts";
import { Button } from "../../parts/button.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Panel } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { energy, since } from "../../say.ts";
import { may } from "../../session.ts";
import { usePages } from "../../use-ask.ts";
import type { Unmapped as Heard } from "./model.ts";
import { Place } from "./place.tsx";
import { t } from "./words.ts";

/** A new meter appears while one looks. */
const LOOK_MS = 5_000;

/** Meters that send and that nobody has placed, with what was heard of them. */
export function Unmapped() {
  const [chosen, setChosen] = useState<Heard | null>(null);
  const { rows, more, trouble, isBusy, again } = usePages<Heard>(async (cursor) => {
    const answer = await ask(api().meters.unmapped.$get({ query: cursor === null ? {} : { after: cursor } }));
    return answer.ok ? { ok: true, value: { rows: answer.value.meters, next: answer.value.next } } : answer;
  }, []);
  const isWhole = more === undefined && rows.length < 100;
  useEffect(() => {
    // Whoever has asked for further pages would lose them.
    if (!isWhole) return;
    const timer = setInterval(() => document.hidden || again(), LOOK_MS);
    return () => clearInterval(timer);
  }, [isWhole, again]);
  return (
    <Panel foot={t("unmapped_lead")}>
      {trouble !== null && <TroubleBox trouble={trouble} again={again} />}
      <Table<Heard>
        label={t("view_unmapped")}
        rows={rows}
        rowKey={(meter) => meter.meter_id}
        more={more}
        isBusy={isBusy && rows.length === 0}
        empty={<Empty title={t("unmapped_none")} hint={t("unmapped_none_hint")} />}
        columns={[
          { head: t("meter"), cell: (meter) => meter.meter_id },
          { head: t("first_heard"), cell: (meter) => since(Date.parse(meter.first_seen_at)) },
          { head: t("last_heard"), cell: (meter) => since(Date.parse(meter.last_seen_at)) },
          { head: t("register"), cell: (meter) => energy(meter.last_register_wh), isNumber: true },
          {
            head: t("kept"),
            cell: (meter) => (
              <span>
                {meter.count} {meter.lost > 0 && <span class="warn">{t("lost", { n: meter.lost })}</span>}
              </span>
            ),
            isNumber: true,
          },
          ...(may("meters.write")
            ? [
                {
                  head: t("place"),
                  cell: (meter: Heard) => <Button onClick={() => setChosen(meter)}>{t("place")}</Button>,
                },
              ]
            : []),
        ]}
      />
      {chosen !== null && (
        <Place
          meter={chosen}
          onClose={() => {
            setChosen(null);
            again();
          }}
        />
      )}
    </Panel>
  );
}
