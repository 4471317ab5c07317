import { useState } from "preact/hooks";
import { api, apiUrl, ask } from "../../api.ts";
import { at } from "../../country.ts";
import { AsOf } from "../../parts/as-of.tsx";
import { Badge } from "../../parts/badge.tsx";
import { Button } from "../../parts/button.tsx";
import { confirmWithReason } from "../../parts/dialog.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Page, Panel } from "../../parts/page.tsx";
import { toast } from "../../parts/toast.tsx";
import { TroubleBox, troubleWords } from "../../parts/trouble.tsx";
import { may } from "../../session.ts";
import { t as shell } from "../../shell/words.ts";
import { useAsk } from "../../use-ask.ts";
import { LANGUAGE_NAMES, said } from "../../words.ts";
import { Commission } from "./commission.tsx";
import { Events, Steps } from "./steps.tsx";
import { ROOM, t } from "./words.ts";

/** One account on its way to light: what was done when, what waits for what, the act itself and its contracts. */
export function AccountWay({ account }: { account: string }) {
  const way = useAsk(() => ask(api().accounts[":account"].commissioning.$get({ param: { account } })), [account]);
  const who = useAsk(() => ask(api().accounts[":account"].customer.$get({ param: { account } })), [account]);
  const [isCommissioning, setCommissioning] = useState(false);
  const [changes, setChanges] = useState(0);
  const again = () => {
    way.again();
    who.again();
    setChanges((n) => n + 1);
  };
  if (way.trouble?.status === 404)
    return <Empty title={t("unknown")} action={<a href={at("/commissioning")}>{t("to_pipeline")}</a>} />;
  const progress = way.value;
  const card = who.value?.customer;
  if (progress === null || card === undefined) {
    const trouble = way.trouble ?? who.trouble;
    return trouble === null ? <p class="quiet">{shell("loading")}</p> : <TroubleBox trouble={trouble} again={again} />;
  }
  return (
    <Page
      title={t("way", { account })}
      lead={
        <>
          <a href={at(`/customers/${card.customerId}`)}>{card.name}</a>{" "}
          <Badge tone={progress.isConnected ? "good" : "quiet"}>{said(ROOM, "step", progress.stage)}</Badge>{" "}
          <AsOf at={way.heardAt} source={t("source")} />
        </>
      }
      actions={
        <>
          <a href={at(`/accounts/${account}`)}>{t("to_account")}</a>
          {may("commissioning.write") && !isCommissioning && (
            <Button kind={progress.isConnected ? "plain" : "primary"} onClick={() => setCommissioning(true)}>
              {t(progress.connectedOn === null ? "commission" : "commission_again")}
            </Button>
          )}
          {may("commissioning.write") && progress.isConnected && (
            <Button kind="danger" onClick={() => decommission(account, again)}>
              {t("decommission")}
            </Button>
          )}
        </>
      }
    >
      {isCommissioning && (
        <Commission
          account={account}
          card={card}
          onClose={() => setCommissioning(false)}
          onDone={() => {
            setCommissioning(false);
            again();
          }}
        />
      )}
      <Steps account={account} progress={progress} onChange={again} />
      {may("contracts.read") && <Contracts account={account} changes={changes} />}
      <Events progress={progress} />
    </Page>
  );
}

function Contracts({ account, changes }: { account: string; changes: number }) {
  const { value, trouble, again } = useAsk(
    () => ask(api().accounts[":account"].contracts.$get({ param: { account } })),
    [account],
    [changes],
  );
  return (
    <Panel title={t("contracts")}>
      {trouble !== null && <TroubleBox trouble={trouble} again={again} />}
      {value !== null && value.contracts.length === 0 && <p class="quiet">{t("no_contract")}</p>}
      <ul class="plain-list">
        {value?.contracts.map(({ contractId, language, version, connectedOn }) => (
          <li key={contractId} class="row">
            <a href={apiUrl(`/contracts/${contractId}/pdf`)} target="_blank" rel="noopener">
              {t("open_pdf", { language: LANGUAGE_NAMES[language] })}
            </a>
            <span class="quiet">{t("version", { n: version, day: connectedOn })}</span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

async function decommission(account: string, onChange: () => void) {
  const reason = await confirmWithReason({
    title: t("decommission_ask", { account }),
    body: <p>{t("decommission_body")}</p>,
    yes: t("decommission"),
    tone: "danger",
  });
  if (reason === null) return;
  const answer = await ask(api().accounts[":account"].decommission.$post({ param: { account }, json: { reason } }));
  onChange();
  if (!answer.ok) return toast(troubleWords(answer.trouble), { tone: "bad" });
  toast(t("decommissioned", { account }), {
    undo: async () => {
      const back = await ask(
        api().accounts[":account"].commissioning.$post({
          param: { account },
          json: { step: "terminated", act: "withdraw", reason },
        }),
      );
      toast(back.ok ? shell("undone") : troubleWords(back.trouble), { tone: back.ok ? "good" : "bad" });
      onChange();
    },
  });
}
