import type { LiveStaffAccount } from "../../../workers/portal/live-view.ts";
import { at } from "../../country.ts";
import { Badge } from "../../parts/badge.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Panel } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import { energy, when } from "../../say.ts";
import { wordsOf } from "../../words.ts";
import type { Customer } from "./page.tsx";
import type en from "./words/en.ts";

const t = wordsOf<typeof en>("account");

type Props = { live: LiveStaffAccount | null; placed: Customer["accounts"][number]["meters"] };

/** All meters that were ever on the account, the newest first, with what they showed when they came and went. */
export function Meters({ live, placed }: Props) {
  const now = (meterNumber: string) => live?.meters.find((meter) => meter.meterNumber === meterNumber) ?? null;
  return (
    <Panel title={t("meters")}>
      <Table
        label={t("meters")}
        rows={placed.toReversed()}
        rowKey={({ meterNumber, from }) => `${meterNumber}@${from}`}
        href={({ meterNumber }) => at(`/meters?q=${encodeURIComponent(meterNumber)}`)}
        empty={<Empty title={t("no_meter")} hint={t("no_meter_hint")} />}
        columns={[
          { head: t("meter"), cell: ({ meterNumber }) => meterNumber },
          {
            head: t("role"),
            cell: ({ role, to }) => (
              <Badge tone={to === null && role === "primary" ? "good" : "quiet"}>{t(`role_${role}`)}</Badge>
            ),
          },
          {
            head: t("since"),
            cell: ({ from, baseRegisterWh }) =>
              `${when(from)}${baseRegisterWh === null ? "" : ` · ${energy(baseRegisterWh)}`}`,
          },
          {
            head: t("until"),
            cell: ({ to, finalRegisterWh }) =>
              `${to === null ? "–" : when(to)}${finalRegisterWh === null ? "" : ` · ${energy(finalRegisterWh)}`}`,
          },
          {
            head: t("register"),
            isNumber: true,
            cell: ({ meterNumber, to }) => (to === null ? energy(now(meterNumber)?.registerWh ?? null) : "–"),
          },
          {
            head: t("reading_at"),
            cell: ({ meterNumber, to }) => (to === null ? when(now(meterNumber)?.readAt ?? null) : "–"),
          },
        ]}
      />
    </Panel>
  );
}
