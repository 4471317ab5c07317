import { useState } from "preact/hooks";
import { api, ask } from "../../api.ts";
import { at } from "../../country.ts";
import { Button } from "../../parts/button.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Panel } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { cash, when } from "../../say.ts";
import { useAsk } from "../../use-ask.ts";
import { said } from "../../words.ts";
import { LINES_STEP, linesShown } from "./model.ts";
import { t } from "./words.ts";

type Props = { till: string; provider: string; day: string; onBack(): void };

/** One till's day line by line: what the list says, what our books have, and what of it nobody explains. */
export function DayLines({ till, provider, day, onBack }: Props) {
  const { value, trouble, again, isBusy } = useAsk(
    () => ask(api().statements.days[":till"][":provider"][":day"].$get({ param: { till, provider, day } })),
    [till, provider, day],
  );
  const [onlyOff, setOnlyOff] = useState(false);
  const [atMost, setAtMost] = useState(LINES_STEP);
  const { shown, more } = linesShown(value?.lines ?? [], { onlyOff, atMost });
  return (
    <Panel title={`${till} · ${provider} · ${day}`} actions={<Button onClick={onBack}>{t("back_days")}</Button>}>
      <label class="row">
        <input type="checkbox" checked={onlyOff} onChange={(event) => setOnlyOff(event.currentTarget.checked)} />
        {t("only_off")}
      </label>
      {trouble !== null && <TroubleBox trouble={trouble} again={again} />}
      <Table
        label={t("lines")}
        rows={shown}
        rowKey={(line) => `${line.receipt} ${line.kind}`}
        href={(line) => (line.oursMinor === null ? null : at(`/payments/${encodeURIComponent(line.receipt)}`))}
        isBusy={isBusy}
        more={more ? () => setAtMost(atMost + LINES_STEP) : undefined}
        tone={(line) => (line.differenceMinor === 0 ? undefined : "warn")}
        empty={<Empty title={t(onlyOff ? "no_off" : "no_lines")} />}
        columns={[
          { head: t("receipt"), cell: (line) => <code>{line.receipt}</code> },
          { head: t("at"), cell: (line) => <span class="unbroken">{when(line.at)}</span> },
          { head: t("line_kind"), cell: (line) => said("statements", "kind", line.kind) },
          { head: t("statement"), cell: (line) => cash(line.statementMinor), isNumber: true },
          { head: t("ours"), cell: (line) => cash(line.oursMinor), isNumber: true },
          { head: t("difference"), cell: (line) => cash(line.differenceMinor), isNumber: true },
          {
            head: t("whose"),
            cell: (line) =>
              line.accounts.length === 0
                ? (line.because?.replaceAll("_", " ") ?? "–")
                : line.accounts.map((account) => (
                    <a key={account} class="unbroken" href={at(`/accounts/${account}`)}>
                      {account}
                    </a>
                  )),
          },
        ]}
      />
    </Panel>
  );
}
