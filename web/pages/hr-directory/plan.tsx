import { api, ask } from "../../api.ts";
import { Badge } from "../../parts/badge.tsx";
import { Button } from "../../parts/button.tsx";
import { confirmWithReason } from "../../parts/dialog.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Table } from "../../parts/table.tsx";
import { toast } from "../../parts/toast.tsx";
import { troubleWords } from "../../parts/trouble.tsx";
import { count } from "../../say.ts";
import { said } from "../../words.ts";
import { type Plan as Planned, pressOf, type Step } from "./model.ts";
import { t } from "./words.ts";

/** Who would be locked and why, whose roles would follow a department, and doing it. */
export function Plan({ plan, onDone }: { plan: Planned; onDone(): void }) {
  const press = pressOf(plan);
  const locks = plan.steps.filter((step) => step.do === "lock").length;
  const sync = async () => {
    const reason = await confirmWithReason({
      title: t(press === "force" ? "force_ask" : "sync_ask", { n: plan.steps.length, locks }),
      body: <p>{t("sync_body")}</p>,
      yes: t("sync"),
      tone: press === "force" ? "danger" : "primary",
    });
    if (reason === null) return;
    const answer = await ask(api().hr.sync.$post({ json: { force: press === "force", reason } }));
    if (!answer.ok) toast(troubleWords(answer.trouble), { tone: "bad" });
    else if (answer.value.notAllowed.length > 0) {
      const who = answer.value.notAllowed.map(({ email, detail }) => `${email}: ${detail}`).join("; ");
      toast(t("partly", { n: answer.value.done, who }), { tone: "bad" });
    } else toast(t("done", { n: answer.value.done }));
    onDone();
  };
  return (
    <>
      {plan.refused !== null && <p class="notice">{t(`refused_${plan.refused}`)}</p>}
      <Table
        label={t("next")}
        rows={plan.steps}
        rowKey={({ staffId }) => String(staffId)}
        tone={(step) => (step.do === "lock" ? "warn" : undefined)}
        empty={<Empty title={t("no_steps")} hint={t("no_steps_hint")} />}
        columns={[
          { head: t("who"), cell: ({ email }) => <b>{email}</b> },
          {
            head: t("what"),
            cell: (step) => (
              <Badge tone={step.do === "lock" ? "bad" : "warn"}>
                {t(step.do === "lock" ? "locked" : "other_roles")}
              </Badge>
            ),
          },
          { head: t("why"), cell: whyOf },
        ]}
      />
      {plan.unreadable.length > 0 && (
        <p class="warn">
          {t("unreadable", {
            rows: plan.unreadable.map(({ row, email, field }) => `${row} (${email ?? "?"}, ${field})`).join(", "),
          })}
        </p>
      )}
      {plan.unknown.length > 0 && (
        <p class="quiet">{t("unknown", { n: count(plan.unknown.length), who: plan.unknown.join(", ") })}</p>
      )}
      <div class="row">
        <Button
          kind={press === "force" ? "danger" : "primary"}
          disabled={press === "nothing" || press === "refused"}
          onClick={sync}
        >
          {t("sync")}
        </Button>
      </div>
    </>
  );
}

const roles = (of: readonly string[]) =>
  of.length === 0 ? t("no_role") : of.map((role) => said("hr-directory", "role", role)).join(", ");
const whyOf = (step: Step) =>
  step.do === "lock" ? t(`because_${step.because}`) : `${roles(step.from)} → ${roles(step.to)}`;
