import type { InferResponseType } from "hono/client";
import { useState } from "preact/hooks";
import { api, ask } from "../../api.ts";
import { at } from "../../country.ts";
import { AsOf } from "../../parts/as-of.tsx";
import { Badge } from "../../parts/badge.tsx";
import { Button } from "../../parts/button.tsx";
import { confirmWithReason } from "../../parts/dialog.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Panel } from "../../parts/page.tsx";
import { toast } from "../../parts/toast.tsx";
import { troubleWords } from "../../parts/trouble.tsx";
import { cash, count, when } from "../../say.ts";
import { may } from "../../session.ts";
import { LimitsForm } from "./limits-form.tsx";
import { CAPS } from "./model.ts";
import { t } from "./words.ts";

type View = InferResponseType<ReturnType<typeof api>["tills"]["$get"], 200>;
type Till = View["tills"][number];
type Provider = "mpesa" | "ecocash" | "momo";

/** Merchant lines: who is believed, what is let through, and where the operator's balances do not meet. */
export const Tills = ({ view, again }: { view: View; again(): void }) => (
  <>
    {view.tills.length === 0 && <Empty title={t("no_tills")} />}
    {view.unanswered.length > 0 && <p class="notice">{t("unanswered", { tills: view.unanswered.join(", ") })}</p>}
    {view.tills.map((till) => (
      <OneTill key={till.facts.tillId} till={till} asOf={view.asOf} again={again} />
    ))}
  </>
);

function OneTill({ till, asOf, again }: { till: Till; asOf: number; again(): void }) {
  const { facts, today, chains } = till;
  const [isEditing, setEditing] = useState(false);
  // Whose sender is the road itself.
  const isRoad = facts.tillId.startsWith("road-");
  const close = async (provider: string, startMinor: number) => {
    const reason = await confirmWithReason({
      title: t("close_ask"),
      body: <p>{t("close_body")}</p>,
      yes: t("close_gap"),
    });
    if (reason === null) return;
    const answer = await ask(
      api().tills[":tillId"].chain.close.$post({
        param: { tillId: facts.tillId },
        json: { provider: provider as Provider, startMinor, reason },
      }),
    );
    toast(answer.ok ? t("closed_gap") : troubleWords(answer.trouble), { tone: answer.ok ? "good" : "bad" });
    again();
  };
  return (
    <Panel
      title={`${facts.name} (${facts.tillId})`}
      actions={may("staff.manage") && !isRoad && <Button onClick={() => setEditing(true)}>{t("limits_change")}</Button>}
      foot={
        <>
          <AsOf at={asOf} source={t("till_object")} />{" "}
          {may("audit.read") && (
            <a href={at(`/changes?about=${encodeURIComponent(`till:${facts.tillId}`)}`)}>{t("limits_history")}</a>
          )}
        </>
      }
    >
      {isEditing && (
        <LimitsForm
          facts={facts}
          onClose={(isChanged) => {
            setEditing(false);
            if (isChanged) again();
          }}
        />
      )}
      <dl class="facts">
        <dt>{t("senders")}</dt>
        <dd>{facts.senders.join(", ")}</dd>
        <dt>{t("counted")}</dt>
        <dd>
          {cash(today.countedMinor)} ({count(today.payments)})
        </dd>
        <dt>{t("caps")}</dt>
        <dd>
          <dl class="facts">
            {CAPS.map((cap) => [
              <dt key={`${cap}:`}>{t(`cap_${cap}`)}</dt>,
              <dd key={cap} class="number">
                {cash(facts.caps[cap])}
              </dd>,
            ])}
          </dl>
        </dd>
      </dl>
      {chains.length === 0 && <p class="quiet">{t("no_chain")}</p>}
      {chains.map((chain) => (
        <div key={chain.provider} class="stack">
          <p class="row">
            <b>{chain.provider}</b>
            <Badge tone={chain.gaps.length === 0 ? "good" : "warn"}>
              {chain.gaps.length === 0 ? t("whole") : t("gaps", { n: chain.gaps.length })}
            </Badge>
            <span class="quiet">{t("balance", { amount: cash(chain.balanceMinor), at: when(chain.balanceAt) })}</span>
          </p>
          {chain.gaps.map((gap) => (
            <p key={gap.startMinor} class="row">
              <Badge tone={gap.caseOpen ? "bad" : "warn"}>{t(gap.caseOpen ? "case_open" : "young_gap")}</Badge>
              <span>
                {t("gap", {
                  end: cash(gap.endMinor),
                  start: cash(gap.startMinor),
                  missing: cash(gap.missingMinor),
                  at: when(gap.since),
                })}
              </span>
              {gap.caseOpen && may("money.write") && (
                <Button onClick={() => close(chain.provider, gap.startMinor)}>{t("close_gap")}</Button>
              )}
            </p>
          ))}
        </div>
      ))}
    </Panel>
  );
}
