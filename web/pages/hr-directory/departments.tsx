import { useState } from "preact/hooks";
import { api, ask, type Trouble } from "../../api.ts";
import { Badge } from "../../parts/badge.tsx";
import { Button } from "../../parts/button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Panel } from "../../parts/page.tsx";
import { Reason, SendForm } from "../../parts/send-form.tsx";
import { Table } from "../../parts/table.tsx";
import { Ticks } from "../../parts/ticks.tsx";
import { toast } from "../../parts/toast.tsx";
import { TroubleBox, troubleWords } from "../../parts/trouble.tsx";
import { t as common } from "../../shell/words.ts";
import { useAsk } from "../../use-ask.ts";
import { said } from "../../words.ts";
import { BROUGHT, type Brought, type Department, departmentsOf, type Plan } from "./model.ts";
import { t } from "./words.ts";

type Row = Department & { isNew: boolean };
const put = (department: string, roles: readonly string[], reason: string) =>
  ask(api().hr.departments.$put({ json: { department, roles: roles as Brought[], reason } }));

type Props = { plan: Plan | null; isPlanBusy: boolean; onChanged(): void };

/** Which roles a department brings to whoever moves there; what has no word yet stands first. */
export function Departments({ plan, isPlanBusy, onChanged }: Props) {
  const { value, trouble, isBusy, again } = useAsk(() => ask(api().hr.departments.$get()), []);
  const [edited, setEdited] = useState<Row | null>(null);
  const changed = () => {
    again();
    onChanged();
  };
  const save = async ({ department, roles: was, isNew }: Row, roles: Brought[], reason: string) => {
    const answer = await put(department, roles, reason);
    if (!answer.ok) return answer.trouble;
    const undo = async () => {
      const back = await put(department, was, `${t("taken_back")}: ${reason}`.slice(0, 500));
      toast(back.ok ? t("taken_back") : troubleWords(back.trouble), { tone: back.ok ? "good" : "bad" });
      changed();
    };
    // What was never said cannot be said to be unsaid: no roles is a word, too.
    toast(t("saved", { department }), isNew ? {} : { undo: () => void undo() });
    setEdited(null);
    changed();
    return null;
  };
  return (
    <Panel title={t("departments")}>
      <p class="quiet">{t("departments_lead")}</p>
      {trouble !== null && <TroubleBox trouble={trouble} again={again} />}
      <Table
        label={t("departments")}
        rows={departmentsOf(value?.departments ?? [], plan)}
        rowKey={({ department }) => department}
        isBusy={isBusy || isPlanBusy}
        tone={({ isNew }) => (isNew ? "warn" : undefined)}
        empty={<Empty title={t("no_departments")} hint={t("no_departments_hint")} />}
        columns={[
          { head: t("department"), cell: ({ department }) => <b>{department}</b> },
          {
            head: t("brings"),
            cell: ({ roles, isNew }) =>
              isNew ? (
                <Badge tone="warn">{t("not_said")}</Badge>
              ) : (
                roles.map((role) => said("hr-directory", "role", role)).join(", ") || t("no_role")
              ),
          },
          { head: t("act"), cell: (row) => <Button onClick={() => setEdited(row)}>{t("say")}</Button> },
        ]}
      />
      {edited !== null && (
        <Dialog title={edited.department} onClose={() => setEdited(null)}>
          <Brings row={edited} onSave={(roles, reason) => save(edited, roles, reason)} />
        </Dialog>
      )}
    </Panel>
  );
}

type BringsProps = { row: Row; onSave(roles: Brought[], reason: string): Promise<Trouble | null> };

function Brings({ row, onSave }: BringsProps) {
  const [roles, setRoles] = useState(row.roles as Brought[]);
  const [reason, setReason] = useState("");
  return (
    <SendForm yes={common("save")} onSend={() => onSave(roles, reason)}>
      {(trouble) => (
        <>
          <Ticks
            label={t("brings")}
            options={BROUGHT.map((value) => ({ value, label: said("hr-directory", "role", value) }))}
            value={roles}
            onInput={setRoles}
            error={trouble?.fields.roles}
          />
          <p class="quiet">{t("never_superadmin")}</p>
          <Reason value={reason} onInput={setReason} trouble={trouble} />
        </>
      )}
    </SendForm>
  );
}
