import { api, ask } from "../../api.ts";
import { AsOf } from "../../parts/as-of.tsx";
import { Badge } from "../../parts/badge.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Panel } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { useAsk } from "../../use-ask.ts";
import { said } from "../../words.ts";
import { t } from "./words.ts";

/** The keys of machines: which this deployment has, and how each is rotated. None of them is ever shown. */
export function Keys() {
  const { value, trouble, again, isBusy } = useAsk(() => ask(api().settings.keys.$get()), []);
  return (
    <Panel title={t("keys")} foot={<AsOf at={value?.asOf ?? null} source={t("keys_source")} />}>
      <p>{t("keys_lead")}</p>
      <p class="quiet">{t("keys_rotate")}</p>
      {trouble !== null && <TroubleBox trouble={trouble} again={again} />}
      <Table
        label={t("keys")}
        rows={value?.keys ?? []}
        rowKey={({ setting }) => setting}
        isBusy={isBusy}
        empty={<Empty title={t("keys_none")} />}
        columns={[
          { head: t("keys_what"), cell: ({ name }) => said("tills", "key", name) },
          {
            head: t("keys_now"),
            cell: ({ configured }) => (
              <Badge tone={configured === 0 ? "quiet" : configured === 1 ? "good" : "warn"}>
                {t(configured === 0 ? "keys_no" : configured === 1 ? "keys_one" : "keys_two")}
              </Badge>
            ),
          },
          { head: t("keys_ids"), cell: ({ ids }) => (ids.length === 0 ? "–" : ids.join(", ")) },
          { head: t("keys_setting"), cell: ({ setting }) => <code>{setting}</code> },
        ]}
      />
    </Panel>
  );
}
