import { useState } from "preact/hooks";
import type { LiveStaffAccount } from "../../../workers/portal/live-view.ts";
import { api, ask } from "../../api.ts";
import { Badge } from "../../parts/badge.tsx";
import { Button } from "../../parts/button.tsx";
import { confirmWithReason } from "../../parts/dialog.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Panel } from "../../parts/page.tsx";
import { toast } from "../../parts/toast.tsx";
import { troubleWords } from "../../parts/trouble.tsx";
import { byWhom, energy, since, span, when } from "../../say.ts";
import { may } from "../../session.ts";
import { said, wordsOf } from "../../words.ts";
import { lightState } from "./model.ts";
import { OverrideDialog } from "./override.tsx";
import type en from "./words/en.ts";

const t = wordsOf<typeof en>("account");
const COMMANDS_SHOWN = 5;

type Meter = LiveStaffAccount["meters"][number];

/** Light and dark: what the meters say, what was ordered and by whom, and orders by hand. */
export function Relay({ live, now }: { live: LiveStaffAccount; now: number }) {
  return (
    <Panel title={t("relay")}>
      {live.meters.length === 0 && <Empty title={t("no_meter")} hint={t("no_meter_hint")} />}
      {live.meters.map((meter) => (
        <MeterRelay key={meter.meterNumber} meter={meter} now={now} />
      ))}
      {live.waiting.map(({ meterNumber, readAt, registerWh, because }) => (
        <p key={`${meterNumber}@${readAt}`} class="notice">
          {t("quarantine", {
            meter: meterNumber,
            energy: energy(registerWh),
            because: said("account", "held", because),
          })}
        </p>
      ))}
      <h3>{t("commands")}</h3>
      {live.commands.length === 0 && <p class="quiet">{t("no_commands")}</p>}
      <ul class="plain-list">
        {live.commands.slice(0, COMMANDS_SHOWN).map((each) => (
          <li key={each.id}>
            <span class="row">
              <b>{t(each.action)}</b>
              <Badge tone={toneOf(each.state)}>{said("account", "says", each.state)}</Badge>
              <small class="quiet">{when(each.requestedAt)}</small>
            </span>
            <small class="quiet">
              {each.actor === null
                ? t("by_system", { because: said("account", "because", each.because) })
                : `${byWhom(each.actor)}: ${each.reason ?? ""}`}
            </small>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

const toneOf = (state: string) =>
  state === "completed"
    ? "good"
    : state === "rejected" || state === "failed" || state === "timed_out"
      ? "bad"
      : "quiet";

function MeterRelay({ meter, now }: { meter: Meter; now: number }) {
  const [isOverriding, setOverriding] = useState(false);
  const { meterNumber, seenAt, override, dark, thing } = meter;
  const light = lightState(meter, now);
  return (
    <div class="meter">
      <p class="row">
        <Badge tone={light.tone}>{t(`light_${light.state}`)}</Badge>
        <b>{meterNumber}</b>
        <span class="quiet">
          {said("account", "role", meter.role)} ·{" "}
          {light.state === "theirs"
            ? t("light_theirs_hint")
            : seenAt === null
              ? t("not_heard")
              : t("heard", { since: since(seenAt, now) })}
        </span>
      </p>
      {override !== null && (
        <p class="notice">
          {t("overridden", {
            what: t(`override_${override.state}`),
            time: override.expiresAt === null ? "–" : span(override.expiresAt - now),
            actor: byWhom(override.actor),
            reason: override.reason,
          })}
        </p>
      )}
      {dark !== null && (
        <p class="quiet">
          {t("dark_because")}: {said("account", "because", dark.because)}
        </p>
      )}
      {thing !== null && may("relay.command") && (
        <p class="row">
          <Button onClick={() => order(meterNumber, "connect")}>{t("connect")}</Button>
          <Button kind="danger" onClick={() => order(meterNumber, "disconnect")}>
            {t("disconnect")}
          </Button>
          {override === null ? (
            <Button onClick={() => setOverriding(true)}>{t("override")}</Button>
          ) : (
            <Button onClick={() => backToBalance(meterNumber)}>{t("override_off")}</Button>
          )}
        </p>
      )}
      {isOverriding && <OverrideDialog meterNumber={meterNumber} onClose={() => setOverriding(false)} />}
    </div>
  );
}

async function order(id: string, action: "connect" | "disconnect") {
  const reason = await confirmWithReason({
    title: t(`${action}_ask`, { meter: id }),
    body: <p>{t(`${action}_body`)}</p>,
    yes: t(action),
    tone: action === "connect" ? "primary" : "danger",
  });
  if (reason === null) return;
  const answer = await ask(api().meters[":id"].relay.$post({ param: { id }, json: { action, reason } }));
  toast(answer.ok ? t("ordered") : troubleWords(answer.trouble), { tone: answer.ok ? "good" : "bad" });
}

async function backToBalance(id: string) {
  const reason = await confirmWithReason({ title: t("override_off") });
  if (reason === null) return;
  const answer = await ask(api().meters[":id"].override.$put({ param: { id }, json: { state: "auto", reason } }));
  toast(answer.ok ? t("override_auto") : troubleWords(answer.trouble), { tone: answer.ok ? "good" : "bad" });
}
