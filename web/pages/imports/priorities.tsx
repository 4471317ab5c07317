import { useState } from "preact/hooks";
import { api, ask, type Trouble } from "../../api.ts";
import { Badge } from "../../parts/badge.tsx";
import { Button } from "../../parts/button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { Field } from "../../parts/field.tsx";
import { Panel } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import { toast } from "../../parts/toast.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { when } from "../../say.ts";
import { may } from "../../session.ts";
import { t as shared } from "../../shell/words.ts";
import { useAsk } from "../../use-ask.ts";
import { type Priorities, raised } from "./model.ts";
import { t } from "./words.ts";

type Row = Priorities["priorities"][number];
type Source = Priorities["standard"][number];

/** Which source is believed where several tell of one hour, by scope. */
export function WhomToBelieve() {
  const { value, trouble, again } = useAsk(() => ask(api().imports.priorities.$get()), []);
  const [edited, setEdited] = useState<{ scope: string; sources: string[] } | null>(null);
  const mine = may("meters.write");
  if (value === null) return trouble === null ? null : <TroubleBox trouble={trouble} again={again} />;
  return (
    <Panel
      title={t("priorities")}
      foot={t("priorities_hint")}
      actions={
        mine && <Button onClick={() => setEdited({ scope: "", sources: [...value.standard] })}>{t("add")}</Button>
      }
    >
      <p>
        <Badge>{t("standard")}</Badge> {value.standard.join(" → ")}
      </p>
      <Table<Row>
        label={t("priorities")}
        rows={value.priorities}
        rowKey={({ scope }) => scope}
        empty={null}
        columns={[
          { head: t("scope"), cell: ({ scope }) => (scope === "country" ? t("scope_country") : scope) },
          { head: t("order"), cell: ({ sources }) => sources.join(" → ") },
          { head: t("changed"), cell: ({ updatedAt }) => when(updatedAt) },
          ...(mine
            ? [
                {
                  head: t("edit"),
                  cell: (row: Row) => <Button onClick={() => setEdited(row)}>{t("edit")}</Button>,
                },
              ]
            : []),
        ]}
      />
      {edited !== null && (
        <Edit
          {...edited}
          standard={value.standard}
          onClose={() => {
            setEdited(null);
            again();
          }}
        />
      )}
    </Panel>
  );
}

type EditProps = { scope: string; sources: string[]; standard: readonly Source[]; onClose(): void };

function Edit({ scope: first, sources, standard, onClose }: EditProps) {
  const [scope, setScope] = useState(first);
  const [list, setList] = useState(standard.filter((each) => sources.includes(each)).toSorted(byOrder(sources)));
  const [reason, setReason] = useState("");
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [isBusy, setBusy] = useState(false);
  const save = async () => {
    setBusy(true);
    const typed = scope.trim();
    const param = { scope: typed === "country" ? typed : typed.toUpperCase() };
    const answer = await ask(api().imports.priorities[":scope"].$put({ param, json: { sources: list, reason } }));
    setBusy(false);
    if (!answer.ok) return setTrouble(answer.trouble);
    toast(t("saved"));
    onClose();
  };
  return (
    <Dialog title={t("priorities")} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <Field
          label={t("scope_field")}
          hint={t("scope_hint")}
          value={scope}
          onInput={setScope}
          disabled={first !== ""}
          error={trouble?.fields.scope}
          maxLength={10}
          required
        />
        <ol>
          {list.map((source, place) => (
            <li key={source}>
              <span class="row">
                {source}
                <span class="gap" />
                <Button
                  disabled={place === 0}
                  title={t("up", { source })}
                  onClick={() => setList(raised(list, source))}
                >
                  <span aria-hidden="true">↑</span>
                  <span class="hidden">{t("up", { source })}</span>
                </Button>
                <Button
                  disabled={list.length === 1}
                  title={t("drop", { source })}
                  onClick={() => setList(list.filter((each) => each !== source))}
                >
                  <span aria-hidden="true">×</span>
                  <span class="hidden">{t("drop", { source })}</span>
                </Button>
              </span>
            </li>
          ))}
        </ol>
        {list.length < standard.length && (
          <p class="row">
            {t("left_out")}:
            {standard
              .filter((source) => !list.includes(source))
              .map((source) => (
                <Button key={source} title={t("take", { source })} onClick={() => setList([...list, source])}>
                  + {source}
                </Button>
              ))}
          </p>
        )}
        <Field
          label={shared("reason")}
          hint={shared("reason_hint")}
          value={reason}
          onInput={setReason}
          error={trouble?.fields.reason}
          maxLength={500}
          required
        />
        {trouble !== null && <TroubleBox trouble={{ ...trouble, fields: {} }} />}
        <div class="row end">
          <Button onClick={onClose}>{shared("cancel")}</Button>
          <Button type="submit" kind="primary" busy={isBusy}>
            {t("save")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

const byOrder = (sources: readonly string[]) => (one: string, other: string) =>
  sources.indexOf(one) - sources.indexOf(other);
