import { api, ask } from "../../api.ts";
import { toast } from "../../parts/toast.tsx";
import { troubleWords } from "../../parts/trouble.tsx";
import { t } from "./words.ts";

/** Takes a run back: what somebody has changed over there since stays, and is counted. */
export async function undo(actId: number, reason: string): Promise<void> {
  const one = api()["grid-plan"].runs[":id{[0-9]{1,15}}"];
  const answer = await ask(one.undo.$post({ param: { id: String(actId) }, json: { reason } }));
  if (!answer.ok) toast(troubleWords(answer.trouble), { tone: "bad" });
  else toast(t("undone", { n: answer.value.changes.length, stays: answer.value.stays }));
}
