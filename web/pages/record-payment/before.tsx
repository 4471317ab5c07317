import { api, ask } from "../../api.ts";
import { at, facts } from "../../country.ts";
import type { Picked } from "../../parts/account-pick.tsx";
import { AsOf } from "../../parts/as-of.tsx";
import { Badge } from "../../parts/badge.tsx";
import { Panel } from "../../parts/page.tsx";
import { energy } from "../../say.ts";
import { useAsk } from "../../use-ask.ts";
import { energyOf } from "./model.ts";
import { t } from "./words.ts";

type Props = { picked: Picked; amountMinor: number | null; paidAt: number | null };

/** Whose account it is, what is left there, and what the amount would buy at the tariff of its instant. */
export function Before({ picked, amountMinor, paidAt }: Props) {
  const { account, name, status } = picked;
  const balance = useAsk(() => ask(api().accounts[":account"]["live-balance"].$get({ param: { account } })), [account]);
  const tariff = useAsk(
    () =>
      ask(
        api().accounts[":account"].tariff.$get({
          param: { account },
          query: paidAt === null ? {} : { at: new Date(paidAt).toISOString() },
        }),
      ),
    [account, paidAt],
  );
  const rate = tariff.fresh?.rateE4PerKwh ?? null;
  const buys = energyOf(amountMinor, facts.value?.minorDigits ?? 2, rate);
  return (
    <Panel title={name} actions={status === "live" ? null : <Badge tone="warn">{status}</Badge>}>
      <dl class="facts">
        <dt>{t("account")}</dt>
        <dd>
          <a href={at(`/accounts/${account}`)}>{account}</a>
        </dd>
        <dt>{t("site")}</dt>
        <dd>{account.slice(4)}</dd>
        <dt>{t("left")}</dt>
        <dd>
          {energy(balance.fresh?.ledger.availableWh ?? null)}{" "}
          {balance.fresh !== null && <AsOf at={balance.fresh.ledger.asOf} source={t("ledger")} />}
        </dd>
        <dt>{t("buys")}</dt>
        <dd>
          <strong>{energy(buys)}</strong>
        </dd>
        <dt>{t("tariff")}</dt>
        <dd>{tariff.fresh?.because ?? "–"}</dd>
      </dl>
    </Panel>
  );
}
