import { useId, useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { siteLimit } from "../../../src/domain/permission.ts";
import { api, apiUrl, ask, type Trouble } from "../../api.ts";
import { at } from "../../country.ts";
import { AsOf } from "../../parts/as-of.tsx";
import { Badge } from "../../parts/badge.tsx";
import { Button } from "../../parts/button.tsx";
import { siteChoices } from "../../parts/choices.ts";
import { Empty } from "../../parts/empty.tsx";
import { Select } from "../../parts/field.tsx";
import { Page, Panel } from "../../parts/page.tsx";
import { Progress } from "../../parts/progress.tsx";
import { Table } from "../../parts/table.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { count, since } from "../../say.ts";
import { me } from "../../session.ts";
import { t as shell } from "../../shell/words.ts";
import { usePages } from "../../use-ask.ts";
import { said } from "../../words.ts";
import type { Batch } from "./model.ts";
import { ROOM, t } from "./words.ts";

/** Where a file begins, and those that came before. */
export const Files = () => (
  <Page title={t("title")} lead={t("lead")}>
    <Upload />
    <Batches />
  </Page>
);

/** A village's file over a slow line takes its time. */
const UPLOAD_MS_MAX = 180_000;

function Upload() {
  const { route } = useLocation();
  const id = useId();
  const person = me.value;
  const own = person == null ? null : siteLimit(person.roles, person.site, "customers.register");
  const [site, setSite] = useState(own ?? "");
  const [file, setFile] = useState<File | null>(null);
  const [isMissing, setMissing] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const send = async () => {
    setMissing(file === null);
    if (file === null) return;
    setBusy(true);
    setTrouble(null);
    const query = { name: file.name, ...(site === "" ? {} : { site }) };
    const answer = await ask(
      api().registrations.$post(
        { query },
        {
          headers: { "Idempotency-Key": crypto.randomUUID() },
          init: { body: file, signal: AbortSignal.timeout(UPLOAD_MS_MAX) },
        },
      ),
    );
    setBusy(false);
    if (!answer.ok) return setTrouble(answer.trouble);
    route(at(`/registrations/${answer.value.batch.batchId}`));
  };
  const wrong = isMissing ? t("file_missing") : trouble?.fields.file;
  return (
    <Panel title={t("upload")}>
      <p>
        {t("template")}{" "}
        <a href={apiUrl("/registrations/template.xlsx")} download>
          {t("template_xlsx")}
        </a>{" "}
        ·{" "}
        <a href={apiUrl("/registrations/template.csv")} download>
          {t("template_csv")}
        </a>
      </p>
      <form
        class="filters"
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <div class={`field ${wrong === undefined ? "" : "wrong"}`}>
          <label for={id}>{t("file")}</label>
          <input
            id={id}
            type="file"
            accept=".xlsx,.csv,.txt,.tsv"
            aria-describedby={`${id}-says`}
            aria-invalid={wrong !== undefined}
            onChange={(event) => {
              setFile(event.currentTarget.files?.[0] ?? null);
              setMissing(false);
              setTrouble(null);
            }}
          />
          <small id={`${id}-says`} class={wrong === undefined ? "quiet" : "bad"}>
            {wrong === undefined ? t("file_hint") : shell("expected", { expected: wrong })}
          </small>
        </div>
        <Select
          label={t("site")}
          value={site}
          onInput={setSite}
          disabled={own !== null}
          error={trouble?.fields.site}
          options={own === null ? siteChoices(t("site_each")) : [{ value: own, label: own }]}
        />
        <Button type="submit" kind="primary" busy={isBusy}>
          {t("look")}
        </Button>
      </form>
      {isBusy && <Progress label={t("looking")} done={0} of={null} />}
      {trouble !== null && trouble.fields.file === undefined && trouble.fields.site === undefined && (
        <TroubleBox trouble={trouble} />
      )}
    </Panel>
  );
}

function Batches() {
  const { rows, trouble, isBusy, heardAt, more, again } = usePages<Batch>(async (cursor) => {
    const answer = await ask(api().registrations.$get({ query: cursor === null ? {} : { cursor } }));
    if (!answer.ok) return answer;
    const { batches, next } = answer.value;
    return { ok: true, value: { rows: batches, next: next === null ? null : String(next) } };
  }, []);
  return (
    <Panel title={t("batches")} foot={<AsOf at={heardAt} source={t("source")} />}>
      {trouble !== null && <TroubleBox trouble={trouble} again={again} />}
      <Table
        label={t("batches")}
        rows={rows}
        rowKey={(row) => String(row.batchId)}
        href={(row) => at(`/registrations/${row.batchId}`)}
        more={more}
        isBusy={isBusy}
        empty={<Empty title={t("none")} hint={t("none_hint")} />}
        columns={[
          { head: t("batch"), cell: (row) => fileOf(row) },
          { head: t("state"), cell: (row) => <State batch={row} /> },
          { head: t("rows"), isNumber: true, cell: (row) => count(row.rows.all) },
          { head: t("faulty"), isNumber: true, cell: (row) => count(row.rows.faulty) },
          { head: t("registered"), isNumber: true, cell: (row) => count(row.rows.registered) },
          { head: t("by"), cell: (row) => row.createdBy },
          { head: t("when"), cell: (row) => since(row.createdAt) },
        ]}
      />
    </Panel>
  );
}

export const fileOf = ({ fileName, site }: Batch) =>
  t("file_of", { name: fileName ?? t("no_name"), site: site ?? t("any_site") });

const TONES = {
  reading: "warn",
  checked: "warn",
  committing: "warn",
  committed: "good",
  undoing: "warn",
  undone: "quiet",
} as const;
export const State = ({ batch: { state } }: { batch: Batch }) => (
  <Badge tone={TONES[state]}>{said(ROOM, "state", state)}</Badge>
);
