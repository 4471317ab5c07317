import { useState } from "preact/hooks";
import { type Answer, api, ask } from "../../api.ts";
import { Badge } from "../../parts/badge.tsx";
import { Button } from "../../parts/button.tsx";
import { Field } from "../../parts/field.tsx";
import { Panel } from "../../parts/page.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { t } from "./words.ts";

type Found = { person: { email: string; departments: string[]; status: string }; worksHere: boolean };

/** Whether the directory knows somebody. Where it does not answer nobody is said to work here. */
export function LookUp() {
  const [employee, setEmployee] = useState("");
  const [asked, setAsked] = useState<{ employee: string; answer: Answer<Found> } | null>(null);
  const [isBusy, setBusy] = useState(false);
  const look = async () => {
    setBusy(true);
    const answer = await ask(api().hr.people[":employee"].$get({ param: { employee: employee.trim() } }));
    setBusy(false);
    setAsked({ employee: employee.trim(), answer });
  };
  return (
    <Panel title={t("look_up")}>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          void look();
        }}
      >
        <Field
          label={t("employee")}
          value={employee}
          onInput={setEmployee}
          placeholder="E101"
          maxLength={40}
          required
        />
        <div class="row">
          <Button type="submit" busy={isBusy}>
            {t("ask")}
          </Button>
        </div>
      </form>
      {asked !== null && (
        <div role="status">
          {asked.answer.ok ? (
            <p>
              <b>{asked.employee}</b> {asked.answer.value.person.email}{" "}
              <span class="quiet">{asked.answer.value.person.departments.join(", ")}</span>{" "}
              <Badge tone={asked.answer.value.worksHere ? "good" : "bad"}>
                {t(asked.answer.value.worksHere ? "works" : "works_not")}
              </Badge>
            </p>
          ) : asked.answer.trouble.kind === "unknown" ? (
            <p>{t("nobody", { employee: asked.employee })}</p>
          ) : (
            <TroubleBox trouble={asked.answer.trouble} />
          )}
        </div>
      )}
    </Panel>
  );
}
