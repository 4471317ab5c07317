import type { LiveStatus } from "../../../workers/portal/live-view.ts";
import { at } from "../../country.ts";
import { offers } from "../../offers.ts";
import { Badge } from "../../parts/badge.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Table } from "../../parts/table.tsx";
import { cash, since, when } from "../../say.ts";
import { said, wordsOf } from "../../words.ts";
import type en from "./words/en.ts";

const t = wordsOf<typeof en>("dashboard");
const SHOWN_MAX = 8;

/** The newest payments, as they come in. */
export const Payments = ({ rows }: { rows: LiveStatus["payments"] | null }) => (
  <div class="last-payments">
    <Table
      label={t("last")}
      rows={(rows ?? []).slice(0, SHOWN_MAX)}
      rowKey={(row) => row.receipt}
      isBusy={rows === null}
      href={({ receipt }) => {
        const path = `/payments/${encodeURIComponent(receipt)}`;
        return offers(path) ? at(path) : null;
      }}
      empty={<Empty title={t("no_payments")} hint={t("no_payments_hint")} />}
      columns={[
        { head: t("receipt"), cell: (row) => <code>{row.receipt}</code> },
        { head: t("amount"), cell: (row) => cash(row.amountMinor), isNumber: true },
        {
          head: t("holder"),
          cell: ({ account, holder }) =>
            account === null ? (
              <Badge tone={holder === "suspense" ? "warn" : "quiet"}>{said("dashboard", "holder", holder)}</Badge>
            ) : offers(`/accounts/${account}`) ? (
              <a href={at(`/accounts/${account}`)}>{account}</a>
            ) : (
              account
            ),
        },
        { head: t("paid"), cell: (row) => <span title={when(row.paidAt)}>{since(row.paidAt)}</span> },
      ]}
    />
  </div>
);
