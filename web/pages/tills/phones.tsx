import { useState } from "preact/hooks";
import { api, ask } from "../../api.ts";
import { AsOf } from "../../parts/as-of.tsx";
import { Badge } from "../../parts/badge.tsx";
import { Button } from "../../parts/button.tsx";
import { confirm } from "../../parts/dialog.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Panel } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import { toast } from "../../parts/toast.tsx";
import { TroubleBox, troubleWords } from "../../parts/trouble.tsx";
import { count, since } from "../../say.ts";
import { may } from "../../session.ts";
import { useAsk } from "../../use-ask.ts";
import { usePoll } from "../../use-poll.ts";
import { type Credential, CredentialBox } from "./credential.tsx";
import { IssueForm } from "./issue-form.tsx";
import { t } from "./words.ts";

const LOOK_MS = 10_000;

/** Gateway phones: when each was heard of, what waits in it, and its key. */
export function Phones({ tills }: { tills: { tillId: string; name: string }[] }) {
  const { value, trouble, again, isBusy } = useAsk(() => ask(api().phones.$get()), []);
  usePoll(again, LOOK_MS);
  const [given, setGiven] = useState<Credential | null>(null);
  const [isIssuing, setIssuing] = useState(false);
  const mayGive = may("staff.manage");
  const rotate = async (phoneId: string) => {
    const isSure = await confirm({
      title: t("rotate_ask", { phone: phoneId }),
      body: <p>{t("rotate_body")}</p>,
      yes: t("rotate"),
    });
    if (!isSure) return;
    const answer = await ask(api().phones[":phoneId"].rotate.$post({ param: { phoneId } }));
    if (!answer.ok) return toast(troubleWords(answer.trouble), { tone: "bad" });
    setGiven(answer.value);
    again();
  };
  const revoke = async (phoneId: string) => {
    const isSure = await confirm({
      title: t("revoke_ask", { phone: phoneId }),
      body: <p>{t("revoke_body")}</p>,
      yes: t("revoke"),
      tone: "danger",
    });
    if (!isSure) return;
    const answer = await ask(api().phones[":phoneId"].revoke.$post({ param: { phoneId } }));
    toast(answer.ok ? t("revoked_now", { phone: phoneId }) : troubleWords(answer.trouble), {
      tone: answer.ok ? "good" : "bad",
    });
    again();
  };
  return (
    <>
      {given !== null && <CredentialBox given={given} onClose={() => setGiven(null)} />}
      <Panel
        title={t("phones")}
        actions={
          mayGive && (
            <Button kind="primary" onClick={() => setIssuing(!isIssuing)}>
              {t("issue")}
            </Button>
          )
        }
        foot={<AsOf at={value?.asOf ?? null} source={t("mailboxes")} />}
      >
        {isIssuing && (
          <IssueForm
            tills={tills}
            onGiven={(made) => {
              setGiven(made);
              setIssuing(false);
              again();
            }}
          />
        )}
        {trouble !== null && <TroubleBox trouble={trouble} again={again} />}
        <Table
          label={t("phones")}
          rows={value?.phones ?? []}
          rowKey={({ phoneId }) => phoneId}
          isBusy={isBusy && value === null}
          tone={(row) => (row.revoked ? "quiet" : row.silent ? "warn" : undefined)}
          empty={<Empty title={t("no_phones")} hint={t("no_phones_hint")} />}
          columns={[
            {
              head: t("phone"),
              cell: (row) => (
                <>
                  <b>{row.name}</b> <small class="quiet unbroken">{row.phoneId}</small>
                </>
              ),
            },
            { head: t("till"), cell: (row) => row.tillId },
            {
              head: t("seen"),
              cell: (row) => (
                <>
                  <Badge tone={row.revoked ? "quiet" : row.silent ? "warn" : "good"}>
                    {t(row.revoked ? "revoked" : row.silent ? "silent" : "heard")}
                  </Badge>{" "}
                  <span class="unbroken">{since(row.lastPollAt)}</span>
                </>
              ),
            },
            { head: t("unread"), cell: (row) => count(row.unprocessed), isNumber: true },
            { head: t("to_send"), cell: (row) => count(row.outgoingWaiting), isNumber: true },
            { head: t("to_forward"), cell: (row) => count(row.forwardWaiting + row.forwardParked), isNumber: true },
            {
              head: t("key"),
              cell: (row) =>
                mayGive && !row.revoked ? (
                  <span class="row">
                    <Button onClick={() => rotate(row.phoneId)}>{t("rotate")}</Button>
                    <Button kind="danger" onClick={() => revoke(row.phoneId)}>
                      {t("revoke")}
                    </Button>
                  </span>
                ) : (
                  "–"
                ),
            },
          ]}
        />
      </Panel>
    </>
  );
}
