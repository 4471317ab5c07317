import { facts } from "../../country.ts";
import { debtName } from "../../parts/debt-name.ts";
import { byWhom, cash, when } from "../../say.ts";
import { said, wordsOf } from "../../words.ts";
import { debtOf, enteredLate, kwh, type Line, linesOf, receiptOf, shownKind, type Told } from "./model.ts";
import { Story } from "./story.tsx";
import "./explain.css";
import type en from "./words/en.ts";

const t = wordsOf<typeof en>("explain");

/** Entries of the ledger with the balance after each. A line opens to all that stands behind it. */
export function Entries({ entries, isGrouped }: { entries: readonly Told[]; isGrouped: boolean }) {
  const lines: Line[] = isGrouped
    ? linesOf(entries, facts.value?.utcOffsetMinutes ?? 0)
    : entries.map((entry) => ({ kind: "entry", entry }));
  const late = enteredLate(entries);
  return (
    <section class="entries" aria-label={t("entries")}>
      <div class="entry-head" aria-hidden="true">
        <span>{t("at")}</span>
        <span>{t("entry")}</span>
        <span class="figure">{t("money")}</span>
        <span class="figure">{t("energy")}</span>
        <span class="figure">{t("after")}</span>
      </div>
      {lines.map((line) =>
        line.kind === "entry" ? (
          <EntryLine key={line.entry.seq} entry={line.entry} late={late} />
        ) : (
          <Uses key={line.key} line={line} late={late} />
        ),
      )}
    </section>
  );
}

type Late = { late: ReadonlySet<number> };
function EntryLine({ entry, late }: { entry: Told } & Late) {
  const { kind, energyWh, amountMinor, balanceAfterWh, occurredAt, use, vendorDay } = entry;
  const debt = debtOf(entry);
  const about = receiptOf(entry) ?? use?.meterNumber ?? vendorDay?.meterNumber ?? byWhom(entry.actor);
  return (
    <details class={`entry ${kind}`}>
      <summary>
        <time>{when(occurredAt)}</time>
        <span>
          <b>{said("explain", "kind", shownKind(entry))}</b> {debt !== null && `${debtName(debt)} `}
          <span class="quiet">{about}</span>
          {late.has(entry.seq ?? 0) && <small class="quiet late">{t("late", { at: when(entry.acceptedAt) })}</small>}
        </span>
        <Figures money={amountMinor === 0 ? "" : cash(amountMinor)} energyWh={energyWh} afterWh={balanceAfterWh} />
      </summary>
      <Story entry={entry} />
    </details>
  );
}

/** The readings of a day, summed; opened, each of them. */
function Uses({ line: { day, entries }, late }: { line: Extract<Line, { kind: "uses" }> } & Late) {
  const energyWh = entries.reduce((sum, entry) => sum + entry.energyWh, 0);
  return (
    <details class="entry consumption">
      <summary>
        <time>{day}</time>
        <span>
          <span class="quiet">{t("uses_of_day", { day, n: entries.length })}</span>
          {entries.some(({ seq }) => late.has(seq ?? 0)) && (
            <small class="quiet late">{t("late", { at: when(entries[0]?.acceptedAt ?? null) })}</small>
          )}
        </span>
        <Figures money="" energyWh={energyWh} afterWh={entries[0]?.balanceAfterWh ?? null} />
      </summary>
      <div class="within">
        {entries.map((entry) => (
          <EntryLine key={entry.seq} entry={entry} late={late} />
        ))}
      </div>
    </details>
  );
}

const Figures = ({ money, energyWh, afterWh }: { money: string; energyWh: number; afterWh: number | null }) => (
  <>
    <span class="figure" data-head={t("money")}>
      {money}
    </span>
    <span class={`figure ${energyWh > 0 ? "good" : ""}`} data-head={t("energy")}>
      {energyWh > 0 ? "+" : ""}
      {kwh(energyWh)}
    </span>
    <span class="figure after" data-head={t("after")}>
      {kwh(afterWh)}
    </span>
  </>
);
