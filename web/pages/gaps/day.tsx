import { useState } from "preact/hooks";
import { api, ask } from "../../api.ts";
import { Badge } from "../../parts/badge.tsx";
import { Button } from "../../parts/button.tsx";
import { confirmWithReason } from "../../parts/dialog.tsx";
import { Panel } from "../../parts/page.tsx";
import { Progress } from "../../parts/progress.tsx";
import { Table } from "../../parts/table.tsx";
import { toast } from "../../parts/toast.tsx";
import { troubleWords } from "../../parts/trouble.tsx";
import { since, when } from "../../say.ts";
import { may } from "../../session.ts";
import type { Unit } from "./model.ts";
import { t } from "./words.ts";

/** Names that are shown at most. */
const NAMES_MAX = 20;
type Props = { site: string; day: string; units: Unit[]; onAsked(): void; onClose(): void };

/** One day of a site: what each source gave, why the rest lacks, and the way to ask for it again. */
export function GapDay({ site, day, units, onAsked, onClose }: Props) {
  /** What the units were when it was asked for: another word means that it was fetched. */
  const [asked, setAsked] = useState<string | null>(null);
  const now = JSON.stringify(units.map(({ source, attempts, updatedAt }) => [source, attempts, updatedAt]));
  const isWaiting = asked !== null && asked === now;
  const vendors = [...new Set(units.map(({ source }) => source))];
  const fetchAgain = async (source: string) => {
    const body = <p>{t("fetch_hint")}</p>;
    const reason = await confirmWithReason({ title: t("fetch_ask", { site, day }), body, yes: t("fetch") });
    if (reason === null) return;
    const json = { from: day, to: day, site, source, again: true, reason };
    const answer = await ask(api().imports.fetch.$post({ json }));
    if (!answer.ok) return toast(troubleWords(answer.trouble), { tone: "bad" });
    setAsked(now);
    toast(t("asked"));
    onAsked();
  };
  return (
    <Panel title={t("day_of", { site, day })} actions={<Button onClick={onClose}>{t("close")}</Button>}>
      <Table<Unit>
        label={t("day_of", { site, day })}
        rows={units}
        rowKey={({ source }) => source}
        empty={<p class="quiet">{t("no_units")}</p>}
        columns={[
          { head: t("source"), cell: ({ source }) => source },
          {
            head: t("complete"),
            cell: ({ complete }) => <Badge tone={complete ? "good" : "warn"}>{t(complete ? "yes" : "no")}</Badge>,
          },
          {
            head: t("expected"),
            cell: ({ expectedHours }) => (expectedHours === null ? "–" : t("hours", { n: expectedHours })),
            isNumber: true,
          },
          { head: t("received"), cell: ({ receivedHours }) => t("hours", { n: receivedHours }), isNumber: true },
          { head: t("attempts"), cell: ({ attempts }) => String(attempts), isNumber: true },
          { head: t("error"), cell: ({ lastError }) => lastError ?? "–" },
          { head: t("next"), cell: ({ complete, nextAt }) => (complete ? "–" : when(nextAt)) },
          { head: t("updated"), cell: ({ updatedAt }) => since(updatedAt) },
        ]}
      />
      {unmappedOf(units).length > 0 && (
        <p class="warn">{t("unmapped", { names: unmappedOf(units).slice(0, NAMES_MAX).join(", ") })}</p>
      )}
      {isWaiting && <Progress label={t("waits")} done={0} of={null} />}
      {may("meters.write") && (
        <div class="row">
          {(vendors.length > 0 ? vendors : ["koios"]).filter(isAskable).map((source) => (
            <Button key={source} busy={isWaiting} onClick={() => fetchAgain(source)}>
              {t("fetch")}: {source}
            </Button>
          ))}
        </div>
      )}
    </Panel>
  );
}

/** Files are brought by people, and cannot be fetched. */
const isAskable = (source: string) => source === "koios" || source === "thundercloud" || source === "koios_report";

/** Serials of the vendor that nobody has placed, as the last taking named them. */
const unmappedOf = (units: Unit[]): string[] => [
  ...new Set(
    units.flatMap(({ details }) => {
      const named = (details as { unmapped?: unknown } | null)?.unmapped;
      return Array.isArray(named) ? named.map(String) : [];
    }),
  ),
];
