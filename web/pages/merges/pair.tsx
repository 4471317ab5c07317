import { api, ask } from "../../api.ts";
import { at } from "../../country.ts";
import { AsOf } from "../../parts/as-of.tsx";
import { Badge } from "../../parts/badge.tsx";
import { Button } from "../../parts/button.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Panel } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { may } from "../../session.ts";
import { t as shell } from "../../shell/words.ts";
import { useAsk } from "../../use-ask.ts";
import { said } from "../../words.ts";
import { dismiss, merge, propose } from "./acts.tsx";
import { type Card, compared } from "./model.ts";
import { ROOM, t } from "./words.ts";

const card = (id: number) => ask(api().customers[":id{[0-9]+}"].$get({ param: { id: String(id) } }));
type Props = { ids: { one: number; other: number }; canDecide: boolean; onDone(): void };

/** Both side by side, and what somebody may decide. */
export function Pair({ ids, canDecide, onDone }: Props) {
  const first = useAsk(() => card(ids.one), [ids.one]);
  const second = useAsk(() => card(ids.other), [ids.other]);
  const [one, other] = [first.value?.customer, second.value?.customer];
  const trouble = first.trouble ?? second.trouble;
  if (one === undefined || other === undefined)
    return (
      <Panel title={t("side_by_side")}>
        {trouble === null ? (
          <p class="quiet">{shell("loading")}</p>
        ) : trouble.status === 404 ? (
          <Empty title={t("gone")} />
        ) : (
          <TroubleBox trouble={trouble} />
        )}
      </Panel>
    );
  const pair = { one, other };
  return (
    <Panel title={t("side_by_side")} foot={<AsOf at={first.heardAt} source={t("source")} />}>
      <Table
        label={t("side_by_side")}
        rows={compared(one, other)}
        rowKey={(row) => row.field}
        empty={null}
        columns={[
          { head: t("field"), cell: (row) => said(ROOM, "f", row.field) },
          { head: headOf(one), cell: (row) => row.one || "–" },
          { head: headOf(other), cell: (row) => row.other || "–" },
          {
            head: "",
            cell: (row) => <Badge tone={row.isSame ? "good" : "quiet"}>{t(row.isSame ? "same" : "differs")}</Badge>,
          },
        ]}
      />
      {canDecide && may("customers.write") && (
        <div class="row">
          {[one, other].map((each) => (
            <Button key={each.customerId} kind="danger" onClick={() => merge(pair, each, onDone)}>
              {t("keep", { name: each.name, id: each.customerId })}
            </Button>
          ))}
          <Button onClick={() => dismiss(pair, onDone)}>{t("two")}</Button>
          <Button onClick={() => propose(pair, onDone)}>{t("propose")}</Button>
        </div>
      )}
      <p class="row">
        {[one, other].map((each) => (
          <a key={each.customerId} href={at(`/customers/${each.customerId}`)}>
            {headOf(each)}
          </a>
        ))}
      </p>
    </Panel>
  );
}

const headOf = ({ name, customerId }: Card) => `${name} · ${t("number", { id: customerId })}`;
