import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { Button } from "../../parts/button.tsx";
import { siteChoices } from "../../parts/choices.ts";
import { Field, Select } from "../../parts/field.tsx";
import { Tabs } from "../../parts/tabs.tsx";
import { t as shell } from "../../shell/words.ts";
import { said } from "../../words.ts";
import { daysOf, type Filters, SPANS, type Span, spanOf } from "./model.ts";
import { t } from "./words.ts";

const HOLDERS = ["account", "split", "suspense", "treasury", "returned", "legacy"] as const;
const PROVIDERS = ["mpesa", "ecocash", "momo", "cash"] as const;

/** What is shown: days by one press, the rest in a fold. All of it stands in the address. */
export function FiltersBox({ filters, today }: { filters: Filters; today: string }) {
  const { route } = useLocation();
  const put = (values: Partial<Filters> & { any?: string }) => {
    const url = new URL(location.href);
    for (const [name, value] of Object.entries(values))
      if (value === "") url.searchParams.delete(name);
      else url.searchParams.set(name, value);
    route(`${url.pathname}${url.search}`, true);
  };
  const choose = (span: Span) => {
    const { from, to } = daysOf(span, today);
    put({ from, to, any: span === "any" ? "1" : "" });
  };
  const [typed, setTyped] = useState(filters.q);
  const narrowed = [filters.site, filters.provider, filters.holder, filters.min, filters.max].filter((v) => v !== "");
  const any = { value: "", label: shell("any") };
  return (
    <FilterForm onSubmit={() => put({ q: typed.trim() })}>
      <Tabs
        label={t("days")}
        chosen={spanOf(filters, today) ?? ""}
        onChoose={(key) => choose(key as Span)}
        tabs={SPANS.map((span) => ({ key: span, label: t(`span_${span}`) }))}
      />
      <div class="filters">
        <Field
          label={t("find")}
          type="search"
          value={typed}
          placeholder={t("find_hint")}
          onInput={(value) => {
            setTyped(value);
            if (value === "") put({ q: "" });
          }}
        />
        <Field label={t("from")} type="date" value={filters.from} onInput={(from) => put({ from, any: "" })} />
        <Field label={t("to")} type="date" value={filters.to} onInput={(to) => put({ to, any: "" })} />
        <Button type="submit">{shell("search")}</Button>
      </div>
      <details class="on-screen" open={narrowed.length > 0}>
        <summary>{t("more_filters")}</summary>
        <div class="filters">
          <Select label={t("site")} value={filters.site} onInput={(site) => put({ site })} options={siteChoices()} />
          <Select
            label={t("by")}
            value={filters.provider}
            onInput={(provider) => put({ provider })}
            options={[any, ...PROVIDERS.map((each) => ({ value: each, label: each }))]}
          />
          <Select
            label={t("holder")}
            value={filters.holder}
            onInput={(holder) => put({ holder })}
            options={[any, ...HOLDERS.map((each) => ({ value: each, label: said("payments", "holder", each) }))]}
          />
          <Field label={t("min")} inputMode="decimal" value={filters.min} onInput={(min) => put({ min })} />
          <Field label={t("max")} inputMode="decimal" value={filters.max} onInput={(max) => put({ max })} />
        </div>
      </details>
    </FilterForm>
  );
}

const FilterForm = ({ onSubmit, children }: { onSubmit(): void; children: ComponentChildren }) => (
  <form
    class="stack"
    onSubmit={(event) => {
      event.preventDefault();
      onSubmit();
    }}
  >
    {children}
  </form>
);
