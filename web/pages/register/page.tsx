import { useEffect, useState } from "preact/hooks";
import { siteLimit } from "../../../src/domain/permission.ts";
import { api, ask, type Trouble } from "../../api.ts";
import { Button } from "../../parts/button.tsx";
import { Page, Panel } from "../../parts/page.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { me } from "../../session.ts";
import { t as shell } from "../../shell/words.ts";
import { useDraft } from "../../use-draft.ts";
import { Alike, useAlike } from "./alike.tsx";
import { Done } from "./done.tsx";
import { BLANK, bodyOf, missing, type Registered, STEPS, type Step, stepOf } from "./model.ts";
import { Review } from "./review.tsx";
import { Fields } from "./steps.tsx";
import { t } from "./words.ts";
import "./register.css";

/** What the page itself misses, under the server's name of the field. */
const MISSING_AT = { name_missing: "name", site_missing: "site", register_wrong: "meter.baseRegisterWh" } as const;

export default function RegisterPage() {
  const { value: draft, wasKept, change, drop } = useDraft("register", BLANK);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [fields, setFields] = useState<Record<string, string>>({});
  const [isBusy, setBusy] = useState(false);
  const [made, setMade] = useState<Registered | null>(null);
  const alike = useAlike(draft);
  const person = me.value;
  const ownSite = person == null ? null : siteLimit(person.roles, person.site, "customers.register");
  useEffect(() => {
    if (ownSite !== null && draft.site !== ownSite && made === null) change({ site: ownSite });
  }, [ownSite, draft.site, made]);

  const go = (step: Step) => {
    change({ step });
    scrollTo(0, 0);
  };
  const index = STEPS.indexOf(draft.step);
  const next = () => {
    const lacks = missing(draft.step, draft);
    setFields(Object.fromEntries(lacks.map((each) => [MISSING_AT[each], t(each)])));
    const after = STEPS[index + 1];
    if (lacks.length === 0 && after !== undefined) go(after);
  };
  const send = async () => {
    const key = draft.key === "" ? crypto.randomUUID() : draft.key;
    change({ key });
    setBusy(true);
    const answer = await ask(api().customers.$post({ json: bodyOf(draft) }, { headers: { "Idempotency-Key": key } }));
    setBusy(false);
    if (answer.ok) {
      drop();
      setTrouble(null);
      setFields({});
      return setMade(answer.value);
    }
    setTrouble(answer.trouble);
    setFields(answer.trouble.fields);
    // What was refused was not done: put right, it is another act. What nobody answered may have been done, and stays the same.
    if (answer.trouble.status >= 400 && answer.trouble.status < 500) change({ key: "" });
    const at = stepOf(answer.trouble.fields);
    if (at !== null) go(at);
  };
  if (made !== null) return <Done made={made} onMore={() => setMade(null)} />;
  const isLast = draft.step === "review";
  const hasTwin = (alike.value?.alike.length ?? 0) > 0;
  return (
    <Page title={t("title")} lead={t("lead")}>
      {wasKept && (
        <div class="row">
          <span class="quiet">{shell("draft_kept")}</span>
          <Button kind="quiet" onClick={drop}>
            {shell("draft_drop")}
          </Button>
        </div>
      )}
      <ol class="step-list" aria-label={t("steps")}>
        {STEPS.map((step, place) => (
          <li key={step} aria-current={step === draft.step ? "step" : undefined}>
            <button type="button" disabled={place > index} onClick={() => go(step)}>
              <b>{place + 1}</b> {t(`step_${step}`)}
            </button>
          </li>
        ))}
      </ol>
      <Panel title={t(`step_${draft.step}`)}>
        <form
          class="form"
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            if (isLast) void send();
            else next();
          }}
        >
          {draft.step === "review" ? (
            <Review draft={draft} />
          ) : (
            <Fields step={draft.step} draft={draft} change={change} fields={fields} ownSite={ownSite} />
          )}
          {trouble !== null &&
            (stepOf(trouble.fields) === null ? (
              <TroubleBox trouble={trouble} />
            ) : (
              !isLast && Object.keys(fields).length > 0 && <p class="notice">{t("mend")}</p>
            ))}
          <Alike {...alike} />
          <div class="row">
            {index > 0 && <Button onClick={() => go(STEPS[index - 1] ?? "person")}>{shell("back")}</Button>}
            <span class="gap" />
            <Button type="submit" kind="primary" busy={isBusy}>
              {isLast ? t(hasTwin ? "register_anyway" : "register") : shell("next")}
            </Button>
          </div>
        </form>
      </Panel>
    </Page>
  );
}
