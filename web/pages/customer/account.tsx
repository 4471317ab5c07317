import { useState } from "preact/hooks";
import { api, ask } from "../../api.ts";
import { at } from "../../country.ts";
import { AsOf } from "../../parts/as-of.tsx";
import { Badge } from "../../parts/badge.tsx";
import { Button } from "../../parts/button.tsx";
import { confirmWithReason } from "../../parts/dialog.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Panel } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import { toast } from "../../parts/toast.tsx";
import { troubleWords } from "../../parts/trouble.tsx";
import { cash, energy, when } from "../../say.ts";
import { may } from "../../session.ts";
import { useAsk } from "../../use-ask.ts";
import { said } from "../../words.ts";
import { Contracts } from "./contracts.tsx";
import { type CardAccount, hangingNow } from "./model.ts";
import { Swap } from "./swap.tsx";
import { ROOM, t } from "./words.ts";

/** One account of a customer: what is left, what hangs there, what was signed, and what may be done. */
export function Account({ account, onChange }: { account: CardAccount; onChange(): void }) {
  const [isSwapping, setSwapping] = useState(false);
  const number = account.account;
  const isOpen = account.status !== "terminated";
  const hanging = hangingNow(account, Date.now());
  return (
    <Panel
      actions={
        <div class="row">
          <a href={at(`/accounts/${number}`)}>{t("to_account")}</a>
          {isOpen && may("accounts.write") && hanging.length > 0 && (
            <Button onClick={() => setSwapping(true)}>{t("swap")}</Button>
          )}
          {may("commissioning.write") && (
            <a class="button" href={at(`/commissioning?account=${number}`)}>
              {t(isOpen ? "commission" : "way")}
            </a>
          )}
          {isOpen && may("accounts.write") && (
            <Button kind="danger" onClick={() => terminate(number, onChange)}>
              {t("terminate")}
            </Button>
          )}
        </div>
      }
    >
      <div class="row account-head" id={number}>
        <h3>
          <a href={at(`/accounts/${number}`)}>{number}</a>
        </h3>
        <Badge tone={isOpen ? "good" : "quiet"}>{said(ROOM, "status", account.status)}</Badge>
        <small class="quiet">
          {account.openedAt !== null && t("opened", { at: when(account.openedAt) })}
          {account.terminatedAt !== null && ` · ${t("ended", { at: when(account.terminatedAt) })}`}
        </small>
      </div>
      {may("money.read") && <Balance account={number} />}
      <Table
        label={t("meter")}
        rows={account.meters}
        rowKey={(row) => `${row.meterNumber} ${row.from}`}
        empty={<Empty title={t("no_meter")} hint={t("no_meter_hint")} />}
        tone={(row) => (row.to === null ? undefined : "quiet")}
        columns={[
          { head: t("meter"), cell: (row) => <code>{row.meterNumber}</code> },
          { head: t("role"), cell: (row) => said(ROOM, "role", row.role) },
          { head: t("from"), cell: (row) => when(row.from) },
          { head: t("to"), cell: (row) => (row.to === null ? <Badge tone="good">{t("hangs")}</Badge> : when(row.to)) },
          {
            head: t("register"),
            isNumber: true,
            cell: (row) => fromTo(row.baseRegisterWh, row.finalRegisterWh),
          },
        ]}
      />
      {may("contracts.read") && <Contracts account={number} />}
      {isSwapping && (
        <Swap
          account={number}
          meters={hanging.map(({ meterNumber }) => meterNumber)}
          onClose={() => setSwapping(false)}
          onDone={() => {
            setSwapping(false);
            onChange();
          }}
        />
      )}
    </Panel>
  );
}

/** As the account's own object has it, or the vendor's wallet where that counts; with its source and its age. */
function Balance({ account }: { account: string }) {
  const { value, trouble } = useAsk(
    () => ask(api().accounts[":account"]["live-balance"].$get({ param: { account } })),
    [account],
  );
  if (value === null) return <p class="quiet">{trouble === null ? "…" : `– ${troubleWords(trouble)}`}</p>;
  const { source, balanceWh, walletMinor, asOf } = value.shown;
  return (
    <p class="row balance">
      <span class="label">{t("balance")}</span>
      <strong>{energy(balanceWh)}</strong>
      {walletMinor !== null && (
        <span>
          {cash(walletMinor)} <span class="quiet">{t("wallet")}</span>
        </span>
      )}
      <AsOf at={asOf} source={said(ROOM, "source", source)} />
    </p>
  );
}

async function terminate(account: string, onChange: () => void) {
  const reason = await confirmWithReason({
    title: t("terminate_ask", { account }),
    body: <p>{t("terminate_body")}</p>,
    yes: t("terminate"),
    tone: "danger",
  });
  if (reason === null) return;
  const answer = await ask(api().accounts[":account"].terminate.$post({ param: { account }, json: { reason } }));
  if (!answer.ok) return toast(troubleWords(answer.trouble), { tone: "bad" });
  onChange();
  if (!may("commissioning.write")) return toast(t("terminated", { account }));
  toast(t("terminated", { account }), { undo: () => void reopen(account, reason, onChange) });
}

/** A slip, taken back at once: the end is withdrawn, and the account is what it was. */
async function reopen(account: string, reason: string, onChange: () => void) {
  const answer = await ask(
    api().accounts[":account"].commissioning.$post({
      param: { account },
      json: { step: "terminated", act: "withdraw", reason },
    }),
  );
  toast(answer.ok ? t("back_again", { account }) : troubleWords(answer.trouble), { tone: answer.ok ? "good" : "bad" });
  onChange();
}

/** Two registers, or that neither is known. */
const fromTo = (baseWh: number | null, finalWh: number | null) =>
  baseWh === null && finalWh === null ? "–" : `${energy(baseWh)} … ${energy(finalWh)}`;
