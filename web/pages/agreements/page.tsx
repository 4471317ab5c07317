import type { InferResponseType } from "hono/client";
import { useState } from "preact/hooks";
import { api, ask } from "../../api.ts";
import { at } from "../../country.ts";
import { Badge, type Tone } from "../../parts/badge.tsx";
import { Button } from "../../parts/button.tsx";
import { debtName } from "../../parts/debt-name.ts";
import { Empty } from "../../parts/empty.tsx";
import { Field } from "../../parts/field.tsx";
import { Page, Panel } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { byWhom, cash, when } from "../../say.ts";
import { may } from "../../session.ts";
import { useAddress } from "../../use-address.ts";
import { usePages } from "../../use-ask.ts";
import { said, wordsOf } from "../../words.ts";
import { percentOf } from "./model.ts";
import { One } from "./one.tsx";
import { Sign } from "./sign.tsx";
import type en from "./words/en.ts";

const t = wordsOf<typeof en>("agreements");

export type Agreement = InferResponseType<ReturnType<typeof api>["agreements"]["$get"], 200>["agreements"][number];
const TONES: Record<Agreement["state"], Tone> = { waiting: "warn", approved: "warn", posted: "good", refused: "bad" };

/** Advances and plans of appliances: signed with their contract, and how each stands. */
export default function AgreementsPage() {
  const [account, setAccount] = useAddress("account");
  const [signing, setSigning] = useAddress("sign");
  const [id, setId] = useAddress("id");
  const [isOn, setOn] = useState<boolean | null>(null);
  const { rows, trouble, isBusy, more, again } = usePages<Agreement>(
    async (cursor) => {
      const query = { ...(account === "" ? {} : { account }), ...(cursor === null ? {} : { cursor }) };
      const answer = await ask(api().agreements.$get({ query }));
      if (answer.ok) setOn(answer.value.isOn);
      return answer.ok ? { ok: true, value: { rows: answer.value.agreements, next: answer.value.next } } : answer;
    },
    [account],
  );
  return (
    <Page
      title={t("title")}
      lead={t("lead")}
      actions={
        isOn &&
        may("money.write") && (
          <Button kind="primary" onClick={() => setSigning(signing === "new" ? "" : "new")}>
            {t("sign")}
          </Button>
        )
      }
    >
      {isOn === false && <p class="quiet">{t("off")}</p>}
      {isOn && may("money.write") && signing === "new" && <Sign account={account} onDone={again} />}
      {id !== "" && <One id={id} onAll={() => setId("")} />}
      <Panel>
        <div class="filters">
          <Field label={t("account")} type="search" value={account} onInput={setAccount} placeholder="0045MAK" />
        </div>
        {trouble !== null && <TroubleBox trouble={trouble} again={again} />}
        <Table
          label={t("title")}
          rows={rows}
          rowKey={(row) => row.id}
          more={more}
          isBusy={isBusy}
          empty={<Empty title={t("none")} hint={t("none_hint")} />}
          columns={[
            { head: t("signed"), cell: (row) => when(row.orderedAt) },
            { head: t("account"), cell: (row) => <a href={at(`/accounts/${row.account}`)}>{row.account}</a> },
            {
              head: t("what"),
              cell: (row) => (
                <a href={at(`/agreements?id=${row.id}`)}>{row.title === null ? debtName(row.part) : row.title}</a>
              ),
            },
            { head: t("owed"), cell: (row) => <b>{cash(row.outstandingMinor)}</b>, isNumber: true },
            { head: t("charged"), cell: (row) => cash(row.chargedMinor), isNumber: true },
            { head: t("paid"), cell: (row) => cash(row.paidMinor), isNumber: true },
            { head: t("terms"), cell: (row) => termsOf(row).join(" · ") },
            {
              head: t("state"),
              cell: (row) => (
                <>
                  <Badge tone={TONES[row.state]}>{t(`state_${row.state}`)}</Badge>{" "}
                  {row.because !== null && <small class="quiet">{said("agreements", "because", row.because)}</small>}
                </>
              ),
            },
            { head: t("by"), cell: (row) => byWhom(row.orderedBy) },
          ]}
        />
      </Panel>
    </Page>
  );
}

/** What the contract says, in words. */
function termsOf({ fractionE4, monthlyFeeE4, penaltyE4, graceDays, intervalDays }: Agreement): string[] {
  const penalty = { percent: percentOf(penaltyE4), grace: graceDays, interval: intervalDays };
  return [
    t("term_fraction", { percent: percentOf(fractionE4) }),
    ...(monthlyFeeE4 > 0 ? [t("term_monthly", { percent: percentOf(monthlyFeeE4) })] : []),
    ...(penaltyE4 > 0 ? [t("term_penalty", penalty)] : []),
  ];
}
