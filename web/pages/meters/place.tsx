import type { InferResponseType } from "hono/client";
import { useState } from "preact/hooks";
import { api, ask, type Trouble } from "../../api.ts";
import { at } from "../../country.ts";
import { Button } from "../../parts/button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { Field, Select } from "../../parts/field.tsx";
import { toast } from "../../parts/toast.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { when } from "../../say.ts";
import { useAddress } from "../../use-address.ts";
import { useAsk } from "../../use-ask.ts";
import { SiteSelect } from "./filters.tsx";
import type { Unmapped } from "./model.ts";
import { t } from "./words.ts";

type Free = InferResponseType<ReturnType<typeof api>["meters"]["accounts-without"]["$get"], 200>;
type Role = "primary" | "check" | "backup" | "supply";
const ROLES: readonly Role[] = ["primary", "check", "backup", "supply"];

/** Puts a meter on an account with one press, from the first reading that waits. */
export function Place({ meter, onClose }: { meter: Unmapped; onClose(): void }) {
  const [site, setSite] = useAddress("site");
  const [text, setText] = useState("");
  const [other, setOther] = useState("");
  const [role, setRole] = useState<Role>("primary");
  const [isBusy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const free = useAsk<Free>(
    async () =>
      site === ""
        ? { ok: true, value: { accounts: [], isCut: false } }
        : ask(api().meters["accounts-without"].$get({ query: { site, q: text } })),
    [site, text],
  );
  const place = async (account: string, as: Role) => {
    setBusy(true);
    const answer = await ask(
      api().meters[":id"].place.$post({
        param: { id: meter.meter_id },
        json: { account, role: as, from: meter.first_read_at, reason: t("place_reason") },
      }),
    );
    setBusy(false);
    if (!answer.ok) return setTrouble(answer.trouble);
    toast(t("placed", { meter: meter.meter_id, account: answer.value.account }));
    onClose();
  };
  const accounts = free.value?.accounts ?? [];
  return (
    <Dialog title={t("place_title", { meter: meter.meter_id })} onClose={onClose}>
      <p class="quiet">{t("place_lead", { n: meter.count, at: when(Date.parse(meter.first_read_at)) })}</p>
      <div class="filters">
        <SiteSelect label={t("site")} value={site} onInput={setSite} all={t("choose_site")} />
        {site !== "" && <Field label={t("find")} type="search" value={text} onInput={setText} maxLength={60} />}
      </div>
      {free.trouble !== null && <TroubleBox trouble={free.trouble} again={free.again} />}
      {site !== "" && !free.isBusy && accounts.length === 0 && <p class="quiet">{t("place_none")}</p>}
      {accounts.length > 0 && (
        <ul class="free-accounts">
          {accounts.map(({ account, holder, plot }) => (
            <li key={account}>
              <span>
                <b>{account}</b> {holder} {plot !== null && <small class="quiet">{t("plot", { plot })}</small>}
              </span>
              <Button busy={isBusy} onClick={() => place(account, "primary")}>
                {t("place_here")}
              </Button>
            </li>
          ))}
        </ul>
      )}
      {free.value?.isCut && <p class="quiet">{t("more_free")}</p>}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void place(other, role);
        }}
      >
        <div class="filters">
          <Field
            label={t("place_other")}
            hint={t("place_other_hint")}
            value={other}
            onInput={setOther}
            error={trouble?.fields.account}
            maxLength={20}
            required
          />
          <Select
            label={t("place_as")}
            value={role}
            onInput={(value) => setRole(ROLES.find((each) => each === value) ?? "primary")}
            options={ROLES.map((each) => ({ value: each, label: t(`role_${each}`) }))}
          />
        </div>
        {trouble !== null && <Refused trouble={trouble} />}
        <div class="row end">
          <Button type="submit" kind="primary" busy={isBusy}>
            {t("place_here")}
          </Button>
        </div>
      </form>
      <a href={at("/customers/new")} class="quiet">
        {t("register_first")}
      </a>
    </Dialog>
  );
}

/** The records say which other meter or account is in the way. */
const Refused = ({ trouble }: { trouble: Trouble }) => (
  <TroubleBox
    trouble={{
      ...trouble,
      fields: {},
      message: typeof trouble.details === "string" ? `${trouble.message}: ${trouble.details}` : trouble.message,
    }}
  />
);
