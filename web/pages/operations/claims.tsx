import { api, ask } from "../../api.ts";
import { at } from "../../country.ts";
import { AsOf } from "../../parts/as-of.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Panel } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { cash, count, since, when } from "../../say.ts";
import { useAsk } from "../../use-ask.ts";
import { useEvery } from "../../use-every.ts";
import { loadWords, said } from "../../words.ts";
import { t } from "./words.ts";

// How far a receipt is and who holds it, in the words of its own page and of the list.
await Promise.all([loadWords("receipt"), loadWords("payments")]);

const AGAIN_MS = 10_000;
/** Money is at rest within seconds; what has not changed for so long has something in its way. */
const STUCK_MS = 2 * 60_000;

/** Each receipt whose money is not at rest yet, and how far it has come. While the database is down `npm run receipts:open` says it: a session is looked up there. */
export function Claims() {
  const asked = useAsk(() => ask(api().claims.open.$get()), []);
  useEvery(AGAIN_MS, asked.again);
  const { asOf = null, total = 0, claims = [] } = asked.value ?? {};
  return (
    <Panel
      title={t("claims")}
      foot={
        <>
          {t("claims_mean")} {total > claims.length && t("claims_more", { n: count(total - claims.length) })}{" "}
          <AsOf at={asOf} />
        </>
      }
    >
      {asked.trouble !== null && <TroubleBox trouble={asked.trouble} again={asked.again} />}
      <Table
        label={t("claims")}
        rows={claims}
        rowKey={({ receipt }) => receipt}
        isBusy={asked.isBusy}
        empty={asked.trouble === null && asked.value !== null && <Empty title={t("no_claims")} />}
        tone={({ changedAt }) => ((asOf ?? 0) - changedAt > STUCK_MS ? "warn" : undefined)}
        columns={[
          {
            head: t("receipt"),
            cell: ({ receipt }) => <a href={at(`/payments/${encodeURIComponent(receipt)}`)}>{receipt}</a>,
          },
          { head: t("amount"), cell: ({ amountMinor }) => cash(amountMinor), isNumber: true },
          { head: t("phase"), cell: ({ phase }) => said("receipt", "phase", phase) },
          {
            head: t("holders"),
            cell: ({ holders }) =>
              holders
                .map(({ holder, account, posting }) => {
                  const name = account ?? said("payments", "holder", holder);
                  return posting === "wanted" ? t("asked", { name }) : name;
                })
                .join(", "),
          },
          {
            head: t("unchanged"),
            cell: ({ changedAt }) => <span title={when(changedAt)}>{since(changedAt, asOf ?? undefined)}</span>,
          },
        ]}
      />
    </Panel>
  );
}
