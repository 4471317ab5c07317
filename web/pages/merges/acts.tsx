import { api, ask, type Trouble } from "../../api.ts";
import { confirmWithReason } from "../../parts/dialog.tsx";
import { toast } from "../../parts/toast.tsx";
import { troubleWords } from "../../parts/trouble.tsx";
import type { Card } from "./model.ts";
import { t } from "./words.ts";

type Pair = { one: Card; other: Card };
const merges = () => api().customers.merges;
const byId = (mergeId: number) => ({ id: String(mergeId) });
const failed = (trouble: Trouble) => toast(troubleWords(trouble), { tone: "bad" });

/** The pair's proposal, made if there is none yet: twice is the same one. */
async function proposalOf({ one, other }: Pair, reason: string): Promise<number | null> {
  const answer = await ask(merges().$post({ json: { one: one.customerId, other: other.customerId, reason } }));
  if (answer.ok) return answer.value.merge.mergeId;
  failed(answer.trouble);
  return null;
}

/** They are one, who is `keep`; for eight seconds it is taken back with a press, later from the list. */
export async function merge(pair: Pair, keep: Card, onDone: () => void) {
  const { name, customerId: id } = keep;
  const reason = await confirmWithReason({
    title: t("keep_ask", { name, id }),
    body: <p>{t("keep_body")}</p>,
    yes: t("merge"),
    tone: "danger",
  });
  const mergeId = reason === null ? null : await proposalOf(pair, reason);
  if (reason === null || mergeId === null) return;
  const answer = await ask(merges()[":id{[0-9]+}"].accept.$post({ param: byId(mergeId), json: { keep: id, reason } }));
  if (!answer.ok) return failed(answer.trouble);
  toast(t("merged", { name }), { undo: () => void split(mergeId, reason, onDone) });
  onDone();
}

/** They are two people, and nobody is asked again. */
export async function dismiss(pair: Pair, onDone: () => void) {
  const reason = await confirmWithReason({ title: t("two_ask"), body: <p>{t("two_body")}</p>, yes: t("two") });
  const mergeId = reason === null ? null : await proposalOf(pair, reason);
  if (reason === null || mergeId === null) return;
  const answer = await ask(merges()[":id{[0-9]+}"].dismiss.$post({ param: byId(mergeId), json: { reason } }));
  if (!answer.ok) return failed(answer.trouble);
  toast(t("dismissed"));
  onDone();
}

/** Somebody else decides. */
export async function propose(pair: Pair, onDone: () => void) {
  const reason = await confirmWithReason({
    title: t("propose_ask"),
    body: <p>{t("propose_body")}</p>,
    yes: t("propose"),
  });
  if (reason === null || (await proposalOf(pair, reason)) === null) return;
  toast(t("proposed"));
  onDone();
}

/** Back again, asked first. */
export async function askSplit(mergeId: number, onDone: () => void) {
  const reason = await confirmWithReason({
    title: t("split_ask"),
    body: <p>{t("split_body")}</p>,
    yes: t("split_do"),
    tone: "danger",
  });
  if (reason !== null) await split(mergeId, reason, onDone);
}

async function split(mergeId: number, reason: string, onDone: () => void) {
  const answer = await ask(merges()[":id{[0-9]+}"].undo.$post({ param: byId(mergeId), json: { reason } }));
  if (!answer.ok) return failed(answer.trouble);
  toast(t("split"));
  onDone();
}
