import { useState } from "preact/hooks";
import { Button } from "../../parts/button.tsx";
import { Field, Tick } from "../../parts/field.tsx";
import { Tile, Tiles } from "../../parts/tile.tsx";
import { cash, count, energy, when } from "../../say.ts";
import { may } from "../../session.ts";
import { t as shared } from "../../shell/words.ts";
import type { DryRun } from "./model.ts";
import { rate } from "./rate.tsx";
import { said, t } from "./words.ts";

type Concern = "jump" | "stops_vending";
type Props = {
  effect: DryRun;
  reason: string;
  onReason(reason: string): void;
  isBusy: boolean;
  onSchedule(confirmed: { confirm: Concern[]; backdate: boolean }): void;
};

/** What a change would mean; and the change itself, once all that is unusual about it was confirmed. */
export function Effect({ effect, reason, onReason, isBusy, onSchedule }: Props) {
  const [confirmed, setConfirmed] = useState<Concern[]>([]);
  const [backdate, setBackdate] = useState(false);
  const { fault } = effect;
  const concerns = effect.concerns.map(({ confirm }) => confirm);
  const canBackdate = fault?.kind === "too_soon" && may("tariffs.backdate");
  const isFree = fault === null || (canBackdate && backdate);
  const isReady = isFree && concerns.every((each) => confirmed.includes(each)) && reason.trim() !== "";
  return (
    <section class="effect" aria-label={t("dry_title")}>
      <h3>{t("dry_title")}</h3>
      <p class="quiet">{t("dry_hint")}</p>
      <Who effect={effect} />
      {effect.exists !== null && <p class="notice">{t("exists")}</p>}
      {fault !== null && (
        <p class="trouble" role="alert">
          {fault.kind === "too_soon"
            ? t("fault_too_soon", { at: earliestOf(fault.details) })
            : said("fault", fault.kind)}
        </p>
      )}
      {effect.exists === null && (fault === null || canBackdate) && (
        <form
          class="form"
          onSubmit={(event) => {
            event.preventDefault();
            onSchedule({ confirm: confirmed, backdate });
          }}
        >
          {canBackdate && <Tick label={t("backdate")} value={backdate} onInput={setBackdate} />}
          {concerns.map((concern) => (
            <Tick
              key={concern}
              label={t(`concern_${concern}`)}
              value={confirmed.includes(concern)}
              onInput={(on) =>
                setConfirmed(on ? [...confirmed, concern] : confirmed.filter((each) => each !== concern))
              }
            />
          ))}
          <Field
            label={shared("reason")}
            hint={t("reason_hint")}
            value={reason}
            onInput={onReason}
            maxLength={500}
            required
          />
          <div class="row">
            <Button type="submit" kind="primary" busy={isBusy} disabled={!isReady}>
              {t("schedule")}
            </Button>
          </div>
        </form>
      )}
    </section>
  );
}

const earliestOf = (details: object) =>
  "earliest" in details && typeof details.earliest === "string" ? when(Date.parse(details.earliest)) : "–";

function Who({ effect }: { effect: DryRun }) {
  const { changes, samePrice, shielded, beats, endedBy, paid } = effect;
  return (
    <>
      <Tiles label={t("dry_title")}>
        <Tile label={t("reached")} value={count(effect.accounts)} />
        <Tile
          label={t("paid", { days: paid.days })}
          value={paid.payments === 0 ? "–" : cash(paid.amountMinor)}
          note={
            paid.payments === 0
              ? t("paid_none", { days: paid.days })
              : t("paid_line", {
                  payments: count(paid.payments),
                  money: cash(paid.amountMinor),
                  before: energy(paid.beforeWh),
                  after: energy(paid.afterWh),
                })
          }
        />
      </Tiles>
      <ul>
        {changes.map(({ at, fromE4PerKwh, toE4PerKwh, accounts }) => (
          <li key={`${at} ${fromE4PerKwh} ${toE4PerKwh}`}>
            {t("pays_line", { n: accounts, before: rate(fromE4PerKwh), after: rate(toE4PerKwh), at: when(at) })}
          </li>
        ))}
        {samePrice > 0 && <li>{t("same", { n: samePrice })}</li>}
        {shielded.map(({ by, accounts, sites }) => (
          <li key={by}>{t("shielded", { n: accounts, by: t(`shield_${by}`), sites: sites.join(", ") })}</li>
        ))}
        {beats.map(({ tariffId, how, rateE4PerKwh, validFrom }) => (
          <li key={tariffId}>{t(`beats_${how}`, { rate: rate(rateE4PerKwh), at: when(validFrom) })}</li>
        ))}
        {endedBy !== null && <li>{t("ended_by", { at: when(endedBy.validFrom) })}</li>}
        {paid.unvended > 0 && <li class="warn">{t("unvended", { n: paid.unvended })}</li>}
      </ul>
    </>
  );
}
