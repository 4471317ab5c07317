import { type Answer, api, ask } from "../../api.ts";
import { confirmWithReason } from "../../parts/dialog.tsx";
import { t } from "./words.ts";

/** The operator's reversal is settled: the money may be given to somebody again. Null: not confirmed. */
export async function askAndUnblock(receipt: string): Promise<Answer<unknown> | null> {
  const reason = await confirmWithReason({
    title: t("unblock_ask", { receipt }),
    body: <p>{t("unblock_body")}</p>,
    yes: t("unblock"),
    tone: "danger",
  });
  return reason === null
    ? null
    : ask(api().receipts[":receipt"].unblock.$post({ param: { receipt }, json: { reason } }));
}
