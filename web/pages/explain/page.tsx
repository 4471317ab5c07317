import { useState } from "preact/hooks";
import { canonicalAccount } from "../../../src/domain/account.ts";
import { api, ask } from "../../api.ts";
import { at, country } from "../../country.ts";
import { AsOf } from "../../parts/as-of.tsx";
import { Button } from "../../parts/button.tsx";
import { Tick } from "../../parts/field.tsx";
import { Page, Panel } from "../../parts/page.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import type { PageProps } from "../../routes.ts";
import { cash, count, when } from "../../say.ts";
import { t as common } from "../../shell/words.ts";
import { useAsk } from "../../use-ask.ts";
import { wordsOf } from "../../words.ts";
import { AllLines } from "./csv.tsx";
import { checkOf, kwh } from "./model.ts";
import { EntryPages } from "./pages.tsx";
import type en from "./words/en.ts";

const t = wordsOf<typeof en>("explain");

/** Why an account has its balance: each line from the first to now, and that they add up to it. */
export default function ExplainPage({ account: typed = "" }: PageProps) {
  const known = canonicalAccount(typed);
  const account = known.ok ? known.value : typed;
  const [isGrouped, setGrouped] = useState(true);
  return (
    <Page
      key={`${country.value}:${account}`}
      title={t("title", { account })}
      lead={t("lead")}
      actions={
        <>
          <a class="button" href={at(`/accounts/${account}`)}>
            {t("account")}
          </a>
          <AllLines account={account} />
          <Button onClick={() => print()}>{common("print")}</Button>
        </>
      }
    >
      <InShort account={account} />
      <Panel title={t("entries")} actions={<Tick label={t("grouped")} value={isGrouped} onInput={setGrouped} />}>
        <EntryPages account={account} seq={0} isGrouped={isGrouped} />
      </Panel>
    </Page>
  );
}

/** The sum of all lines by kind, what is metered and not posted yet, and whether the two records of it agree. */
function InShort({ account }: { account: string }) {
  const head = useAsk(
    () => ask(api().accounts[":account"].entries.$get({ param: { account }, query: { limit: "1" } })),
    [account],
  );
  const sums = useAsk(() => ask(api().accounts[":account"].entries.sums.$get({ param: { account } })), [account]);
  const { value: now } = head;
  const check = sums.value === null || now === null ? null : checkOf(sums.value, now.seq);
  const kinds = sums.value?.kinds ?? [];
  return (
    <Panel title={t("in_short")} foot={now === null ? undefined : <AsOf at={now.asOf} />}>
      {head.trouble !== null && <TroubleBox trouble={head.trouble} again={head.again} />}
      {sums.trouble !== null && head.trouble === null && <p class="notice">{t("not_known")}</p>}
      <table class="adds-up">
        <tbody>
          {kinds.map(({ kind, count: n, energyWh, amountMinor }) => (
            <tr key={kind}>
              <td>
                {t(`kinds_${kind}` as Parameters<typeof t>[0])} <span class="quiet">{count(n)}</span>
                {amountMinor !== 0 && <span class="quiet"> · {cash(amountMinor)}</span>}
              </td>
              <td class="number">{kwh(energyWh)}</td>
            </tr>
          ))}
          {now !== null && (
            <tr class="sum">
              <td>{t("posted")}</td>
              <td class="number">{kwh(now.balanceWh)}</td>
            </tr>
          )}
          {now?.unposted.map(({ meterNumber, unpostedWh, readAt }) => (
            <tr key={meterNumber}>
              <td>{t("unposted", { meter: meterNumber, at: when(readAt) })}</td>
              <td class="number">{kwh(-unpostedWh)}</td>
            </tr>
          ))}
          {now !== null && (
            <tr class="sum">
              <td>{t("left")}</td>
              <td class="number">{kwh(now.availableWh)}</td>
            </tr>
          )}
        </tbody>
      </table>
      {check !== null && sums.value !== null && (
        <p class={check.verdict === "agrees" ? "good" : check.verdict === "differs" ? "bad" : "quiet"} role="status">
          {check.verdict === "unknown"
            ? t("unknown_check")
            : check.verdict === "differs"
              ? t("differs", { sum: kwh(sums.value.energyWh), object: kwh(sums.value.objectWh) })
              : check.verdict === "lags"
                ? t("lags", { n: check.lag })
                : t("agrees", { n: count(sums.value.seq) })}
        </p>
      )}
    </Panel>
  );
}
