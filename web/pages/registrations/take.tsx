import { useState } from "preact/hooks";
import { api, ask, type Trouble } from "../../api.ts";
import { Button } from "../../parts/button.tsx";
import { Tick } from "../../parts/field.tsx";
import { Panel } from "../../parts/page.tsx";
import { toast } from "../../parts/toast.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { count } from "../../say.ts";
import { type Batch, choicesOf } from "./model.ts";
import { t } from "./words.ts";

/** All rows or none, or the good ones; likely twins as somebody says. */
export function Take({ batch, onDone }: { batch: Batch; onDone(): void }) {
  const [takesTwins, setTakesTwins] = useState(false);
  const [busy, setBusy] = useState<"all" | "good" | null>(null);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const { taken, left, canAll } = choicesOf(batch, takesTwins);
  const commit = async (mode: "all" | "good") => {
    setBusy(mode);
    const answer = await ask(
      api().registrations[":id{[0-9]+}"].commit.$post({
        param: { id: String(batch.batchId) },
        json: { mode, twins: takesTwins ? "take" : "refuse" },
      }),
    );
    setBusy(null);
    if (!answer.ok) return setTrouble(answer.trouble);
    toast(t("started"));
    onDone();
  };
  return (
    <Panel title={t("take")}>
      {batch.rows.twins > 0 && <Tick label={t("twins_take")} value={takesTwins} onInput={setTakesTwins} />}
      {taken === 0 ? (
        <p class="quiet">{t("take_none")}</p>
      ) : (
        <div class="row">
          {canAll ? (
            <Button kind="primary" busy={busy === "all"} onClick={() => commit("all")}>
              {t("take_all", { n: count(taken) })}
            </Button>
          ) : (
            <>
              <Button kind="primary" busy={busy === "good"} onClick={() => commit("good")}>
                {t("take_good", { n: count(taken), left: count(left) })}
              </Button>
              <small class="quiet">{t("all_impossible")}</small>
            </>
          )}
        </div>
      )}
      {trouble !== null && <TroubleBox trouble={trouble} />}
    </Panel>
  );
}
