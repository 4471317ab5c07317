import type { InferResponseType } from "hono/client";
import { useState } from "preact/hooks";
import { CREDIT_STATES } from "../../../src/domain/vendor-credit.ts";
import { api, ask } from "../../api.ts";
import { at } from "../../country.ts";
import { Badge } from "../../parts/badge.tsx";
import { Button } from "../../parts/button.tsx";
import { confirmWithReason } from "../../parts/dialog.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Field, Select } from "../../parts/field.tsx";
import { Page, Panel } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import { Tile, Tiles } from "../../parts/tile.tsx";
import { toast } from "../../parts/toast.tsx";
import { TroubleBox, troubleWords } from "../../parts/trouble.tsx";
import { cash, count, span, when } from "../../say.ts";
import { may } from "../../session.ts";
import { useAddress } from "../../use-address.ts";
import { usePages } from "../../use-ask.ts";
import { said, wordsOf } from "../../words.ts";
import { handsOf, subjectOf, toneOf, waitingOf } from "./model.ts";
import type en from "./words/en.ts";

const t = wordsOf<typeof en>("vendor-credits");

type Answer = InferResponseType<ReturnType<typeof api>["vendor-credits"]["$get"], 200>;
type Credit = Answer["credits"][number];

/** What customers have paid and the vendors' wallets do not have yet. */
export default function VendorCreditsPage() {
  const [state, setState] = useAddress("state");
  const [account, setAccount] = useAddress("account");
  const [head, setHead] = useState<Pick<Answer, "asOf" | "summary"> | null>(null);
  const known = CREDIT_STATES.find((each) => each === state);
  const { rows, trouble, isBusy, more, again } = usePages<Credit>(
    async (cursor) => {
      const query = {
        ...(known === undefined ? {} : { state: known }),
        ...(account === "" ? {} : { account }),
        ...(cursor === null ? {} : { cursor }),
      };
      const answer = await ask(api()["vendor-credits"].$get({ query }));
      if (!answer.ok) return answer;
      setHead(answer.value);
      return { ok: true, value: { rows: answer.value.credits, next: answer.value.next } };
    },
    [state, account],
  );
  const of = (each: string) => count(head?.summary[each] ?? 0);
  return (
    <Page title={t("title")} lead={t("lead")} actions={<Button onClick={again}>{t("look")}</Button>}>
      <Tiles label={t("title")}>
        <Tile
          label={t("waiting")}
          value={head === null ? "–" : count(waitingOf(head.summary))}
          tone={head !== null && waitingOf(head.summary) > 0 ? "warn" : "good"}
          asOf={head?.asOf ?? null}
          source={t("source")}
        />
        {(["blocked", "rejected", "dead", "confirmed"] as const).map((each) => (
          <Tile
            key={each}
            label={t(`state_${each}`)}
            value={head === null ? "–" : of(each)}
            tone={each !== "confirmed" && (head?.summary[each] ?? 0) > 0 ? "bad" : undefined}
          />
        ))}
      </Tiles>
      <Panel>
        <div class="filters">
          <Select
            label={t("state")}
            value={state}
            onInput={setState}
            options={[
              { value: "", label: t("state_open") },
              ...CREDIT_STATES.map((value) => ({ value, label: t(`state_${value}`) })),
            ]}
          />
          <Field label={t("account")} type="search" value={account} onInput={setAccount} placeholder="0045MAK" />
        </div>
        {trouble !== null && <TroubleBox trouble={trouble} again={again} />}
        <Table
          label={t("title")}
          rows={rows}
          rowKey={(row) => row.externalId}
          more={more}
          isBusy={isBusy}
          empty={<Empty title={t("none")} hint={t("none_hint")} />}
          columns={[
            { head: t("account"), cell: (row) => <a href={at(`/accounts/${row.account}`)}>{row.account}</a> },
            { head: t("amount"), cell: (row) => cash(row.amountMinor), isNumber: true },
            { head: t("state"), cell: (row) => <State row={row} /> },
            { head: t("age"), cell: (row) => span(row.ageSeconds * 1_000), isNumber: true },
            { head: t("next"), cell: (row) => when(row.nextAt) },
            { head: t("for"), cell: (row) => <Subject externalId={row.externalId} /> },
            { head: t("vendor"), cell: (row) => <span class="unbroken">{row.vendor}</span> },
            { head: t("hand"), cell: (row) => <Hand row={row} onDone={again} /> },
          ]}
        />
      </Panel>
    </Page>
  );
}

const State = ({ row }: { row: Credit }) => (
  <span>
    <Badge tone={toneOf(row)}>{said("vendor-credits", "state", row.state)}</Badge>
    {row.because !== null && <small class="quiet"> {said("vendor-credits", "because", row.because)}</small>}
    {row.error !== null && (
      <small class="quiet">
        <br />
        {t("error", { error: row.error, n: row.attempts })}
      </small>
    )}
  </span>
);

function Subject({ externalId }: { externalId: string }) {
  const subject = subjectOf(externalId);
  return subject === null ? <code>{externalId}</code> : <a href={at(subject.path)}>{subject.name}</a>;
}

function Hand({ row, onDone }: { row: Credit; onDone(): void }) {
  const hands = handsOf(row);
  if (!may("money.write") || (!hands.retry && !hands.settle)) return null;
  const take = async (how: "retry" | "settle") => {
    const reason = await confirmWithReason({
      title: t(`${how}_ask`, { account: row.account, money: cash(row.amountMinor) }),
      body: <p>{t(`${how}_body`)}</p>,
      yes: t(how),
    });
    if (reason === null) return;
    const json = { account: row.account, externalId: row.externalId, reason };
    const answer = await ask(
      how === "retry" ? api()["vendor-credits"].retry.$post({ json }) : api()["vendor-credits"].settle.$post({ json }),
    );
    toast(answer.ok ? t(`${how}_done`) : troubleWords(answer.trouble), { tone: answer.ok ? "good" : "bad" });
    onDone();
  };
  return (
    <span class="row">
      {hands.retry && <Button onClick={() => take("retry")}>{t("retry")}</Button>}
      {hands.settle && <Button onClick={() => take("settle")}>{t("settle")}</Button>}
    </span>
  );
}
