import { useMemo, useState } from "preact/hooks";
import { canonicalAccount } from "../../../src/domain/account.ts";
import { PRIORITY_OF, SUMMARY_CHARS_MAX, TICKET_CATEGORIES, TICKET_PRIORITIES } from "../../../src/domain/ticket.ts";
import { api, ask, type Trouble } from "../../api.ts";
import { at, facts } from "../../country.ts";
import { instantOf } from "../../local-time.ts";
import { AccountPick } from "../../parts/account-pick.tsx";
import { Button } from "../../parts/button.tsx";
import { Field, Select } from "../../parts/field.tsx";
import { Panel } from "../../parts/page.tsx";
import { toast } from "../../parts/toast.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { t as common } from "../../shell/words.ts";
import { useAddress } from "../../use-address.ts";
import { useDraft } from "../../use-draft.ts";
import { blank } from "./model.ts";
import { t } from "./words.ts";

/** A new ticket. What was typed stays until it is open. */
export function OpenForm({ onDone }: { onDone(): void }) {
  const [account] = useAddress("account");
  const [caseKey] = useAddress("case");
  const empty = useMemo(() => blank(account, caseKey), [account, caseKey]);
  const { value: draft, wasKept, change, drop } = useDraft("ticket", empty);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [isBusy, setBusy] = useState(false);
  const known = canonicalAccount(draft.account);
  /** Another content is another ticket: it gets another name. */
  const put = (part: Partial<typeof draft>) => change({ ...part, key: "" });

  async function send() {
    const key = draft.key || crypto.randomUUID();
    change({ key });
    setBusy(true);
    const failedAt = instantOf(draft.failedAt, facts.value?.utcOffsetMinutes ?? 0);
    const priority = TICKET_PRIORITIES.find((each) => each === draft.priority);
    const answer = await ask(
      api().tickets.$post(
        {
          json: {
            summary: draft.summary,
            category: draft.category,
            ...(priority === undefined ? {} : { priority }),
            ...(draft.site === "" ? {} : { site: draft.site }),
            ...(draft.account === "" ? {} : { account: draft.account }),
            ...(draft.phone === "" ? {} : { phone: draft.phone.replaceAll(/\D/g, "") }),
            ...(failedAt === null ? {} : { failedAt: new Date(failedAt).toISOString() }),
            ...(draft.caseKey === "" ? {} : { caseKey: draft.caseKey }),
          },
        },
        { headers: { "Idempotency-Key": key } },
      ),
    );
    setBusy(false);
    if (!answer.ok) return setTrouble(answer.trouble);
    setTrouble(null);
    drop();
    toast(t("is_open", { ticket: `T${answer.value.ticket.ticketId}` }));
    onDone();
  }

  return (
    <Panel title={t("open_title")}>
      {wasKept && (
        <p class="notice row">
          {common("draft_kept")} <Button onClick={drop}>{common("draft_drop")}</Button>
        </p>
      )}
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <Field
          label={t("what")}
          hint={t("what_hint")}
          value={draft.summary}
          onInput={(summary) => put({ summary })}
          error={trouble?.fields.summary}
          maxLength={SUMMARY_CHARS_MAX}
          rows={2}
          required
        />
        <div class="filters">
          <Select
            label={t("category")}
            value={draft.category}
            onInput={(typed) => put({ category: TICKET_CATEGORIES.find((each) => each === typed) ?? draft.category })}
            options={TICKET_CATEGORIES.map((value) => ({ value, label: t(`category_${value}`) }))}
          />
          <Select
            label={t("priority")}
            value={draft.priority}
            onInput={(priority) => put({ priority })}
            options={[
              { value: "", label: t("as_category", { priority: PRIORITY_OF[draft.category] }) },
              ...TICKET_PRIORITIES.map((value) => ({ value, label: t(`priority_${value}`) })),
            ]}
          />
        </div>
        <AccountPick
          label={t("account")}
          value={draft.account}
          onInput={(typed) => put({ account: typed })}
          error={trouble?.fields.account}
        />
        <div class="filters">
          {!known.ok && (
            <Select
              label={t("site")}
              value={draft.site}
              onInput={(site) => put({ site })}
              options={[
                { value: "", label: t("site_unknown") },
                ...(facts.value?.siteCodes ?? []).map((value) => ({ value, label: value })),
              ]}
            />
          )}
          <Field
            label={t("phone")}
            type="tel"
            value={draft.phone}
            onInput={(phone) => put({ phone })}
            error={trouble?.fields.phone}
            isOptional
          />
          <Field
            label={t("failed")}
            type="datetime-local"
            value={draft.failedAt}
            onInput={(typed) => put({ failedAt: typed })}
            error={trouble?.fields.failedAt}
            isOptional
          />
        </div>
        {trouble !== null && <TroubleBox trouble={trouble} />}
        <div class="row">
          <Button type="submit" kind="primary" busy={isBusy} disabled={draft.summary.trim() === ""}>
            {t("open_one")}
          </Button>
          {known.ok && <a href={at(`/accounts/${known.value}`)}>{known.value}</a>}
        </div>
      </form>
    </Panel>
  );
}
