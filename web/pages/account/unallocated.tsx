import { energyForMoney } from "../../../src/domain/energy.ts";
import type { Unallocated } from "../../../src/domain/fees/unallocated.ts";
import { api, ask } from "../../api.ts";
import { at, facts } from "../../country.ts";
import { Button } from "../../parts/button.tsx";
import { confirmWithReason } from "../../parts/dialog.tsx";
import { toast } from "../../parts/toast.tsx";
import { troubleWords } from "../../parts/trouble.tsx";
import { cash, energy } from "../../say.ts";
import { may } from "../../session.ts";
import { wordsOf } from "../../words.ts";
import type en from "./words/en.ts";

const t = wordsOf<typeof en>("account");

type Props = {
  account: string;
  rests: readonly Unallocated[];
  /** How many more there are, older than those. */
  more: number;
  /** Null: the account has no tariff now. */
  rateE4PerKwh: number | null;
  /** What it owes beside energy, together. */
  owedMinor: number;
  onDone(): void;
};

/** What nothing took of payments to the number of the contract: shown, and sold as energy by who may. */
export function Rests({ account, rests, more, rateE4PerKwh, owedMinor, onDone }: Props) {
  const open = rests.filter(({ leftMinor }) => leftMinor > 0);
  if (open.length === 0) return null;
  const sell = async ({ paymentKey, leftMinor, availableMinor }: Unallocated) => {
    const wh =
      rateE4PerKwh === null ? null : energyForMoney(availableMinor, facts.value?.minorDigits ?? 2, rateE4PerKwh);
    const reason = await confirmWithReason({
      title: t("rest_ask", { money: cash(availableMinor) }),
      body: (
        <>
          <p>{wh === null ? t("rest_no_rate") : t("rest_means", { energy: energy(wh) })}</p>
          <p>{t("rest_owed", { money: cash(owedMinor) })}</p>
        </>
      ),
      yes: t("rest_yes"),
    });
    if (reason === null) return;
    const json = { paymentKey, leftMinor, amountMinor: availableMinor, reason };
    const answer = await ask(api().accounts[":account"].unallocated.energy.$post({ param: { account }, json }));
    toast(answer.ok ? t("rest_done", { energy: energy(answer.value.energyWh) }) : troubleWords(answer.trouble), {
      tone: answer.ok ? "good" : "bad",
    });
    onDone();
  };
  return (
    <ul class="plain-list" aria-label={t("rest_title")}>
      {open.map((rest) => (
        <li key={rest.paymentKey} class="row">
          <span>
            {t("rest_line", { money: cash(rest.leftMinor) })}{" "}
            <a href={at(`/payments/${encodeURIComponent(rest.receipt)}`)}>{rest.receipt}</a>
            {rest.availableMinor < rest.leftMinor && (
              <small class="quiet"> {t("rest_less", { money: cash(rest.availableMinor) })}</small>
            )}
          </span>
          {may("money.write") && rest.availableMinor > 0 && <Button onClick={() => sell(rest)}>{t("rest_yes")}</Button>}
        </li>
      ))}
      {more > 0 && <li class="quiet">{t("rest_more", { count: more })}</li>}
    </ul>
  );
}
