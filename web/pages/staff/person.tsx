import { api, ask } from "../../api.ts";
import { Badge } from "../../parts/badge.tsx";
import { Button } from "../../parts/button.tsx";
import { confirm } from "../../parts/dialog.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Table } from "../../parts/table.tsx";
import { toast } from "../../parts/toast.tsx";
import { TroubleBox, troubleWords } from "../../parts/trouble.tsx";
import { since } from "../../say.ts";
import { me } from "../../session.ts";
import { useAsk } from "../../use-ask.ts";
import { wordsOf } from "../../words.ts";
import { MemberForm } from "./form.tsx";
import { changesOf, formOf, type Member } from "./model.ts";
import type en from "./words/en.ts";

const t = wordsOf<typeof en>("staff");

type Props = { member: Member; onChanged(): void; onInvited(code: string): void };

/** One person: roles, the ways in, where they are signed in, and sending them away. */
export function Person({ member, onChanged, onInvited }: Props) {
  const param = { id: String(member.staffId) };
  const one = () => api().staff[":id{[0-9]{1,15}}"];
  const isFromHere = member.home === null;
  const isMe = me.value?.email === member.email;
  const done = (answer: { ok: true } | { ok: false; trouble: Parameters<typeof troubleWords>[0] }, good: string) => {
    toast(answer.ok ? good : troubleWords(answer.trouble), { tone: answer.ok ? "good" : "bad" });
    onChanged();
  };
  const setActive = async (active: boolean) => {
    const isSure =
      active ||
      (await confirm({
        title: t("off_ask", { name: member.name }),
        body: <p>{t("off_body")}</p>,
        yes: t("off"),
        tone: "danger",
      }));
    if (!isSure) return;
    const answer = await ask(one().$patch({ param, json: { active } }));
    if (answer.ok && !active) toast(t("off_done"), { undo: () => void setActive(true) });
    else if (answer.ok) toast(t("on_done"));
    else toast(troubleWords(answer.trouble), { tone: "bad" });
    onChanged();
  };
  return (
    <div class="stack">
      {isFromHere ? (
        <MemberForm
          first={formOf(member)}
          isNew={false}
          yes=""
          onSend={async (form) => {
            const json = changesOf(formOf(member), form);
            if (Object.keys(json).length === 0) {
              toast(t("nothing_changed"));
              return null;
            }
            const answer = await ask(one().$patch({ param, json }));
            if (!answer.ok) return answer.trouble;
            toast(t("changed"));
            onChanged();
            return null;
          }}
        />
      ) : (
        <p class="quiet">{t("from_home")}</p>
      )}
      <div class="row">
        {isFromHere && (
          <Button
            onClick={async () => {
              const answer = await ask(one().invite.$post({ param }));
              if (answer.ok) onInvited(answer.value.invitation.code);
              else done(answer, "");
            }}
          >
            {t("invite_again")}
          </Button>
        )}
        {member.secondFactor && (
          <Button
            onClick={async () => {
              if (
                !(await confirm({
                  title: t("reset_ask", { name: member.name }),
                  body: <p>{t("reset_body")}</p>,
                  yes: t("reset"),
                  tone: "danger",
                }))
              )
                return;
              done(await ask(one()["reset-totp"].$post({ param })), t("reset_done"));
            }}
          >
            {t("reset")}
          </Button>
        )}
        {!isMe && member.active && (
          <Button kind="danger" onClick={() => setActive(false)}>
            {t("off")}
          </Button>
        )}
        {!member.active && (
          <Button kind="primary" onClick={() => setActive(true)}>
            {t("on")}
          </Button>
        )}
      </div>
      <Sessions staffId={member.staffId} />
    </div>
  );
}

function Sessions({ staffId }: { staffId: number }) {
  const param = { id: String(staffId) };
  const asked = useAsk(() => ask(api().staff[":id{[0-9]{1,15}}"].sessions.$get({ param })), [staffId]);
  const end = async (sessionId: number) => {
    if (!(await confirm({ title: t("end_ask"), yes: t("end"), tone: "danger" }))) return;
    const answer = await ask(
      api().staff[":id{[0-9]{1,15}}"].sessions[":sessionId{[0-9]{1,15}}"].$delete({
        param: { ...param, sessionId: String(sessionId) },
      }),
    );
    toast(answer.ok ? t("ended") : troubleWords(answer.trouble), { tone: answer.ok ? "good" : "bad" });
    asked.again();
  };
  return (
    <section class="stack">
      <h3>{t("sessions")}</h3>
      {asked.trouble !== null && <TroubleBox trouble={asked.trouble} again={asked.again} />}
      <Table
        label={t("sessions")}
        rows={asked.value?.sessions ?? []}
        rowKey={(row) => String(row.sessionId)}
        isBusy={asked.isBusy}
        empty={<Empty title={t("no_sessions")} />}
        columns={[
          { head: t("browser"), cell: (row) => row.userAgent ?? "–" },
          { head: t("last"), cell: (row) => since(Date.parse(row.lastSeenAt)) },
          {
            head: t("factor"),
            cell: (row) => (
              <Badge tone={row.secondFactor ? "good" : "quiet"}>{t(row.secondFactor ? "shown" : "not_shown")}</Badge>
            ),
          },
          { head: t("act"), cell: (row) => <Button onClick={() => end(row.sessionId)}>{t("end")}</Button> },
        ]}
      />
    </section>
  );
}
