import { localDay } from "../../../src/domain/local-day.ts";
import { api, ask } from "../../api.ts";
import { facts } from "../../country.ts";
import { Badge } from "../../parts/badge.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Field, Select } from "../../parts/field.tsx";
import { Panel } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { cash, since } from "../../say.ts";
import { t as shell } from "../../shell/words.ts";
import { useAddress } from "../../use-address.ts";
import { useAsk } from "../../use-ask.ts";
import { DayLines } from "./day-lines.tsx";
import { addressWith, whyOpen } from "./model.ts";
import { t } from "./words.ts";

const DAYS_SHOWN = 14;

/** Each till's days: what its operator says, what our books say, and why a day is not final. */
export function Days() {
  const offset = facts.value?.utcOffsetMinutes ?? 0;
  const [from, setFrom] = useAddress("from", localDay(Date.now() - DAYS_SHOWN * 86_400_000, offset));
  const [to, setTo] = useAddress("to", localDay(Date.now(), offset));
  const [state, setState] = useAddress("state");
  const [till, setTill] = useAddress("till");
  const [provider] = useAddress("operator");
  const [day] = useAddress("day");
  const { value, trouble, again, isBusy } = useAsk(
    () => ask(api().statements.days.$get({ query: { from, to, ...(state === "" ? {} : { state: state as "open" }) } })),
    [from, to, state],
  );
  if (till !== "" && day !== "") return <DayLines {...{ till, provider, day }} onBack={() => setTill("")} />;
  return (
    <Panel>
      <div class="filters">
        <Field label={t("from")} type="date" value={from} onInput={setFrom} />
        <Field label={t("to")} type="date" value={to} onInput={setTo} />
        <Select
          label={t("state")}
          value={state}
          onInput={setState}
          options={[
            { value: "", label: shell("any") },
            { value: "open", label: t("open") },
            { value: "final", label: t("final") },
          ]}
        />
      </div>
      {trouble !== null && <TroubleBox trouble={trouble} again={again} />}
      <Table
        label={t("days")}
        rows={value?.days ?? []}
        rowKey={(row) => `${row.tillId} ${row.provider} ${row.day}`}
        href={(row) => addressWith(location.href, { till: row.tillId, operator: row.provider, day: row.day })}
        isBusy={isBusy}
        tone={(row) => (row.state === "final" ? undefined : "warn")}
        empty={<Empty title={t("no_days")} hint={t("no_days_hint")} />}
        columns={[
          { head: t("day"), cell: (row) => <span class="unbroken">{row.day}</span> },
          { head: t("till"), cell: (row) => `${row.tillId} · ${row.provider}` },
          { head: t("statement"), cell: (row) => cash(row.statementMinor), isNumber: true },
          { head: t("payments"), cell: (row) => cash(row.paymentsMinor), isNumber: true },
          { head: t("suspense"), cell: (row) => cash(row.suspenseMinor), isNumber: true },
          { head: t("treasury"), cell: (row) => cash(row.treasuryMinor), isNumber: true },
          { head: t("difference"), cell: (row) => cash(row.differenceMinor), isNumber: true },
          {
            head: t("state"),
            cell: (row) => {
              const why = whyOpen(row);
              return (
                <>
                  <Badge tone={why === null ? "good" : "warn"}>{t(why === null ? "final" : "open")}</Badge>{" "}
                  {why !== null && (
                    <small class="quiet">
                      {t(`why_${why}`, { n: why === "missing" ? row.missing : row.unexplained })}
                    </small>
                  )}
                </>
              );
            },
          },
          { head: t("computed"), cell: (row) => since(row.computedAt) },
        ]}
      />
    </Panel>
  );
}
