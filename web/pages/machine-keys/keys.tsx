import { useState } from "preact/hooks";
import { api, ask } from "../../api.ts";
import { AsOf } from "../../parts/as-of.tsx";
import { Badge, type Tone } from "../../parts/badge.tsx";
import { Button } from "../../parts/button.tsx";
import { confirmWithReason, Dialog } from "../../parts/dialog.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Panel } from "../../parts/page.tsx";
import { ShownOnce } from "../../parts/shown-once.tsx";
import { Table } from "../../parts/table.tsx";
import { toast } from "../../parts/toast.tsx";
import { TroubleBox, troubleWords } from "../../parts/trouble.tsx";
import { byWhom, since, when } from "../../say.ts";
import { useAsk } from "../../use-ask.ts";
import { said } from "../../words.ts";
import { KeyIssue } from "./key-issue.tsx";
import { type Key, type Programme, type Standing, standingOf } from "./model.ts";
import { t } from "./words.ts";

const TONES: Record<Standing, Tone> = { used: "good", unused: "warn", ended: "quiet", revoked: "quiet" };

/** Whose each key is, what it reads, when it was used last; one more is issued here, and one revoked. */
export function Keys({ programmes }: { programmes: readonly Programme[] }) {
  const { value, trouble, isBusy, again } = useAsk(() => ask(api().keys.$get()), []);
  const [isIssuing, setIssuing] = useState(false);
  const [made, setMade] = useState<{ key: string; name: string } | null>(null);
  const revoke = async (row: Key) => {
    const reason = await confirmWithReason({
      title: t("revoke_ask", { name: row.name }),
      body: <p>{t("revoke_body")}</p>,
      yes: t("revoke"),
      tone: "danger",
    });
    if (reason === null) return;
    const one = api().keys[":id{[0-9]{1,15}}"];
    const answer = await ask(one.revoke.$post({ param: { id: String(row.keyId) }, json: { reason } }));
    toast(answer.ok ? t("revoked_now", { name: row.name }) : troubleWords(answer.trouble), {
      tone: answer.ok ? "good" : "bad",
    });
    again();
  };
  return (
    <Panel
      title={t("keys")}
      actions={
        <Button kind="primary" onClick={() => setIssuing(true)}>
          {t("issue")}
        </Button>
      }
      foot={<AsOf at={value?.asOf ?? null} />}
    >
      {trouble !== null && <TroubleBox trouble={trouble} again={again} />}
      <Table
        label={t("keys")}
        rows={value?.keys ?? []}
        rowKey={({ keyId }) => String(keyId)}
        isBusy={isBusy}
        tone={(row) => (["revoked", "ended"].includes(standingOf(row, value?.asOf ?? 0)) ? "quiet" : undefined)}
        empty={<Empty title={t("none")} hint={t("none_hint")} />}
        columns={[
          {
            head: t("name"),
            cell: (row) => (
              <>
                <b>{row.name}</b>{" "}
                <small class="quiet">
                  <code>{row.shownAs}…</code>
                </small>
              </>
            ),
          },
          {
            head: t("reads"),
            cell: ({ programme, scopes }) =>
              programme === null ? scopes.map((scope) => said("machine-keys", "scope", scope)).join(", ") : programme,
          },
          {
            head: t("issued"),
            cell: (row) => (
              <>
                <span class="unbroken">{when(row.issuedAt)}</span> <small class="quiet">{byWhom(row.issuedBy)}</small>
              </>
            ),
          },
          { head: t("last_used"), cell: (row) => <span class="unbroken">{since(row.lastUsedAt, value?.asOf)}</span> },
          {
            head: t("until"),
            cell: (row) => <span class="unbroken">{row.expiresAt === null ? t("for_ever") : when(row.expiresAt)}</span>,
          },
          {
            head: t("state"),
            cell: (row) => {
              const standing = standingOf(row, value?.asOf ?? 0);
              return <Badge tone={TONES[standing]}>{t(`standing_${standing}`)}</Badge>;
            },
          },
          {
            head: t("act"),
            cell: (row) =>
              row.revokedAt === null ? (
                <Button kind="danger" onClick={() => revoke(row)}>
                  {t("revoke")}
                </Button>
              ) : (
                when(row.revokedAt)
              ),
          },
        ]}
      />
      {isIssuing && (
        <Dialog title={t("issue")} onClose={() => setIssuing(false)}>
          <KeyIssue
            programmes={programmes}
            onMade={(key, name) => {
              setIssuing(false);
              setMade({ key, name });
              again();
            }}
          />
        </Dialog>
      )}
      {made !== null && (
        <ShownOnce
          title={t("made", { name: made.name })}
          notice={t("once")}
          text={made.key}
          kept={t("kept")}
          onClose={() => setMade(null)}
        />
      )}
    </Panel>
  );
}
