import { useState } from "preact/hooks";
import { api, ask, type Trouble } from "../../api.ts";
import { at } from "../../country.ts";
import { offers } from "../../offers.ts";
import { Badge } from "../../parts/badge.tsx";
import { Button } from "../../parts/button.tsx";
import { Copy } from "../../parts/copy.tsx";
import { confirmWithReason } from "../../parts/dialog.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Page, Panel } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import { toast } from "../../parts/toast.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { when } from "../../say.ts";
import { may } from "../../session.ts";
import { t as common } from "../../shell/words.ts";
import { useAsk } from "../../use-ask.ts";
import { said, wordsOf } from "../../words.ts";
import { actWords } from "./act-words.ts";
import { actParts, handOf, pathOf, shownValue } from "./model.ts";
import type en from "./words/en.ts";

const t = wordsOf<typeof en>("changes");

/** One act: before and after, whether it stands in the chain, and taking it back. */
export function Change({ id }: { id: string }) {
  const asked = useAsk(() => ask(api().audit[":id{[0-9]{1,15}}"].$get({ param: { id } })), [id]);
  const act = asked.value?.act ?? null;
  const [refused, setRefused] = useState<Trouble | null>(null);
  if (act === null)
    return (
      <Page title={t("one", { id })}>
        {asked.trouble !== null && <TroubleBox trouble={asked.trouble} again={asked.again} />}
      </Page>
    );
  const revert = async () => {
    const reason = await confirmWithReason({
      title: t("revert_ask"),
      body: <p>{t("revert_body", { subject: act.subject })}</p>,
      yes: t("revert"),
      tone: "danger",
    });
    if (reason === null) return;
    const answer = await ask(api().audit[":id{[0-9]{1,15}}"].revert.$post({ param: { id }, json: { reason } }));
    setRefused(answer.ok ? null : answer.trouble);
    if (answer.ok) toast(t("revert_done"));
    asked.again();
  };
  const path = pathOf(act.subject);
  const canRevert = act.instead === null && act.revertedBy === null && may("audit.revert");
  return (
    <Page
      title={actWords(act.action)}
      lead={<a href={at("/changes")}>{t("all")}</a>}
      actions={
        canRevert && (
          <Button kind="danger" onClick={revert}>
            {t("revert")}
          </Button>
        )
      }
    >
      {refused !== null && <Refused trouble={refused} />}
      <Panel>
        <dl class="facts">
          <dt>{t("about")}</dt>
          <dd>{path !== null && offers(path) ? <a href={at(path)}>{act.subject}</a> : <Copy text={act.subject} />}</dd>
          <dt>{t("who")}</dt>
          <dd>{handOf(act.actor)}</dd>
          <dt>{t("when")}</dt>
          <dd>{when(Date.parse(act.at))}</dd>
          <dt>{common("reason")}</dt>
          <dd>{act.reason ?? "–"}</dd>
          <dt>{t("chain")}</dt>
          <dd>
            <Place seq={act.seq} prevHash={act.prevHash} hash={act.hash} />
          </dd>
          <dt>{t("state")}</dt>
          <dd>
            {act.revertedBy !== null && (
              <a href={at(`/changes/${act.revertedBy}`)}>{t("reverted_by", { id: act.revertedBy })}</a>
            )}
            {act.reverts !== null && <a href={at(`/changes/${act.reverts}`)}>{t("reverts", { id: act.reverts })}</a>}
            {act.revertedBy === null && act.reverts === null && t("stands")}
          </dd>
          {act.instead !== null && (
            <>
              <dt>{t("no_revert")}</dt>
              <dd>{insteadOf(act.action, act.instead)}</dd>
            </>
          )}
        </dl>
      </Panel>
      <Panel title={t("changed")}>
        <Table
          label={t("changed")}
          rows={act.changes}
          rowKey={(row) => row.field}
          empty={<Empty title={t("no_fields")} />}
          columns={[
            { head: t("field"), cell: (row) => <code>{row.field}</code> },
            { head: t("before"), cell: (row) => <del>{shownValue(row.before)}</del> },
            { head: t("after"), cell: (row) => <ins>{shownValue(row.after)}</ins> },
          ]}
        />
        <details>
          <summary>{t("whole")}</summary>
          <div class="sides">
            <Side title={t("before")} value={act.before} />
            <Side title={t("after")} value={act.after} />
          </div>
        </details>
      </Panel>
    </Page>
  );
}

const Side = ({ title, value }: { title: string; value: unknown }) => (
  <div>
    <b>{title}</b>
    {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard */}
    <pre tabIndex={0}>{value === null ? "–" : JSON.stringify(value, null, 2)}</pre>
  </div>
);

/** Whether this row is what was hashed, and follows the row before it. */
function Place({ seq, prevHash, hash }: { seq: number; prevHash: string; hash: string }) {
  const { fresh: value, trouble } = useAsk(
    () =>
      ask(
        api().audit.chain.$get({
          query: seq === 1 ? { limit: "1" } : { after: String(seq - 1), hash: prevHash, limit: "1" },
        }),
      ),
    [seq, prevHash],
  );
  const isWhole = value !== null && value.broken === null && value.head.hash === hash;
  return (
    <>
      {t("place", { n: seq })}{" "}
      {trouble === null && value !== null && (
        <Badge tone={isWhole ? "good" : "bad"}>{t(isWhole ? "verified" : "not_verified")}</Badge>
      )}{" "}
      <small class="quiet">
        <code>{hash.slice(0, 12)}…</code>
      </small>
    </>
  );
}

/** The reason in our words; where the server knows a kind that we do not, its own. */
function insteadOf(action: string, theirs: string): string {
  const ours = said("changes", "instead", actParts(action).kind);
  return ours === actParts(action).kind.replaceAll("_", " ") ? theirs : ours;
}

/** A refusal, and the record as it stands now: nobody's later change is overwritten. */
function Refused({ trouble }: { trouble: Trouble }) {
  const present = (trouble.details as { present?: unknown } | null)?.present;
  return (
    <>
      <TroubleBox trouble={trouble} />
      {present !== undefined && <Side title={t("now")} value={present} />}
    </>
  );
}
