import { useState } from "preact/hooks";
import { parseAmountMinor } from "../../../src/domain/money.ts";
import { api, ask, askIf } from "../../api.ts";
import { at, facts } from "../../country.ts";
import { AsOf } from "../../parts/as-of.tsx";
import { Field } from "../../parts/field.tsx";
import { Panel } from "../../parts/page.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { cash, energy } from "../../say.ts";
import { may } from "../../session.ts";
import { useAsk } from "../../use-ask.ts";
import { said, wordsOf } from "../../words.ts";
import type en from "./words/en.ts";

const t = wordsOf<typeof en>("account");

/** What the account owes beside energy, and where a payment would go. Nothing where the country has no fees and nothing is owed. */
export function Fees({ account, seq }: { account: string; seq: number }) {
  const { value, trouble, again } = useAsk(
    () => askIf(may("money.read"), () => ask(api().accounts[":account"].fees.$get({ param: { account } }))),
    [account],
    [seq],
  );
  if (value === null) return trouble === null ? null : <TroubleBox trouble={trouble} again={again} />;
  if (!value.isOn && value.debts.length === 0) return null;
  return (
    <Panel title={t("owes")} foot={<AsOf at={value.asOf} source={t("source_ledger")} />}>
      {value.debts.length === 0 ? (
        <p class="quiet">{t("owes_nothing")}</p>
      ) : (
        <table class="compact">
          <thead>
            <tr>
              <th scope="col">{t("owed_for")}</th>
              {(["charged", "paid", "forgiven", "outstanding"] as const).map((head) => (
                <th key={head} scope="col" class="number">
                  {t(`owed_${head}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {value.debts.map((debt) => (
              <tr key={debt.part}>
                <td>{said("account", "part", debt.part)}</td>
                <td class="number">{cash(debt.chargedMinor)}</td>
                <td class="number">{cash(debt.paidMinor)}</td>
                <td class="number">{cash(debt.forgivenMinor)}</td>
                <td class="number">
                  <b>{cash(debt.outstandingMinor)}</b>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <DryRun account={account} seq={seq} />
      <p>
        <a href={at(`/fees?account=${account}`)}>{t("to_fees")}</a>
      </p>
    </Panel>
  );
}

/** Where a payment would go, part by part, before anybody pays it. */
function DryRun({ account, seq }: { account: string; seq: number }) {
  const [typed, setTyped] = useState("");
  const amountMinor = parseAmountMinor(typed, facts.value?.minorDigits ?? 2);
  const isAsked = amountMinor !== null && amountMinor > 0;
  const { fresh, trouble } = useAsk(
    () =>
      askIf(isAsked, () =>
        ask(api().accounts[":account"].split.$get({ param: { account }, query: { amountMinor: String(amountMinor) } })),
      ),
    [account, amountMinor],
    [seq],
  );
  return (
    <>
      <Field
        label={t("split_ask")}
        hint={t("split_hint")}
        inputMode="decimal"
        value={typed}
        onInput={setTyped}
        error={typed !== "" && !isAsked ? t("split_expected") : undefined}
      />
      {trouble !== null && isAsked && <TroubleBox trouble={trouble} />}
      {fresh !== null && (
        <table class="compact" aria-label={t("split_ask")}>
          <tbody>
            {fresh.parts.map(({ to, amountMinor: minor, because }) => (
              <tr key={to}>
                <td>{said("account", "part", to)}</td>
                <td class="number">
                  <b>{cash(minor)}</b>
                </td>
                <td class="quiet">{to === "energy" ? energy(fresh.energyWh) : said("account", "goes", because)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}
