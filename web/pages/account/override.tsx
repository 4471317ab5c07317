import { useState } from "preact/hooks";
import { api, ask, type Trouble } from "../../api.ts";
import { Button } from "../../parts/button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { Field, Select } from "../../parts/field.tsx";
import { toast } from "../../parts/toast.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { t as common } from "../../shell/words.ts";
import { wordsOf } from "../../words.ts";
import { OVERRIDE_HOURS } from "./model.ts";
import type en from "./words/en.ts";

const t = wordsOf<typeof en>("account");
const HOUR_MS = 3_600_000;
const HOURS_AS_DAYS = 24;

/** A person's word over a relay, for a time that is chosen beforehand. */
export function OverrideDialog({ meterNumber, onClose }: { meterNumber: string; onClose(): void }) {
  const [state, setState] = useState("keep_lit");
  const [hours, setHours] = useState("24");
  const [reason, setReason] = useState("");
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [isBusy, setBusy] = useState(false);
  return (
    <Dialog title={t("override_title", { meter: meterNumber })} onClose={onClose}>
      <form
        class="form"
        onSubmit={async (event) => {
          event.preventDefault();
          setBusy(true);
          const until = new Date(Date.now() + Number(hours) * HOUR_MS).toISOString();
          const json = { state: state === "keep_dark" ? ("keep_dark" as const) : ("keep_lit" as const), reason, until };
          const answer = await ask(api().meters[":id"].override.$put({ param: { id: meterNumber }, json }));
          setBusy(false);
          if (!answer.ok) return setTrouble(answer.trouble);
          toast(t("override_done"));
          onClose();
        }}
      >
        <Select
          label={t("override_state")}
          value={state}
          onInput={setState}
          options={(["keep_lit", "keep_dark"] as const).map((value) => ({ value, label: t(`override_${value}`) }))}
        />
        <Select
          label={t("override_for")}
          value={hours}
          onInput={setHours}
          options={OVERRIDE_HOURS.map((n) => ({
            value: String(n),
            label: n < HOURS_AS_DAYS ? t("override_hours", { n }) : t("override_days", { n: n / HOURS_AS_DAYS }),
          }))}
        />
        <Field
          label={common("reason")}
          hint={common("reason_hint")}
          value={reason}
          onInput={setReason}
          rows={2}
          maxLength={500}
          required
        />
        {trouble !== null && <TroubleBox trouble={trouble} />}
        <div class="row end">
          <Button onClick={onClose}>{common("cancel")}</Button>
          <Button type="submit" kind="primary" busy={isBusy}>
            {t("override_set")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
