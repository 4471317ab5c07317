import { useMemo } from "preact/hooks";
import type { LiveStaffAccount } from "../../../workers/portal/live-view.ts";
import { api, ask } from "../../api.ts";
import { at, country } from "../../country.ts";
import { useLive } from "../../live.ts";
import { Badge } from "../../parts/badge.tsx";
import { Button } from "../../parts/button.tsx";
import { Empty } from "../../parts/empty.tsx";
import { LiveMark } from "../../parts/live-mark.tsx";
import { Page } from "../../parts/page.tsx";
import { Tabs } from "../../parts/tabs.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import type { PageProps } from "../../routes.ts";
import { may } from "../../session.ts";
import { t as common } from "../../shell/words.ts";
import { useAddress } from "../../use-address.ts";
import { useAsk } from "../../use-ask.ts";
import { useNow } from "../../use-now.ts";
import { said, wordsOf } from "../../words.ts";
import "./account.css";
import { canonicalAccount } from "../../../src/domain/account.ts";
import { TicketsOf } from "../tickets/beside.tsx";
import { Energy } from "./energy.tsx";
import { Fees } from "./fees.tsx";
import { Figures } from "./figures.tsx";
import { Contracts, Holder, Waiting } from "./holder.tsx";
import { Lookup } from "./lookup.tsx";
import { Meters } from "./meters.tsx";
import { Relay } from "./relay.tsx";
import { Messages } from "./sms.tsx";
import { Steps } from "./steps.tsx";
import { Sums } from "./sums.tsx";
import { Transactions } from "./transactions.tsx";
import type en from "./words/en.ts";

const t = wordsOf<typeof en>("account");

/** One account: what is known of it at this moment, told while one looks, and all that ever happened. */
export default function AccountPage({ account: typed = "" }: PageProps) {
  const known = canonicalAccount(typed);
  return known.ok ? (
    <Account key={`${country.value}:${known.value}`} account={known.value} />
  ) : (
    <Page title={typed}>
      <Lookup />
      <Empty title={t("unknown_account", { account: typed })} hint={t("unknown_account_hint")} />
    </Page>
  );
}

export type Customer = NonNullable<ReturnType<typeof useCustomer>["fresh"]>["customer"];
const useCustomer = (account: string) =>
  useAsk(() => ask(api().accounts[":account"].customer.$get({ param: { account } })), [account]);

function Account({ account }: { account: string }) {
  const { value: live, state, heardAt } = useLive<LiveStaffAccount>(`/live/accounts/${account}`);
  const now = useServerNow(live?.asOf ?? null);
  const [tab, setTab] = useAddress("tab", "entries");
  const { fresh: value, trouble, again } = useCustomer(account);
  const customer = value?.customer ?? null;
  const own = customer?.accounts.find((each) => each.account === account) ?? null;
  if (trouble?.status === 404)
    return (
      <Page title={account}>
        <Lookup />
        <Empty title={t("unknown_account", { account })} hint={t("unknown_account_hint")} />
      </Page>
    );
  const isKnown = live !== null;
  return (
    <Page
      title={customer === null ? account : `${account} · ${customer.name}`}
      lead={
        <span class="row">
          <LiveMark state={state} asOf={heardAt} />
          {isKnown && (
            <Badge tone={live.status === "live" ? "good" : live.status === "terminated" ? "bad" : "quiet"}>
              {said("account", "status", live.status)}
            </Badge>
          )}
          {own !== null && <span>{own.site}</span>}
        </span>
      }
      actions={
        may("money.read") && (
          <a class="button primary" href={at(`/accounts/${account}/explain`)}>
            {t("explain")}
          </a>
        )
      }
    >
      <Lookup />
      {isKnown ? <Figures live={live} account={account} now={now} /> : <p class="quiet">{common("loading")}</p>}
      {trouble !== null && (
        <p class="notice" role="status">
          {t("not_known_now")} <Button onClick={again}>{common("again")}</Button>
        </p>
      )}
      <Acts account={account} customerId={customer?.customerId ?? null} />
      {customer !== null && <Waiting customerId={customer.customerId} />}
      <div class="columns">
        <div class="stack">
          {isKnown && <Steps live={live} />}
          <Sums account={account} seq={live?.seq ?? 0} />
          <Fees account={account} seq={live?.seq ?? 0} />
        </div>
        <div class="stack">
          {isKnown && <Relay live={live} now={now} />}
          {customer !== null && own !== null && <Holder customer={customer} own={own} />}
          <Contracts account={account} />
        </div>
      </div>
      <Tabs
        label={t("tabs")}
        chosen={tab}
        onChoose={setTab}
        tabs={[
          { key: "entries", label: t("tab_entries") },
          { key: "energy", label: t("tab_energy") },
          { key: "meters", label: t("tab_meters") },
          ...(may("tickets.read") ? [{ key: "tickets", label: t("tab_tickets") }] : []),
          ...(may("sms.read") ? [{ key: "sms", label: t("tab_sms") }] : []),
        ]}
      />
      {tab === "entries" && <Transactions account={account} seq={live?.seq ?? 0} />}
      {tab === "energy" && <Energy account={account} seq={live?.seq ?? 0} />}
      {tab === "sms" && may("sms.read") && <Messages account={account} seq={live?.seq ?? 0} />}
      {tab === "tickets" && may("tickets.read") && <TicketsOf whose={{ account }} />}
      {tab === "meters" && <Meters live={live} placed={own?.meters ?? []} />}
      {trouble !== null && trouble.status !== 503 && trouble.status !== 0 && (
        <TroubleBox trouble={trouble} again={again} />
      )}
    </Page>
  );
}

const TICK_MS = 5_000;

/** The server's clock as it goes on between two words of the line: "heard 2 min ago" grows older by itself. */
function useServerNow(asOf: number | null): number {
  const here = useNow(TICK_MS);
  const aheadMs = useMemo(() => (asOf === null ? 0 : asOf - Date.now()), [asOf]);
  return here + aheadMs;
}

/** What one may do here, each where it is done. */
function Acts({ account, customerId }: { account: string; customerId: number | null }) {
  const to = (path: string, key: Parameters<typeof t>[0]) => (
    <a class="button" href={at(path)}>
      {t(key)}
    </a>
  );
  return (
    <div class="row actions">
      {may("money.write") && to(`/payments/record?account=${account}`, "record_payment")}
      {may("money.write") && to(`/corrections?account=${account}&order=new`, "correct")}
      {may("accounts.write") && customerId !== null && to(`/customers/${customerId}?account=${account}`, "swap")}
      {may("tariffs.write") && to(`/tariffs?account=${account}`, "change_tariff")}
      <Button onClick={() => print()}>{common("print")}</Button>
    </div>
  );
}
