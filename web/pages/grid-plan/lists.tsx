import { at } from "../../country.ts";
import { Empty } from "../../parts/empty.tsx";
import { Table } from "../../parts/table.tsx";
import { said } from "../../words.ts";
import type { Preview, View } from "./model.ts";
import { t } from "./words.ts";

const account = (number: string) => <a href={at(`/accounts/${number}`)}>{number}</a>;
const survey = (id: string) => <b>{id === "" ? "–" : id}</b>;

/** One of the lists of a preview. */
export function Lists({ view, preview }: { view: View; preview: Preview }) {
  const empty = <Empty title={t(`none_${view}`)} />;
  const label = t(`view_${view}`);
  switch (view) {
    case "changes":
      return (
        <Table
          {...{ label, empty }}
          rows={preview.changes}
          rowKey={({ surveyId, field }) => `${surveyId} ${field}`}
          columns={[
            { head: t("survey_id"), cell: ({ surveyId }) => survey(surveyId) },
            { head: t("field"), cell: ({ field }) => said("grid-plan", "field", field) },
            { head: t("stands"), cell: ({ from }) => (from === "" ? "–" : from) },
            { head: t("becomes"), cell: ({ to }) => to },
          ]}
        />
      );
    case "matched":
      return (
        <Table
          {...{ label, empty }}
          rows={preview.matched}
          rowKey={(row) => row.account}
          columns={[
            { head: t("survey_id"), cell: ({ surveyId }) => survey(surveyId) },
            { head: t("account"), cell: (row) => account(row.account) },
            { head: t("by"), cell: ({ by }) => said("grid-plan", "by", by) },
            { head: t("metres"), cell: ({ metres }) => metres ?? "–", isNumber: true },
          ]}
        />
      );
    case "connections":
      return (
        <Table
          {...{ label, empty }}
          rows={preview.connections}
          rowKey={({ surveyId, customerCode, reason }) => `${surveyId} ${customerCode} ${reason}`}
          columns={[
            { head: t("survey_id"), cell: ({ surveyId }) => survey(surveyId) },
            { head: t("customer_code"), cell: ({ customerCode }) => (customerCode === "" ? "–" : customerCode) },
            { head: t("why"), cell: ({ reason }) => said("grid-plan", "because", reason) },
          ]}
        />
      );
    case "accounts":
      return (
        <Table
          {...{ label, empty }}
          rows={preview.accounts}
          rowKey={(row) => row.account}
          columns={[
            { head: t("account"), cell: (row) => account(row.account) },
            { head: t("why"), cell: ({ reason }) => said("grid-plan", "because", reason) },
          ]}
        />
      );
    case "places":
      return (
        <Table
          {...{ label, empty }}
          rows={preview.places}
          rowKey={({ surveyId, field }) => `${surveyId} ${field}`}
          columns={[
            { head: t("survey_id"), cell: ({ surveyId }) => survey(surveyId) },
            { head: t("field"), cell: ({ field }) => field },
            { head: t("stands"), cell: ({ value }) => String(value ?? "–") },
            { head: t("why"), cell: ({ expected }) => expected },
          ]}
        />
      );
  }
}
