import { useState } from "preact/hooks";
import { api, ask, type Trouble } from "../../api.ts";
import { facts } from "../../country.ts";
import { instantOf, localOf } from "../../local-time.ts";
import { Button } from "../../parts/button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { Field, Select } from "../../parts/field.tsx";
import { toast } from "../../parts/toast.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { t as shell } from "../../shell/words.ts";
import { registerWh } from "./model.ts";
import { t } from "./words.ts";

type Props = { account: string; meters: string[]; onClose(): void; onDone(): void };
const SHOWN = ["old", "new", "at", "finalRegisterWh", "baseRegisterWh", "thing", "reason"];

/** One meter goes and another comes at one instant, with the registers of both. */
export function Swap({ account, meters, onClose, onDone }: Props) {
  const offset = facts.value?.utcOffsetMinutes ?? 0;
  const [form, setForm] = useState({
    old: meters[0] ?? "",
    new: "",
    at: localOf(Date.now(), offset),
    final: "",
    base: "",
    thing: "",
    reason: "",
  });
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [isBusy, setBusy] = useState(false);
  const bind = (field: keyof typeof form, sentAs: string = field) => ({
    value: form[field],
    onInput: (value: string) => setForm((now) => ({ ...now, [field]: value })),
    error: trouble?.fields[sentAs],
    name: field,
  });
  const [finalWh, baseWh] = [registerWh(form.final), registerWh(form.base)];
  const notKwh = (wh: number | null | undefined) => (wh === undefined ? { error: t("register_expected") } : {});
  const swap = async () => {
    if (finalWh === undefined || baseWh === undefined) return;
    const at = instantOf(form.at, offset);
    setBusy(true);
    const answer = await ask(
      api().accounts[":account"].meters.swap.$post({
        param: { account },
        json: {
          old: form.old,
          new: form.new,
          at: at === null ? form.at : new Date(at).toISOString(),
          finalRegisterWh: finalWh,
          baseRegisterWh: baseWh,
          ...(form.thing.trim() === "" ? {} : { thing: form.thing }),
          reason: form.reason,
        },
      }),
    );
    setBusy(false);
    if (!answer.ok) return setTrouble(answer.trouble);
    toast(t("swapped", { account, old: form.old, new: form.new.trim() }));
    onDone();
  };
  const isElsewhere = trouble !== null && !Object.keys(trouble.fields).some((field) => SHOWN.includes(field));
  return (
    <Dialog title={t("swap_title", { account })} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void swap();
        }}
      >
        <Select
          label={t("old_meter")}
          options={meters.map((each) => ({ value: each, label: each }))}
          {...bind("old")}
        />
        <Field label={t("new_meter")} hint={t("new_meter_hint")} required maxLength={41} {...bind("new")} />
        <Field label={t("swap_at")} hint={t("swap_at_hint")} type="datetime-local" required {...bind("at")} />
        <div class="pair">
          <Field
            label={t("final")}
            hint={t("register_hint")}
            inputMode="decimal"
            {...bind("final", "finalRegisterWh")}
            {...notKwh(finalWh)}
          />
          <Field
            label={t("base")}
            hint={t("register_hint")}
            inputMode="decimal"
            {...bind("base", "baseRegisterWh")}
            {...notKwh(baseWh)}
          />
        </div>
        <Field label={t("thing")} hint={t("thing_hint")} isOptional maxLength={64} {...bind("thing")} />
        <Field label={t("swap_why")} hint={t("swap_why_hint")} required maxLength={500} {...bind("reason")} />
        {isElsewhere && <TroubleBox trouble={trouble} />}
        <div class="row end">
          <Button onClick={onClose}>{shell("cancel")}</Button>
          <Button type="submit" kind="primary" busy={isBusy}>
            {t("swap")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
