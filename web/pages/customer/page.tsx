import { useEffect, useState } from "preact/hooks";
import { api, ask } from "../../api.ts";
import { at } from "../../country.ts";
import { AsOf } from "../../parts/as-of.tsx";
import { Button } from "../../parts/button.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Page, Panel } from "../../parts/page.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import type { PageProps } from "../../routes.ts";
import { may } from "../../session.ts";
import { t as shell } from "../../shell/words.ts";
import { useAddress } from "../../use-address.ts";
import { useAsk } from "../../use-ask.ts";
import { TicketsOf } from "../tickets/beside.tsx";
import { Conversation } from "../tickets/conversation.tsx";
import { Account } from "./account.tsx";
import { AddAccount } from "./add-account.tsx";
import { History, Parked } from "./beside.tsx";
import { Edit } from "./edit.tsx";
import { Personal } from "./personal.tsx";
import { Who } from "./who.tsx";
import { t } from "./words.ts";
import "./customer.css";

export default function CustomerPage({ id = "" }: PageProps) {
  const {
    fresh: value,
    trouble,
    heardAt,
    again,
  } = useAsk(() => ask(api().customers[":id{[0-9]+}"].$get({ param: { id } })), [id]);
  const [isEditing, setEditing] = useState(false);
  const [isAdding, setAdding] = useState(false);
  const card = value?.customer;
  const [wanted] = useAddress("account");
  // whoever comes for one account of several is led there
  useEffect(() => {
    if (card !== undefined && wanted !== "") document.getElementById(wanted)?.scrollIntoView({ block: "start" });
  }, [card === undefined, wanted]);
  if (trouble?.status === 404)
    return (
      <Empty title={t("unknown")} hint={t("unknown_hint")} action={<a href={at("/customers")}>{t("to_list")}</a>} />
    );
  if (card === undefined)
    return trouble === null ? <p class="quiet">{shell("loading")}</p> : <TroubleBox trouble={trouble} again={again} />;
  return (
    <Page
      title={card.name}
      lead={<AsOf at={heardAt} source={t("source_register")} />}
      actions={may("accounts.write") && <Button onClick={() => setAdding(true)}>{t("add_account")}</Button>}
    >
      {trouble !== null && <TroubleBox trouble={trouble} again={again} />}
      {may("money.read") && <Parked customerId={card.customerId} />}
      {isEditing ? (
        <Edit
          card={card}
          onClose={() => setEditing(false)}
          onReadAgain={again}
          onSaved={() => {
            setEditing(false);
            again();
          }}
        />
      ) : (
        <Who card={card} onEdit={() => setEditing(true)} />
      )}
      {card.accounts.length === 0 && (
        <Panel title={t("accounts")}>
          <Empty title={t("no_account")} hint={t("no_account_hint")} />
        </Panel>
      )}
      {card.accounts.map((account) => (
        <Account key={account.account} account={account} onChange={again} />
      ))}
      {may("tickets.read") && <Conversation customerId={card.customerId} />}
      {may("tickets.read") && <TicketsOf whose={{ customer: String(card.customerId) }} />}
      {(may("personal.export") || may("personal.erase")) && <Personal customerId={card.customerId} onChange={again} />}
      {may("audit.read") && <History customerId={card.customerId} version={card.version} />}
      {isAdding && (
        <AddAccount
          customerId={card.customerId}
          site={card.site}
          onClose={() => setAdding(false)}
          onDone={() => {
            setAdding(false);
            again();
          }}
        />
      )}
    </Page>
  );
}
