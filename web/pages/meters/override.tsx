import { useState } from "preact/hooks";
import { api, ask, type Trouble } from "../../api.ts";
import { Badge } from "../../parts/badge.tsx";
import { Button } from "../../parts/button.tsx";
import { confirmWithReason } from "../../parts/dialog.tsx";
import { Field, Select } from "../../parts/field.tsx";
import { Panel } from "../../parts/page.tsx";
import { toast } from "../../parts/toast.tsx";
import { TroubleBox, troubleWords } from "../../parts/trouble.tsx";
import { span, when } from "../../say.ts";
import { may } from "../../session.ts";
import { t as shared } from "../../shell/words.ts";
import { useNow } from "../../use-now.ts";
import { countdown, type Meter, OVERRIDE_MINUTES, untilOf } from "./model.ts";
import { t } from "./words.ts";

type Props = { meter: Meter; again(): void };

/** A person's word over the light of a meter: what stands, how long yet, and a new one. */
export function Override({ meter, again }: Props) {
  const mine = may("relay.command");
  return (
    <Panel title={t("word")}>
      {meter.override === null ? <p class="quiet">{t("word_none")}</p> : <InForce meter={meter} again={again} />}
      {mine && meter.thing !== null && meter.override === null && <SetWord meter={meter} again={again} />}
      {meter.thing === null && <p class="quiet">{t("no_thing")}</p>}
    </Panel>
  );
}

function InForce({ meter, again }: Props) {
  const now = useNow();
  const word = meter.override;
  if (word === null) return null;
  const left = word.until === null ? null : countdown(word.until, now);
  const end = async () => {
    const reason = await confirmWithReason({ title: t("word_end_ask"), yes: t("word_end") });
    if (reason === null) return;
    const answer = await ask(
      api().meters[":id"].override.$put({ param: { id: meter.meterNumber }, json: { state: "auto", reason } }),
    );
    toast(answer.ok ? t("word_ended") : troubleWords(answer.trouble), { tone: answer.ok ? "good" : "bad" });
    again();
  };
  return (
    <div class="stack">
      <p class="row">
        <Badge tone="warn">{t(`word_${word.state}`)}</Badge>
        <strong class="countdown" role="timer">
          {word.until === null ? t("word_no_end") : left === null ? t("word_over") : t("word_left", { left })}
        </strong>
        {word.until !== null && <span class="quiet">{when(word.until)}</span>}
      </p>
      <p>{t("word_by", { actor: word.actor, reason: word.reason })}</p>
      {may("relay.command") && (
        <div class="row">
          <Button onClick={end}>{t("word_end")}</Button>
        </div>
      )}
    </div>
  );
}

const STATES = { keep_lit: "word_lit_option", keep_dark: "word_dark_option" } as const;

function SetWord({ meter, again }: Props) {
  const [state, setState] = useState<keyof typeof STATES>("keep_lit");
  const [minutes, setMinutes] = useState<string>(String(OVERRIDE_MINUTES[2]));
  const [reason, setReason] = useState("");
  const [isBusy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const set = async () => {
    setBusy(true);
    const answer = await ask(
      api().meters[":id"].override.$put({
        param: { id: meter.meterNumber },
        json: { state, until: untilOf(Number(minutes), Date.now()), reason },
      }),
    );
    setBusy(false);
    if (!answer.ok) return setTrouble(answer.trouble);
    setTrouble(null);
    toast(t("word_done"));
    again();
  };
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        void set();
      }}
    >
      <Select
        label={t("word_state")}
        value={state}
        onInput={(value) => setState(value === "keep_dark" ? "keep_dark" : "keep_lit")}
        options={Object.entries(STATES).map(([value, key]) => ({ value, label: t(key) }))}
      />
      <Select
        label={t("word_for")}
        value={minutes}
        onInput={setMinutes}
        error={trouble?.fields.until}
        options={OVERRIDE_MINUTES.map((each) => ({ value: String(each), label: span(each * 60_000) }))}
      />
      <Field
        label={shared("reason")}
        hint={shared("reason_hint")}
        value={reason}
        onInput={setReason}
        error={trouble?.fields.reason}
        maxLength={500}
        required
      />
      {trouble !== null && <TroubleBox trouble={{ ...trouble, fields: {} }} />}
      <div class="row">
        <Button type="submit" kind="primary" busy={isBusy}>
          {t("word_set")}
        </Button>
      </div>
    </form>
  );
}
