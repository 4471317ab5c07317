import { api, ask } from "../../api.ts";
import { AsOf } from "../../parts/as-of.tsx";
import { Badge } from "../../parts/badge.tsx";
import { Panel } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { count, since, span, when } from "../../say.ts";
import { useAsk } from "../../use-ask.ts";
import { type Budget, type Health, heldBack, KINDS } from "./model.ts";
import { t } from "./words.ts";
import { Writers } from "./writers.tsx";

const DAY_MS = 86_400_000;

/** The vendors, what is left of their day, how fresh each site is, and who credits it. */
export function VendorHealth() {
  const { value, trouble, again } = useAsk(() => ask(api().imports.health.$get()), []);
  if (value === null) return trouble === null ? null : <TroubleBox trouble={trouble} again={again} />;
  return (
    <>
      <Panel
        title={t("vendors")}
        actions={value.vendors.map(({ vendor, configured }) => (
          <Badge key={vendor} tone={configured ? "good" : "quiet"}>
            {vendor}: {t(configured ? "here_yes" : "here_no")}
          </Badge>
        ))}
        foot={<AsOf at={value.asOf} source={t("budget_source")} />}
      >
        <Budgets budgets={value.budgets} />
      </Panel>
      <Panel title={t("sites")} foot={t("stale_hint", { days: Math.round(value.staleAfterMs / DAY_MS) })}>
        <Table<Health["sites"][number]>
          label={t("sites")}
          rows={value.sites}
          rowKey={({ site }) => site}
          tone={({ isStale }) => (isStale ? "bad" : undefined)}
          empty={<p class="quiet">{t("sites_none")}</p>}
          columns={[
            { head: t("site"), cell: ({ site }) => site },
            { head: t("vendor"), cell: ({ vendor }) => vendor },
            { head: t("newest"), cell: ({ newestAt }) => when(newestAt) },
            {
              head: t("age"),
              cell: ({ newestAt }) => (newestAt === null ? "–" : span(value.asOf - newestAt)),
              isNumber: true,
            },
            {
              head: t("state"),
              cell: ({ isStale }) => <Badge tone={isStale ? "bad" : "good"}>{t(isStale ? "stale" : "fresh")}</Badge>,
            },
          ]}
        />
        <AsOf at={value.asOf} source={t("records")} />
      </Panel>
      <Writers />
    </>
  );
}

const Budgets = ({ budgets }: { budgets: Budget[] }) => (
  <Table<Budget>
    label={t("vendors")}
    rows={budgets}
    rowKey={({ name }) => name}
    empty={<p class="quiet">{t("budgets_none")}</p>}
    columns={[
      { head: t("organisation"), cell: ({ name }) => name },
      {
        head: t("used"),
        cell: ({ usedTotal, dailyMax }) => t("used_of", { used: count(usedTotal), max: count(dailyMax) }),
        isNumber: true,
      },
      {
        head: t("kinds"),
        cell: ({ used }) =>
          KINDS.filter((kind) => used[kind] > 0)
            .map((kind) => `${t(`kind_${kind}`)} ${count(used[kind])}`)
            .join(", ") || "–",
      },
      { head: t("breakers"), cell: (budget) => <HeldBack budget={budget} /> },
      { head: t("last_ok"), cell: ({ lastOkAt }) => since(lastOkAt) },
      {
        head: t("last_failure"),
        cell: ({ lastFailure }) => (lastFailure === null ? "–" : `${since(lastFailure.at)}: ${lastFailure.detail}`),
      },
    ]}
  />
);

function HeldBack({ budget }: { budget: Budget }) {
  const held = heldBack(budget);
  if (budget.spentUntil !== null) return <Badge tone="bad">{t("spent", { at: when(budget.spentUntil) })}</Badge>;
  if (held.length === 0) return <Badge tone="good">{t("breakers_none")}</Badge>;
  return (
    <span class="row">
      {held.map(({ kind, until }) => (
        <Badge key={kind} tone="warn">
          {until === null
            ? t("breaker_trying", { kind: t(`kind_${kind}`) })
            : t("breaker", { kind: t(`kind_${kind}`), at: when(until) })}
        </Badge>
      ))}
    </span>
  );
}
