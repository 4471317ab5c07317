import { at } from "../../country.ts";
import { Button } from "../../parts/button.tsx";
import { Copy } from "../../parts/copy.tsx";
import { Page, Panel } from "../../parts/page.tsx";
import { may } from "../../session.ts";
import type { Registered } from "./model.ts";
import { t } from "./words.ts";

/** The number that was given, large enough to be read across a table, and what comes next. */
export function Done({ made: { customer, parked }, onMore }: { made: Registered; onMore(): void }) {
  const account = customer.accounts[0]?.account ?? null;
  return (
    <Page title={t("done", { name: customer.name })} lead={t("welcome")}>
      <Panel>
        <div class="given" role="status">
          <span class="label">{t("number")}</span>
          <strong>{account === null ? t("no_account") : <Copy text={account} />}</strong>
          <span class="label">
            {t("customer")} <Copy text={String(customer.customerId)} />
          </span>
        </div>
        {parked.length > 0 && may("money.read") && (
          <p class="notice">
            {t("parked", { n: parked.length })} <a href={at(`/customers/${customer.customerId}`)}>{t("parked_look")}</a>
          </p>
        )}
        <div class="row">
          {account !== null && may("commissioning.write") && (
            <a class="button primary" href={at(`/commissioning?account=${account}`)}>
              {t("next_commission")}
            </a>
          )}
          {may("customers.read") && (
            <a class="button" href={at(`/customers/${customer.customerId}`)}>
              {t("next_open")}
            </a>
          )}
          <Button onClick={onMore}>{t("next_more")}</Button>
          <Button onClick={() => print()}>{t("print")}</Button>
        </div>
      </Panel>
    </Page>
  );
}
