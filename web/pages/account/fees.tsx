import { Fragment } from "preact";
import { useState } from "preact/hooks";
import { UNALLOCATED } from "../../../src/domain/fees/debt.ts";
import { parseAmountMinor } from "../../../src/domain/money.ts";
import { api, ask, askIf } from "../../api.ts";
import { at, facts } from "../../country.ts";
import { AsOf } from "../../parts/as-of.tsx";
import { debtName } from "../../parts/debt-name.ts";
import { Field, Select } from "../../parts/field.tsx";
import { Panel } from "../../parts/page.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { cash, energy } from "../../say.ts";
import { may } from "../../session.ts";
import { useAsk } from "../../use-ask.ts";
import { said, wordsOf } from "../../words.ts";
import { Rests } from "./unallocated.tsx";
import type en from "./words/en.ts";

const t = wordsOf<typeof en>("account");
/** The merchant number of electricity, and that of the contract. */
const CHANNELS = ["electricity", "fees"] as const;

/** What the account owes beside energy, and where a payment would go. Nothing where the country has no fees and nothing is owed. */
export function Fees({ account, seq }: { account: string; seq: number }) {
  const { value, trouble, again } = useAsk(
    () => askIf(may("money.read"), () => ask(api().accounts[":account"].fees.$get({ param: { account } }))),
    [account],
    [seq],
  );
  if (value === null) return trouble === null ? null : <TroubleBox trouble={trouble} again={again} />;
  if (!value.isOn && value.debts.length === 0) return null;
  // What nothing took is a credit, and has its own lines below: it is a debt only where it was paid back twice.
  const debts = value.debts.filter(({ part, outstandingMinor }) => part !== UNALLOCATED || outstandingMinor > 0);
  return (
    <Panel title={t("owes")} foot={<AsOf at={value.asOf} source={t("source_ledger")} />}>
      {debts.length === 0 ? (
        <p class="quiet">{t("owes_nothing")}</p>
      ) : (
        <dl class="facts">
          {debts.map(({ part, chargedMinor, paidMinor, forgivenMinor, outstandingMinor }) => (
            <Fragment key={part}>
              <dt>{debtName(part)}</dt>
              <dd>
                <b>{t("owed_still", { money: cash(outstandingMinor) })}</b>
                <br />
                <small class="quiet">
                  {t("owed_line", {
                    charged: cash(chargedMinor),
                    paid: cash(paidMinor),
                    forgiven: cash(forgivenMinor),
                  })}
                </small>
              </dd>
            </Fragment>
          ))}
        </dl>
      )}
      <Rests
        account={account}
        rests={value.unallocated}
        more={value.unallocatedMore}
        rateE4PerKwh={value.rateE4PerKwh}
        owedMinor={debts.reduce((sum, { outstandingMinor }) => sum + Math.max(0, outstandingMinor), 0)}
        onDone={again}
      />
      <DryRun account={account} seq={seq} />
      <p>
        <a href={at(`/fees?account=${account}`)}>{t("to_fees")}</a> ·{" "}
        <a href={at(`/agreements?account=${account}`)}>{t("to_agreements")}</a>
      </p>
    </Panel>
  );
}

/** Where a payment would go, part by part, before anybody pays it. */
function DryRun({ account, seq }: { account: string; seq: number }) {
  const [typed, setTyped] = useState("");
  const [channel, setChannel] = useState<(typeof CHANNELS)[number]>("electricity");
  const amountMinor = parseAmountMinor(typed, facts.value?.minorDigits ?? 2);
  const isAsked = amountMinor !== null && amountMinor > 0;
  const { fresh, trouble } = useAsk(
    () =>
      askIf(isAsked, () =>
        ask(
          api().accounts[":account"].split.$get({
            param: { account },
            query: { amountMinor: String(amountMinor), channel },
          }),
        ),
      ),
    [account, amountMinor, channel],
    [seq],
  );
  return (
    <div class="on-screen">
      <div class="filters">
        <Field
          label={t("split_ask")}
          hint={t("split_hint")}
          inputMode="decimal"
          value={typed}
          onInput={setTyped}
          error={typed !== "" && !isAsked ? t("split_expected") : undefined}
        />
        <Select
          label={t("split_channel")}
          value={channel}
          onInput={(value) => setChannel(value === "fees" ? "fees" : "electricity")}
          options={CHANNELS.map((value) => ({ value, label: t(`channel_${value}`) }))}
        />
      </div>
      {trouble !== null && isAsked && <TroubleBox trouble={trouble} />}
      {fresh !== null && (
        <dl class="facts" aria-label={t("split_ask")}>
          {fresh.parts.map(({ to, amountMinor: minor, because }) => (
            <Fragment key={to}>
              <dt>{debtName(to)}</dt>
              <dd>
                <b>{cash(minor)}</b>{" "}
                <small class="quiet">
                  {to === "energy" ? energy(fresh.energyWh) : said("account", "goes", because)}
                </small>
              </dd>
            </Fragment>
          ))}
        </dl>
      )}
    </div>
  );
}
