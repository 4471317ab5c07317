import { useState } from "preact/hooks";
import { api, ask } from "../../api.ts";
import { Badge } from "../../parts/badge.tsx";
import { Button } from "../../parts/button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Panel } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import { toast } from "../../parts/toast.tsx";
import { TroubleBox, troubleWords } from "../../parts/trouble.tsx";
import type { useAsk } from "../../use-ask.ts";
import { BLANK_PROGRAMME, type Programme, type ProgrammeForm } from "./model.ts";
import { ProgrammeEdit } from "./programme-edit.tsx";
import { t } from "./words.ts";

type Asked = ReturnType<typeof useAsk<{ programmes: Programme[] }>>;

const put = ({ code, ...json }: ProgrammeForm) => ask(api().programmes[":code"].$put({ param: { code }, json }));

/** Funders' programmes: which sites a funder's platform reads. A change is taken back as long as the notice stands. */
export function Programmes({ asked: { value, trouble, isBusy, again } }: { asked: Asked }) {
  const [edited, setEdited] = useState<{ from: Programme | null } | null>(null);
  const save = async (from: Programme | null, form: ProgrammeForm) => {
    const answer = await put(form);
    if (!answer.ok) return answer.trouble;
    const undo = async () => {
      if (from === null) return;
      const back = await put({ ...from, reason: `${t("taken_back")}: ${form.reason}`.slice(0, 500) });
      toast(back.ok ? t("taken_back") : troubleWords(back.trouble), { tone: back.ok ? "good" : "bad" });
      again();
    };
    toast(t("programme_saved", { code: form.code }), from === null ? {} : { undo: () => void undo() });
    setEdited(null);
    again();
    return null;
  };
  return (
    <Panel title={t("programmes")} actions={<Button onClick={() => setEdited({ from: null })}>{t("add")}</Button>}>
      <p class="quiet">{t("programmes_lead")}</p>
      {trouble !== null && <TroubleBox trouble={trouble} again={again} />}
      <Table
        label={t("programmes")}
        rows={value?.programmes ?? []}
        rowKey={({ code }) => code}
        isBusy={isBusy}
        tone={({ active }) => (active ? undefined : "quiet")}
        empty={<Empty title={t("no_programmes")} hint={t("no_programmes_hint")} />}
        columns={[
          { head: t("code"), cell: (row) => <b class="unbroken">{row.code}</b> },
          { head: t("name"), cell: (row) => row.name },
          { head: t("funder"), cell: (row) => row.funder },
          { head: t("sites"), cell: (row) => row.sites.join(", ") },
          {
            head: t("state"),
            cell: ({ active }) => <Badge tone={active ? "good" : "quiet"}>{t(active ? "is_read" : "has_ended")}</Badge>,
          },
          { head: t("act"), cell: (row) => <Button onClick={() => setEdited({ from: row })}>{t("change")}</Button> },
        ]}
      />
      {edited !== null && (
        <Dialog title={edited.from?.code ?? t("add")} onClose={() => setEdited(null)}>
          <ProgrammeEdit
            first={edited.from === null ? BLANK_PROGRAMME : { ...edited.from, reason: "" }}
            isNew={edited.from === null}
            onSave={(form) => save(edited.from, form)}
          />
        </Dialog>
      )}
    </Panel>
  );
}
