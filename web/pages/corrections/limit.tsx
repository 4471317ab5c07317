import { useState } from "preact/hooks";
import { parseAmountMinor } from "../../../src/domain/money.ts";
import { api, ask } from "../../api.ts";
import { facts } from "../../country.ts";
import { Button } from "../../parts/button.tsx";
import { confirmWithReason } from "../../parts/dialog.tsx";
import { Field } from "../../parts/field.tsx";
import { toast } from "../../parts/toast.tsx";
import { troubleWords } from "../../parts/trouble.tsx";
import { cash } from "../../say.ts";
import { may } from "../../session.ts";
import { wordsOf } from "../../words.ts";
import type en from "./words/en.ts";

const t = wordsOf<typeof en>("corrections");

/** How much one person may correct alone in a day, and setting it anew. */
export function Limit({ limitMinor }: { limitMinor: number | null }) {
  const [typed, setTyped] = useState("");
  const [set, setSet] = useState<number | null>(null);
  const wanted = parseAmountMinor(typed, facts.value?.minorDigits ?? 2);
  return (
    <div class="row">
      <p class="quiet">{t("limit", { money: cash(set ?? limitMinor) })}</p>
      {may("corrections.limit") && (
        <details class="limit">
          <summary>{t("limit_change")}</summary>
          <form
            class="row"
            onSubmit={async (event) => {
              event.preventDefault();
              if (wanted === null) return;
              const reason = await confirmWithReason({ title: t("limit_ask", { money: cash(wanted) }) });
              if (reason === null) return;
              const answer = await ask(api().corrections.limit.$put({ json: { limitMinor: wanted, reason } }));
              toast(answer.ok ? t("limit_set") : troubleWords(answer.trouble), { tone: answer.ok ? "good" : "bad" });
              if (answer.ok) setSet(answer.value.limitMinor);
            }}
          >
            <Field label={t("limit_new")} inputMode="decimal" value={typed} onInput={setTyped} />
            <Button type="submit" disabled={wanted === null}>
              {t("limit_save")}
            </Button>
          </form>
        </details>
      )}
    </div>
  );
}
