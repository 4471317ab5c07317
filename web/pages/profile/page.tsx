import { useState } from "preact/hooks";
import { ask, homeApi, type Trouble } from "../../api.ts";
import { Badge } from "../../parts/badge.tsx";
import { Button } from "../../parts/button.tsx";
import { confirm } from "../../parts/dialog.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Field } from "../../parts/field.tsx";
import { Page, Panel } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import { toast } from "../../parts/toast.tsx";
import { TroubleBox, troubleWords } from "../../parts/trouble.tsx";
import { since } from "../../say.ts";
import { me } from "../../session.ts";
import { useAsk } from "../../use-ask.ts";
import { wordsOf } from "../../words.ts";
import type en from "./words/en.ts";

const t = wordsOf<typeof en>("profile");

export default function ProfilePage() {
  const person = me.value;
  return (
    <Page title={t("title")} lead={person?.email}>
      <Panel title={t("roles")}>
        <p class="row">
          {person?.roles.map((role) => (
            <Badge key={role} tone="good">
              {role.replaceAll("_", " ")}
            </Badge>
          ))}
        </p>
        <details>
          <summary>{t("permissions", { n: person?.permissions.length ?? 0 })}</summary>
          <p class="quiet">{person?.permissions.join(", ")}</p>
        </details>
      </Panel>
      <Password />
      <Sessions />
    </Page>
  );
}

function Password() {
  const [old, setOld] = useState("");
  const [next, setNext] = useState("");
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  return (
    <Panel title={t("password")}>
      <form
        class="form"
        onSubmit={async (event) => {
          event.preventDefault();
          const answer = await ask(homeApi().me.password.$post({ json: { old, new: next } }));
          if (!answer.ok) return setTrouble(answer.trouble);
          setTrouble(null);
          setOld("");
          setNext("");
          toast(t("changed"));
        }}
      >
        <Field label={t("old")} type="password" autocomplete="current-password" value={old} onInput={setOld} required />
        <Field
          label={t("new")}
          type="password"
          autocomplete="new-password"
          value={next}
          onInput={setNext}
          error={trouble?.fields.new}
          required
        />
        {trouble !== null && trouble.fields.new === undefined && (
          <TroubleBox trouble={trouble.kind === "wrong_sign_in" ? { ...trouble, message: t("wrong") } : trouble} />
        )}
        <div class="row">
          <Button type="submit" kind="primary">
            {t("change")}
          </Button>
        </div>
      </form>
    </Panel>
  );
}

function Sessions() {
  const { value, trouble, again } = useAsk(() => ask(homeApi().me.sessions.$get()), []);
  return (
    <Panel title={t("sessions")}>
      {trouble !== null && <TroubleBox trouble={trouble} again={again} />}
      <Table
        label={t("sessions")}
        rows={value?.sessions ?? []}
        rowKey={(row) => String(row.sessionId)}
        empty={<Empty title={t("none")} />}
        columns={[
          { head: t("browser"), cell: (row) => row.userAgent ?? "–" },
          { head: t("last"), cell: (row) => since(Date.parse(row.lastSeenAt)) },
          {
            head: t("this"),
            cell: (row) =>
              row.own ? (
                <Badge tone="good">{t("here")}</Badge>
              ) : (
                <Button
                  onClick={async () => {
                    if (!(await confirm({ title: t("end_ask"), yes: t("end"), tone: "danger" }))) return;
                    const answer = await ask(
                      homeApi().me.sessions[":sessionId{[0-9]{1,15}}"].$delete({
                        param: { sessionId: String(row.sessionId) },
                      }),
                    );
                    toast(answer.ok ? t("ended") : troubleWords(answer.trouble), { tone: answer.ok ? "good" : "bad" });
                    again();
                  }}
                >
                  {t("end")}
                </Button>
              ),
          },
        ]}
      />
    </Panel>
  );
}
