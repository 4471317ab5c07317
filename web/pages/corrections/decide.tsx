import type { InferResponseType } from "hono/client";
import { api, ask } from "../../api.ts";
import type { Tone } from "../../parts/badge.tsx";
import { Button } from "../../parts/button.tsx";
import { confirmWithReason } from "../../parts/dialog.tsx";
import { toast } from "../../parts/toast.tsx";
import { troubleWords } from "../../parts/trouble.tsx";
import { cash, energy } from "../../say.ts";
import { may, me } from "../../session.ts";
import { wordsOf } from "../../words.ts";
import { isSecond } from "./model.ts";
import type en from "./words/en.ts";

const t = wordsOf<typeof en>("corrections");

export type Correction = InferResponseType<ReturnType<typeof api>["corrections"]["$get"], 200>["corrections"][number];
export const TONES: Record<Correction["state"], Tone> = {
  waiting: "warn",
  approved: "warn",
  posted: "good",
  refused: "bad",
};

/** As it was typed: money or energy, with its sign. */
export const amountOf = ({ amountMinor, energyWh }: Pick<Correction, "amountMinor" | "energyWh">) =>
  `${(amountMinor ?? energyWh ?? 0) > 0 ? "+" : ""}${amountMinor === null ? energy(energyWh) : cash(amountMinor)}`;

/** The second person's word. Whoever ordered it may take it back, not approve it. */
export function Decide({ row, onDone }: { row: Correction; onDone(): void }) {
  if (row.state !== "waiting" || !may("money.write")) return null;
  const decide = async (approve: boolean) => {
    const reason = await confirmWithReason({
      title: t(approve ? "approve_ask" : "refuse_ask", { account: row.account, amount: amountOf(row) }),
      body: <p>{`${row.document}: ${row.reason}`}</p>,
      yes: t(approve ? "approve" : "refuse"),
      tone: approve ? "primary" : "danger",
    });
    if (reason === null) return;
    const asked = { param: { id: row.id }, json: { reason } };
    const each = api().corrections[":id"];
    const answer = await ask(approve ? each.approve.$post(asked) : each.refuse.$post(asked));
    toast(answer.ok ? t(approve ? "approved" : "refused") : troubleWords(answer.trouble), {
      tone: answer.ok ? "good" : "bad",
    });
    onDone();
  };
  return (
    <span class="row">
      {isSecond(row.orderedBy, me.value) ? (
        <Button kind="primary" onClick={() => decide(true)}>
          {t("approve")}
        </Button>
      ) : (
        <small class="quiet">{t("second_needed")}</small>
      )}
      <Button onClick={() => decide(false)}>{t("refuse")}</Button>
    </span>
  );
}
