import type { InferResponseType } from "hono/client";
import type { api } from "../../api.ts";
import { at } from "../../country.ts";
import { heldBecause } from "../../held.ts";
import { Badge } from "../../parts/badge.tsx";
import { Button } from "../../parts/button.tsx";
import { Panel } from "../../parts/page.tsx";
import { cash, energy } from "../../say.ts";
import { said } from "../../words.ts";
import { t } from "./words.ts";

export type Recorded = InferResponseType<ReturnType<typeof api>["payments"]["record"]["$post"], 200>;

/** The server says kWh; whole watt-hours are shown. */
const wh = (kwh: number | null) => (kwh === null ? null : Math.round(kwh * 1_000));

/** What became of it: credited, known before, or held and why. */
export const Outcome = ({ recorded, onNext }: { recorded: Recorded; onNext(): void }) => (
  <Panel>
    <p role="status" class="row">
      <Badge tone={recorded.status === "ok" ? "good" : "warn"}>{said("record-payment", "said", recorded.status)}</Badge>
      <strong>{cash(recorded.amount_minor)}</strong>
      <a href={at(`/accounts/${recorded.account_number}`)}>{recorded.account_number}</a>
    </p>
    {recorded.status === "held" && (
      <p>
        {t("held_because", { because: heldBecause(recorded.because) })} <a href={at("/suspense")}>{t("to_suspense")}</a>
      </p>
    )}
    {recorded.status === "duplicate" && <p>{t("duplicate_hint")}</p>}
    {recorded.kwh_vended !== null && (
      <p>{t("bought", { energy: energy(wh(recorded.kwh_vended)), balance: energy(wh(recorded.balance_kwh)) })}</p>
    )}
    <div class="row">
      <a class="button" href={at(`/payments/${encodeURIComponent(recorded.receipt)}`)}>
        {t("story")}
      </a>
      <Button kind="primary" onClick={onNext}>
        {t("another")}
      </Button>
    </div>
  </Panel>
);
