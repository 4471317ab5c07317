import { useState } from "preact/hooks";
import { api, ask, type Trouble } from "../../api.ts";
import { facts } from "../../country.ts";
import { Button } from "../../parts/button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { Field, Select } from "../../parts/field.tsx";
import { toast } from "../../parts/toast.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { t as shell } from "../../shell/words.ts";
import { t } from "./words.ts";

type Props = { customerId: number; site: string | null; onClose(): void; onDone(): void };

/** One more account: pressed twice, it is opened once. */
export function AddAccount({ customerId, site: own, onClose, onDone }: Props) {
  const [key] = useState(() => crypto.randomUUID());
  const sites = facts.value?.siteCodes ?? [];
  const [site, setSite] = useState(own ?? sites[0] ?? "");
  const [number, setNumber] = useState("");
  const [status, setStatus] = useState("live");
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [isBusy, setBusy] = useState(false);
  const open = async () => {
    setBusy(true);
    const answer = await ask(
      api().customers[":id{[0-9]+}"].accounts.$post(
        {
          param: { id: String(customerId) },
          json: {
            status: status === "postpaid" ? "postpaid" : "live",
            ...(number.trim() === "" ? { site } : { account: number }),
          },
        },
        { headers: { "Idempotency-Key": key } },
      ),
    );
    setBusy(false);
    if (!answer.ok) return setTrouble(answer.trouble);
    toast(t("added", { account: answer.value.account }));
    onDone();
  };
  return (
    <Dialog title={t("add_account")} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void open();
        }}
      >
        <p class="quiet">{t("add_account_body")}</p>
        <Select
          label={t("site")}
          value={site}
          onInput={setSite}
          options={sites.map((each) => ({ value: each, label: each }))}
          error={trouble?.fields.site}
        />
        <Field
          label={t("own_number")}
          hint={t("own_number_hint")}
          isOptional
          value={number}
          onInput={setNumber}
          error={trouble?.fields.account}
          maxLength={20}
        />
        <Select
          label={t("kind")}
          value={status}
          onInput={setStatus}
          options={[
            { value: "live", label: t("status_live") },
            { value: "postpaid", label: t("status_postpaid") },
          ]}
        />
        {trouble !== null && trouble.fields.site === undefined && trouble.fields.account === undefined && (
          <TroubleBox trouble={trouble} />
        )}
        <div class="row end">
          <Button onClick={onClose}>{shell("cancel")}</Button>
          <Button type="submit" kind="primary" busy={isBusy}>
            {t("add_account")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
