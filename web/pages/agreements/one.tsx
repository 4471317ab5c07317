import { expectedBy } from "../../../src/domain/fees/agreement.ts";
import { localDay } from "../../../src/domain/local-day.ts";
import { api, apiUrl, ask } from "../../api.ts";
import { at, facts } from "../../country.ts";
import { Button } from "../../parts/button.tsx";
import { debtName } from "../../parts/debt-name.ts";
import { Panel } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { cash } from "../../say.ts";
import { may } from "../../session.ts";
import { useAsk } from "../../use-ask.ts";
import { wordsOf } from "../../words.ts";
import type en from "./words/en.ts";

const t = wordsOf<typeof en>("agreements");

/** One agreement: its schedule, whether it is kept, and its contract. */
export function One({ id, onAll }: { id: string; onAll(): void }) {
  const { value, trouble, again } = useAsk(() => ask(api().agreements[":id"].$get({ param: { id } })), [id]);
  if (value === null) return trouble === null ? null : <TroubleBox trouble={trouble} again={again} />;
  const { agreement, schedule } = value;
  const today = localDay(Date.now(), facts.value?.utcOffsetMinutes ?? 0);
  const { paidMinor, outstandingMinor } = agreement;
  const behindMinor =
    paidMinor === null || outstandingMinor === null
      ? 0
      : Math.min(expectedBy(schedule, today) - paidMinor, outstandingMinor);
  return (
    <Panel
      title={`${agreement.account}: ${agreement.title ?? debtName(agreement.part)}`}
      actions={<Button onClick={onAll}>{t("all")}</Button>}
    >
      <dl class="facts">
        <dt>{t("owed")}</dt>
        <dd>
          <b>{cash(outstandingMinor)}</b>{" "}
          {behindMinor > 0 && <small>{t("behind", { money: cash(behindMinor) })}</small>}
        </dd>
        <dt>{t("principal")}</dt>
        <dd>{cash(agreement.principalMinor)}</dd>
        {agreement.title !== null && (
          <>
            <dt>{t("interest")}</dt>
            <dd>{cash(agreement.interestMinor)}</dd>
            <dt>{t("setup")}</dt>
            <dd>{cash(agreement.setupMinor)}</dd>
          </>
        )}
        <dt>{t("why")}</dt>
        <dd>{agreement.reason}</dd>
      </dl>
      <p class="row">
        {may("contracts.read") && (
          <a href={apiUrl(`/agreements/${agreement.id}/contract`)} target="_blank" rel="noreferrer">
            {t("open_contract")}
          </a>
        )}
        <a href={at(`/accounts/${agreement.account}/explain`)}>{t("to_account")}</a>
      </p>
      <h3>{t("schedule")}</h3>
      {schedule.length === 0 ? (
        <p class="quiet">{t("no_schedule")}</p>
      ) : (
        <Table
          label={t("schedule")}
          rows={schedule}
          rowKey={(row) => String(row.nth)}
          tone={(row) => (row.day <= today && paidMinor !== null && row.sumMinor > paidMinor ? "warn" : undefined)}
          empty={null}
          columns={[
            { head: t("nth"), cell: (row) => String(row.nth), isNumber: true },
            { head: t("due_on"), cell: (row) => row.day },
            { head: t("how_much"), cell: (row) => cash(row.amountMinor), isNumber: true },
            { head: t("sum"), cell: (row) => cash(row.sumMinor), isNumber: true },
          ]}
        />
      )}
    </Panel>
  );
}
