import { useState } from "preact/hooks";
import { api, apiUrl, ask, type Trouble } from "../../api.ts";
import { at } from "../../country.ts";
import { Button } from "../../parts/button.tsx";
import { Copy } from "../../parts/copy.tsx";
import { Field, Select } from "../../parts/field.tsx";
import { Page, Panel } from "../../parts/page.tsx";
import { Progress } from "../../parts/progress.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { count, when } from "../../say.ts";
import { useAddress } from "../../use-address.ts";
import { useAsk } from "../../use-ask.ts";
import { wordsOf } from "../../words.ts";
import { filtersIn } from "../tables/model.ts";
import { fetchFile } from "./fetch-file.ts";
import { bytes, FILE_ROWS_MAX, isTooMuch } from "./model.ts";
import type en from "./words/en.ts";

const t = wordsOf<typeof en>("exports");

type Link = { url: string; expiresAt: number };
type Coming = { got: number; isWhole: boolean | null };

/** A table as a file: which rows, in which form; then a link that lasts minutes, and how far the file has come. */
export default function ExportsPage() {
  const [table, setTable] = useAddress("table");
  const [where, setWhere] = useAddress("where");
  const [q, setQ] = useAddress("q");
  const [format, setFormat] = useAddress("format", "csv");
  const tables = useAsk(() => ask(api().tables.$get()), []);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [link, setLink] = useState<Link | null>(null);
  const [coming, setComing] = useState<Coming | null>(null);
  const known = tables.value?.tables ?? [];
  const chosen = known.find(({ name }) => name === table);
  const rows = chosen?.rowEstimate ?? null;
  const hasFilter = where !== "" || q !== "";
  const isBusy = coming !== null && coming.isWhole === null;
  const make = async () => {
    setTrouble(null);
    setLink(null);
    const json = {
      table,
      format: format === "xlsx" ? ("xlsx" as const) : ("csv" as const),
      filter: filtersIn(where),
      ...(q === "" ? {} : { q }),
    };
    const answer = await ask(api().exports.$post({ json }));
    if (!answer.ok) return setTrouble(answer.trouble);
    const url = apiUrl(answer.value.url.replace(/^\/api/, ""));
    setLink({ url, expiresAt: Date.parse(answer.value.expiresAt) });
    setComing({ got: 0, isWhole: null });
    const isWhole = await fetchFile(url, (got) => setComing({ got, isWhole: null }));
    setComing((now) => ({ got: now?.got ?? 0, isWhole }));
  };
  return (
    <Page title={t("title")} lead={t("lead", { n: count(FILE_ROWS_MAX) })}>
      <Panel>
        {tables.trouble !== null && <TroubleBox trouble={tables.trouble} again={tables.again} />}
        <form
          class="form"
          onSubmit={(event) => {
            event.preventDefault();
            void make();
          }}
        >
          <Select
            label={t("table")}
            hint={chosen?.says}
            value={table}
            onInput={(name) => {
              setTable(name);
              setLink(null);
              setComing(null);
            }}
            options={[{ value: "", label: t("choose") }, ...known.map(({ name }) => ({ value: name, label: name }))]}
            required
          />
          {chosen !== undefined && (
            <p class={isTooMuch(rows, hasFilter) ? "notice" : "quiet"}>
              {rows === null ? t("rows_unknown") : t("rows", { n: count(rows) })}{" "}
              {isTooMuch(rows, hasFilter) && t("too_much", { n: count(FILE_ROWS_MAX) })}{" "}
              <a href={at(`/tables/${chosen.name}${where === "" ? "" : `?where=${encodeURIComponent(where)}`}`)}>
                {t("look")}
              </a>
            </p>
          )}
          <Field
            label={t("filters")}
            hint={t("filters_hint")}
            value={where}
            onInput={setWhere}
            error={trouble?.fields.filter}
            isOptional
          />
          <Field
            label={t("words")}
            hint={t("words_hint")}
            value={q}
            onInput={setQ}
            error={trouble?.fields.q}
            isOptional
          />
          <Select
            label={t("format")}
            hint={t(format === "xlsx" ? "xlsx_hint" : "csv_hint")}
            value={format}
            onInput={setFormat}
            options={[
              { value: "csv", label: "CSV" },
              { value: "xlsx", label: "XLSX" },
            ]}
          />
          {trouble !== null && <TroubleBox trouble={trouble} />}
          <div class="row">
            <Button type="submit" kind="primary" busy={isBusy} disabled={chosen === undefined}>
              {t("make")}
            </Button>
          </div>
        </form>
      </Panel>
      {coming !== null && (
        <Panel title={t("file")}>
          {coming.isWhole === null ? (
            <Progress label={t("coming", { size: bytes(coming.got) })} done={coming.got} of={null} />
          ) : (
            <p class={`fresh ${coming.isWhole ? "good" : "bad"}`} role="status">
              {t(coming.isWhole ? "whole" : "broken", { size: bytes(coming.got) })}
            </p>
          )}
          {link !== null && (
            <p class="quiet link-line">
              {t("link", { at: when(link.expiresAt) })} <Copy text={`${location.origin}${link.url}`} />
            </p>
          )}
        </Panel>
      )}
    </Page>
  );
}
