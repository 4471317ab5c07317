import { api, apiUrl, ask, askIf } from "../../api.ts";
import { at } from "../../country.ts";
import { Badge } from "../../parts/badge.tsx";
import { Copy } from "../../parts/copy.tsx";
import { Panel } from "../../parts/page.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { cash, since, when } from "../../say.ts";
import { may } from "../../session.ts";
import { useAsk } from "../../use-ask.ts";
import { LANGUAGE_NAMES, type Language, said, wordsOf } from "../../words.ts";
import type { Customer } from "./page.tsx";
import type en from "./words/en.ts";

const t = wordsOf<typeof en>("account");

type Props = { customer: Customer; own: Customer["accounts"][number] };

/** Whose account it is, and how they are reached. */
export function Holder({ customer, own }: Props) {
  const { name, phones, plotNumber, customerType, language, place, customerId } = customer;
  return (
    <Panel title={t("holder")} actions={<a href={at(`/customers/${customerId}`)}>{name}</a>}>
      <dl class="facts">
        <dt>{t("phones")}</dt>
        <dd>
          {phones.length === 0
            ? t("no_phone")
            : phones.map(({ phone, shown }) => (
                <span key={phone} class="row">
                  <Copy text={shown} />
                </span>
              ))}
        </dd>
        <dt>{t("site")}</dt>
        <dd>{[own.site, place].filter(Boolean).join(", ")}</dd>
        {plotNumber !== null && (
          <>
            <dt>{t("plot")}</dt>
            <dd>{plotNumber}</dd>
          </>
        )}
        {customerType !== null && (
          <>
            <dt>{t("type")}</dt>
            <dd>{customerType}</dd>
          </>
        )}
        <dt>{t("language")}</dt>
        <dd>{LANGUAGE_NAMES[language as Language] ?? language}</dd>
        {own.openedAt !== null && (
          <>
            <dt>{t("opened")}</dt>
            <dd>{when(own.openedAt)}</dd>
          </>
        )}
        {own.terminatedAt !== null && (
          <>
            <dt>{t("terminated")}</dt>
            <dd>{when(own.terminatedAt)}</dd>
          </>
        )}
      </dl>
    </Panel>
  );
}

/** Money in suspense that names one of the accounts, or came from one of the phones. Nothing is shown where there is none. */
export function Waiting({ customerId }: { customerId: number }) {
  const { value } = useAsk(
    () =>
      askIf(may("money.read"), () =>
        ask(api().customers[":id{[0-9]+}"].parked.$get({ param: { id: String(customerId) } })),
      ),
    [customerId],
  );
  const parked = value?.parked ?? [];
  if (parked.length === 0) return null;
  return (
    <Panel title={t("waiting_money")} foot={t("waiting_money_hint")}>
      <ul class="plain-list">
        {parked.map((each) => (
          <li key={each.caseKey} class="row">
            <b>{cash(each.amountMinor)}</b>
            {each.receipt !== null && <a href={at(`/payments/${encodeURIComponent(each.receipt)}`)}>{each.receipt}</a>}
            <Badge tone="warn">{t(`share_${each.sharing}`)}</Badge>
            <span class="quiet">{since(each.openedAt)}</span>
            <a href={at(`/suspense?case=${encodeURIComponent(each.caseKey)}`)}>
              {said("account", "hold", each.because)}
            </a>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

/** The contracts of the account, and how far it is commissioned. */
export function Contracts({ account }: { account: string }) {
  const { value, trouble, again } = useAsk(
    () => askIf(may("contracts.read"), () => ask(api().accounts[":account"].contracts.$get({ param: { account } }))),
    [account],
  );
  const { value: commissioning } = useAsk(
    () => ask(api().accounts[":account"].commissioning.$get({ param: { account } })),
    [account],
  );
  const contracts = value?.contracts ?? [];
  return (
    <Panel title={t("contracts")}>
      {trouble !== null && value === null && <TroubleBox trouble={trouble} again={again} />}
      {contracts.length === 0 && trouble === null && <p class="quiet">{t("no_contract")}</p>}
      <ul class="plain-list">
        {contracts.map((each) => (
          <li key={each.contractId}>
            <a href={apiUrl(`/contracts/${each.contractId}/pdf`)} target="_blank" rel="noreferrer">
              {t("contract", { at: each.connectedOn })}
            </a>
          </li>
        ))}
      </ul>
      {commissioning !== null && (
        <p class="row">
          <span class="quiet">{t("stage")}</span>
          <Badge tone={commissioning.isConnected ? "good" : "warn"}>
            {said("account", "stage", commissioning.stage)}
          </Badge>
        </p>
      )}
    </Panel>
  );
}
