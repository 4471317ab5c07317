import { useState } from "preact/hooks";
import { api, ask, type Trouble } from "../../api.ts";
import { at, facts } from "../../country.ts";
import { offers } from "../../offers.ts";
import { AsOf } from "../../parts/as-of.tsx";
import { Button } from "../../parts/button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Field } from "../../parts/field.tsx";
import { Panel } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import { toast } from "../../parts/toast.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { when } from "../../say.ts";
import { may } from "../../session.ts";
import { t as shell } from "../../shell/words.ts";
import { useAsk } from "../../use-ask.ts";
import { wordsOf } from "../../words.ts";
import { meanwhile } from "./meanwhile.ts";
import { MeanwhileNotice } from "./meanwhile-notice.tsx";
import {
  changedSince,
  LINES_MAX,
  type RateFault,
  type RateLine,
  type Rates,
  readRates,
  versioned,
} from "./rates-model.ts";
import type en from "./words/en.ts";

const t = wordsOf<typeof en>("settings");
const FILE_BYTES_MAX = 100_000;
const SHOWN_MAX = 24;
const FAULTS_SHOWN = 10;

/** What the country's money is worth in dollars, with which reports convert. */
export function RatesPanel() {
  const { value, trouble, again, isBusy } = useAsk(() => ask(api()["usd-rates"].$get()), [facts.value?.code]);
  const [isOpen, setOpen] = useState(false);
  const currency = value?.currency ?? facts.value?.currency ?? "";
  return (
    <Panel
      title={t("rates")}
      actions={may("tariffs.write") && <Button onClick={() => setOpen(true)}>{t("rates_enter")}</Button>}
      foot={
        <>
          <AsOf at={value?.asOf ?? null} source={t("rates_source")} />{" "}
          {offers("/changes") && <a href={at("/changes?action=fx_rate")}>{t("rates_undo")}</a>}
        </>
      }
    >
      {trouble !== null && <TroubleBox trouble={trouble} again={again} />}
      {value !== null && (
        <Table<Rates["rates"][number]>
          label={t("rates")}
          rows={value.rates.slice(0, SHOWN_MAX)}
          rowKey={({ validFrom }) => validFrom}
          isBusy={isBusy}
          empty={<Empty title={t("rates_none", { currency })} hint={t("rates_none_hint")} />}
          columns={[
            { head: t("rates_from"), cell: (row) => row.validFrom },
            { head: t("rates_usd", { currency }), cell: (row) => row.usdPerUnit, isNumber: true },
            { head: t("rates_who"), cell: (row) => row.source },
            { head: t("rates_entered"), cell: (row) => when(row.createdAt) },
          ]}
        />
      )}
      {isOpen && (
        <Dialog title={t("rates_enter")} onClose={() => setOpen(false)}>
          <RatesForm
            currency={currency}
            kept={value?.rates ?? []}
            onDone={() => {
              setOpen(false);
              again();
            }}
          />
        </Dialog>
      )}
    </Panel>
  );
}

type FormProps = { currency: string; kept: Rates["rates"]; onDone(): void };
type News = { says: string; rates: ReturnType<typeof changedSince> };

function RatesForm({ currency, kept, onDone }: FormProps) {
  const [text, setText] = useState("");
  const [source, setSource] = useState("");
  const [reason, setReason] = useState("");
  const [faults, setFaults] = useState<RateFault[]>([]);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [base, setBase] = useState(kept);
  const [news, setNews] = useState<News | null>(null);
  const save = async (rates: RateLine[]): Promise<Trouble | null> => {
    const answer = await ask(api()["usd-rates"].$post({ json: { rates: versioned(rates, base), reason } }));
    if (answer.ok) {
      toast(t("rates_done", { n: rates.length }));
      onDone();
      return null;
    }
    const said = meanwhile(answer.trouble);
    if (said === null) return answer.trouble;
    const latest = await ask(api()["usd-rates"].$get());
    if (!latest.ok) return latest.trouble;
    setBase(latest.value.rates);
    setNews({ says: t("rates_meanwhile", said), rates: changedSince(rates, base, latest.value.rates) });
    return null;
  };
  return (
    <form
      class="form"
      onSubmit={async (event) => {
        event.preventDefault();
        const read = readRates(text, source);
        setFaults("faults" in read ? read.faults : []);
        if ("faults" in read) return;
        setBusy(true);
        setTrouble(await save(read.rates));
        setBusy(false);
      }}
    >
      <Field
        label={t("rates_lines")}
        hint={t("rates_lines_hint", { currency })}
        value={text}
        onInput={setText}
        rows={5}
        required
      />
      <label class="file">
        {t("rates_file")}{" "}
        <input
          type="file"
          accept=".csv,.txt,text/csv,text/plain"
          onChange={async (event) => {
            const [file] = event.currentTarget.files ?? [];
            if (file !== undefined && file.size <= FILE_BYTES_MAX) setText(await file.text());
          }}
        />
      </label>
      <Field label={t("rates_who")} hint={t("rates_who_hint")} value={source} onInput={setSource} maxLength={120} />
      <Field label={shell("reason")} hint={shell("reason_hint")} value={reason} onInput={setReason} required />
      {faults.length > 0 && (
        <div class="trouble" role="alert">
          {faults
            .slice(0, FAULTS_SHOWN)
            .map((fault) =>
              "tooMany" in fault ? (
                <p key="many">{t("rates_many", { n: fault.tooMany, max: LINES_MAX })}</p>
              ) : (
                <p key={fault.line}>{t("rates_wrong", { line: fault.line, text: fault.text })}</p>
              ),
            )}
        </div>
      )}
      {news !== null && (
        <MeanwhileNotice says={news.says}>
          {news.rates.slice(0, SHOWN_MAX).map(({ validFrom, rate }) => (
            <p key={validFrom}>
              {rate === null ? `${validFrom}; –` : `${validFrom}; ${rate.usdPerUnit}; ${rate.source}`}
            </p>
          ))}
        </MeanwhileNotice>
      )}
      {trouble !== null && <TroubleBox trouble={trouble} />}
      <div class="row end">
        <Button type="submit" kind="primary" busy={isBusy}>
          {t("rates_put")}
        </Button>
      </div>
    </form>
  );
}
