import { useState } from "preact/hooks";
import { heldBecause } from "../../held.ts";
import { Button } from "../../parts/button.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Select } from "../../parts/field.tsx";
import { LiveMark } from "../../parts/live-mark.tsx";
import { Page } from "../../parts/page.tsx";
import { Tile, Tiles } from "../../parts/tile.tsx";
import { toast } from "../../parts/toast.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { cash, count, since } from "../../say.ts";
import { t as shell } from "../../shell/words.ts";
import { useAddress } from "../../use-address.ts";
import { said } from "../../words.ts";
import { holderWords, type SuspenseCase, stateOf } from "./acts.ts";
import { CaseCard } from "./case-card.tsx";
import "./suspense.css";
import { useCases } from "./use-cases.ts";
import { t } from "./words.ts";

export default function SuspensePage() {
  const [because, setBecause] = useAddress("because");
  const [open, setOpen] = useState<string | null>(null);
  const cases = useCases((gone) => void sayGone(gone));
  const { value, trouble, rows } = cases;
  const reasons = [...new Set(rows.map((row) => row.because))].sort();
  const shown = because === "" ? rows : rows.filter((row) => row.because === because);
  const [oldest] = rows;
  return (
    <Page
      title={t("title")}
      lead={t("lead")}
      actions={
        <LiveMark
          state={trouble !== null ? "lost" : value === null ? "connecting" : "live"}
          asOf={value?.asOf ?? null}
        />
      }
    >
      {trouble !== null && <TroubleBox trouble={trouble} again={cases.again} />}
      <Tiles label={t("title")}>
        <Tile
          label={t("waits")}
          value={cash(value?.total.amountMinor ?? null)}
          tone={value !== null && value.total.count > 0 ? "warn" : undefined}
          asOf={value?.asOf ?? null}
          source={t("source")}
        />
        <Tile label={t("cases")} value={value === null ? "–" : count(value.total.count)} />
        <Tile label={t("oldest")} value={oldest === undefined ? "–" : since(oldest.openedAt)} />
      </Tiles>
      {reasons.length > 1 && (
        <div class="filters">
          <Select
            label={t("why_filter")}
            value={because}
            onInput={setBecause}
            options={[
              { value: "", label: shell("any") },
              ...reasons.map((each) => ({ value: each, label: heldBecause(each) })),
            ]}
          />
        </div>
      )}
      {value !== null && rows.length === 0 && <Empty title={t("none")} hint={t("none_hint")} />}
      {rows.length > 0 && shown.length === 0 && <Empty title={t("none_of_reason")} />}
      <ol class="cases">
        {shown.map((row) => (
          <CaseCard
            key={row.caseKey}
            row={row}
            hints={cases.hintsOf(row.caseKey)}
            isOpen={open === row.caseKey}
            onOpen={(yes) => setOpen(yes ? row.caseKey : null)}
            onDone={() => {
              cases.hide(row.caseKey);
              cases.again();
            }}
            onBack={() => {
              cases.show(row.caseKey);
              cases.again();
            }}
          />
        ))}
      </ol>
      {cases.more !== undefined && (
        <div class="row end">
          <Button onClick={cases.more}>{shell("more")}</Button>
        </div>
      )}
    </Page>
  );
}

/** A webhook or a colleague was quicker: the case leaves the list with a word about who has the money. */
async function sayGone({ receipt }: SuspenseCase) {
  if (receipt === null) return toast(t("gone_text"));
  const state = await stateOf(receipt);
  const holder = state.ok ? holderWords(state.value, (kind) => said("suspense", "kind", kind), cash) : "–";
  toast(t("gone", { receipt, holder }));
}
