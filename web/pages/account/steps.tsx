import type { LiveStaffAccount } from "../../../workers/portal/live-view.ts";
import { at } from "../../country.ts";
import { Badge, type Tone } from "../../parts/badge.tsx";
import { Copy } from "../../parts/copy.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Panel } from "../../parts/page.tsx";
import { cash, energy, when } from "../../say.ts";
import { said, wordsOf } from "../../words.ts";
import { type StepState, stepsOf } from "./model.ts";
import type en from "./words/en.ts";

const t = wordsOf<typeof en>("account");
const TONE: Record<StepState, Tone> = { done: "good", waits: "warn", failed: "bad", unknown: "quiet", none: "quiet" };

/** How far the newest payment has come, from the operator's text to the light and the customer's SMS. */
export function Steps({ live }: { live: LiveStaffAccount }) {
  const { lastPayment, copyWaiting } = live;
  if (lastPayment === null)
    return (
      <Panel title={t("last_payment")}>
        <Empty title={t("no_payment")} hint={t("no_payment_hint")} />
      </Panel>
    );
  return (
    <Panel
      title={t("last_payment")}
      actions={<a href={at(`/payments/${encodeURIComponent(lastPayment.receipt)}`)}>{cash(lastPayment.amountMinor)}</a>}
      foot={copyWaiting > 0 ? t("copy_waiting", { n: copyWaiting }) : undefined}
    >
      <p class="row">
        <Copy text={lastPayment.receipt} /> <span class="quiet">{energy(lastPayment.energyWh)}</span>
      </p>
      <ol class="steps">
        {stepsOf(live).map(({ step, state, at: instant, says }) => (
          <li key={step} class={state}>
            <span>{t(`step_${step}`)}</span>
            <Badge tone={TONE[state]}>
              {says === null || state === "none" ? t(`state_${state}`) : said("account", "says", says)}
            </Badge>
            <small class="quiet">{instant === null ? "" : when(instant)}</small>
          </li>
        ))}
      </ol>
    </Panel>
  );
}
