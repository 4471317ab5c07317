import { useEffect } from "preact/hooks";
import { api, ask } from "../../api.ts";
import { at } from "../../country.ts";
import { AsOf } from "../../parts/as-of.tsx";
import { Button } from "../../parts/button.tsx";
import { confirmWithReason } from "../../parts/dialog.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Page, Panel } from "../../parts/page.tsx";
import { Progress } from "../../parts/progress.tsx";
import { Tile, Tiles } from "../../parts/tile.tsx";
import { toast } from "../../parts/toast.tsx";
import { TroubleBox, troubleWords } from "../../parts/trouble.tsx";
import { count } from "../../say.ts";
import { t as shell } from "../../shell/words.ts";
import { useAsk } from "../../use-ask.ts";
import { fileOf, State } from "./files.tsx";
import { type Batch, isMoving, progressOf, unreadOf } from "./model.ts";
import { Rows } from "./rows.tsx";
import { Take } from "./take.tsx";
import { t } from "./words.ts";

const AGAIN_MS = 1_500;

/** One file: how far it came, what was found in each row, and what may be done with it. */
export function BatchPage({ id }: { id: string }) {
  const { value, trouble, heardAt, isBusy, again } = useAsk(
    () => ask(api().registrations[":id{[0-9]+}"].$get({ param: { id } })),
    [id],
  );
  const batch = value?.batch;
  // work goes on without this page; it looks again until it is done, also after an answer that failed
  useEffect(() => {
    if (batch === undefined || !isMoving(batch) || isBusy) return;
    const timer = setTimeout(again, AGAIN_MS);
    return () => clearTimeout(timer);
  }, [batch, isBusy, trouble]);
  if (trouble?.status === 404)
    return <Empty title={t("unknown")} action={<a href={at("/registrations")}>{t("to_list")}</a>} />;
  if (batch === undefined)
    return trouble === null ? <p class="quiet">{shell("loading")}</p> : <TroubleBox trouble={trouble} again={again} />;
  const progress = progressOf(batch);
  const unread = unreadOf(batch);
  return (
    <Page
      title={fileOf(batch)}
      lead={
        <>
          <State batch={batch} /> <AsOf at={heardAt} source={t("source")} />
        </>
      }
      actions={<a href={at("/registrations")}>{t("to_list")}</a>}
    >
      {trouble !== null && <TroubleBox trouble={trouble} again={again} />}
      <Counts batch={batch} />
      {progress !== null && (
        <Panel>
          <Progress label={t(`progress_${batch.state as "reading" | "committing" | "undoing"}`)} {...progress} />
        </Panel>
      )}
      {batch.because !== null && <p class="notice">{t("because", { because: batch.because })}</p>}
      {unread.length > 0 && <p class="notice">{t("unread", { columns: unread.join(", ") })}</p>}
      {batch.state === "checked" && <Take batch={batch} onDone={again} />}
      {batch.undoneAt !== null && batch.undoReason !== null && (
        <p class="quiet">{t("undone_because", { by: batch.undoneBy ?? "–", reason: batch.undoReason })}</p>
      )}
      {(batch.state === "committed" || (batch.state === "undone" && batch.rows.kept > 0)) && (
        <div class="row">
          <Button kind="danger" onClick={() => undo(batch, again)}>
            {t(batch.state === "undone" ? "undo_again" : "undo")}
          </Button>
        </div>
      )}
      <Rows batch={batch} />
    </Page>
  );
}

function Counts({ batch: { rows, state } }: { batch: Batch }) {
  const isTaken = state !== "checked" && state !== "reading";
  return (
    <Tiles label={t("rows")}>
      <Tile label={t("rows")} value={count(rows.all)} />
      <Tile label={t("good")} value={count(rows.good)} tone="good" />
      <Tile label={t("twins")} value={count(rows.twins)} tone={rows.twins > 0 ? "warn" : "quiet"} />
      <Tile label={t("faulty")} value={count(rows.faulty)} tone={rows.faulty > 0 ? "bad" : "quiet"} />
      {isTaken && <Tile label={t("registered")} value={count(rows.registered)} />}
      {isTaken && <Tile label={t("told")} value={count(rows.told)} />}
      {(state === "undoing" || state === "undone") && <Tile label={t("undone")} value={count(rows.undone)} />}
      {rows.kept > 0 && <Tile label={t("kept")} value={count(rows.kept)} tone="warn" />}
    </Tiles>
  );
}

async function undo({ batchId }: Batch, onDone: () => void) {
  const reason = await confirmWithReason({
    title: t("undo_ask"),
    body: <p>{t("undo_body")}</p>,
    yes: t("undo"),
    tone: "danger",
  });
  if (reason === null) return;
  const answer = await ask(
    api().registrations[":id{[0-9]+}"].undo.$post({ param: { id: String(batchId) }, json: { reason } }),
  );
  toast(answer.ok ? t("started") : troubleWords(answer.trouble), { tone: answer.ok ? "good" : "bad" });
  onDone();
}
