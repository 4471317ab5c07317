import { api, ask } from "../../api.ts";
import { AsOf } from "../../parts/as-of.tsx";
import { Button } from "../../parts/button.tsx";
import { confirmWithReason } from "../../parts/dialog.tsx";
import { Select } from "../../parts/field.tsx";
import { Panel } from "../../parts/page.tsx";
import { Tabs } from "../../parts/tabs.tsx";
import { Tile, Tiles } from "../../parts/tile.tsx";
import { toast } from "../../parts/toast.tsx";
import { TroubleBox, troubleWords } from "../../parts/trouble.tsx";
import { count } from "../../say.ts";
import { useAddress } from "../../use-address.ts";
import { useAsk } from "../../use-ask.ts";
import { Lists } from "./lists.tsx";
import { nameOf, type Preview, type SiteRow, shownAs, VIEWS, type View } from "./model.ts";
import { undo } from "./undo.ts";
import { t } from "./words.ts";

type Props = { row: SiteRow; project: string; onProject(name: string): void; onDone(): void };

/** A site in the tool, before anything is written: whose each connection is, why the others are nobody's, what a run would write. */
export function Site({ row, project, onProject, onDone }: Props) {
  const [view, setView] = useAddress("view", "changes");
  const param = { site: row.site.code };
  const named = project === "" ? {} : { project };
  const one = () => api()["grid-plan"][":site{[A-Z]{3}}"];
  const { value, fresh, trouble, isBusy, heardAt, again } = useAsk(
    () => ask(one().$get({ param, query: named })),
    [row.site.code, project],
  );
  const run = async (preview: Preview) => {
    const reason = await confirmWithReason({
      title: t("run_ask", { n: preview.changes.length, project: shownAs(preview.project) }),
      body: <p>{t("run_body")}</p>,
      yes: t("run"),
    });
    if (reason === null) return;
    const answer = await ask(one().run.$post({ param, json: { ...named, reason } }));
    if (!answer.ok) toast(troubleWords(answer.trouble), { tone: "bad" });
    else {
      const { actId, written } = answer.value;
      const lost = written.notFound.length === 0 ? "" : t("not_found", { ids: written.notFound.join(", ") });
      toast(`${t("written", { n: written.updated })} ${lost}`.trim(), {
        tone: lost === "" ? "good" : "bad",
        ...(actId === null
          ? {}
          : { undo: () => void undo(actId, `${t("taken_back")}: ${reason}`.slice(0, 500)).then(reload) }),
      });
    }
    reload();
  };
  const reload = () => {
    again();
    onDone();
  };
  return (
    <Panel
      title={t("of_site", { site: `${row.site.code} ${row.site.name}` })}
      actions={
        fresh !== null && (
          <Button kind="primary" disabled={fresh.changes.length === 0} busy={isBusy} onClick={() => run(fresh)}>
            {t("run_n", { n: count(fresh.changes.length) })}
          </Button>
        )
      }
      foot={<AsOf at={heardAt} source={t("tool")} />}
    >
      {row.candidates.length > 1 && (
        <Select
          label={t("project")}
          hint={t("project_hint")}
          value={project}
          onInput={onProject}
          options={row.candidates.map((each) => ({ value: nameOf(each), label: shownAs(each) }))}
        />
      )}
      {trouble !== null && <TroubleBox trouble={trouble} again={again} />}
      {value !== null && (
        <>
          <Tiles label={t("counts")}>
            {VIEWS.map((each) => (
              <Tile key={each} label={t(`view_${each}`)} value={count(value[each].length)} tone={toneOf(each, value)} />
            ))}
          </Tiles>
          <Tabs
            label={t("counts")}
            tabs={VIEWS.map((key) => ({ key, label: t(`view_${key}`) }))}
            chosen={view}
            onChoose={setView}
          />
          {VIEWS.includes(view as View) && <Lists view={view as View} preview={value} />}
        </>
      )}
    </Panel>
  );
}

const toneOf = (view: View, preview: Preview) =>
  preview[view].length === 0 ? undefined : view === "matched" ? "good" : view === "changes" ? undefined : "warn";
