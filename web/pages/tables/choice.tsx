import { useState } from "preact/hooks";
import { facts } from "../../country.ts";
import { Button } from "../../parts/button.tsx";
import { Field, Select, Tick } from "../../parts/field.tsx";
import { t as common } from "../../shell/words.ts";
import { wordsOf } from "../../words.ts";
import { type Column, type Described, filterOf, filtersIn, OPERATORS, type Operator, whereOf } from "./model.ts";
import type en from "./words/en.ts";

const t = wordsOf<typeof en>("tables");

type Props = {
  table: Described;
  shown: readonly Column[];
  q: string;
  setQ(value: string): void;
  where: string;
  setWhere(value: string): void;
  sort: string;
  setSort(value: string): void;
  order: string;
  setOrder(value: string): void;
  setCols(value: string): void;
};

/** Which rows, in which order, with which columns. All of it stands in the address. */
export function Choice(props: Props) {
  const { table, q, setQ, sort, setSort, order, setOrder } = props;
  const [typed, setTyped] = useState(q);
  const sortable = table.columns.filter(({ sorts, type }) => sorts && type !== "json" && type !== "texts");
  return (
    <>
      <div class="filters top">
        <form
          onSubmit={(event) => {
            event.preventDefault();
            setQ(typed.trim());
          }}
        >
          <Field
            label={common("search")}
            hint={t(table.isLarge ? "search_whole" : "search_parts")}
            type="search"
            value={typed}
            onInput={(text) => {
              setTyped(text);
              if (text === "") setQ("");
            }}
          />
        </form>
        <Select
          label={t("sort")}
          value={sort}
          onInput={setSort}
          options={[
            { value: "", label: t("by_key", { key: table.key.join(", ") }) },
            ...sortable.map(({ name }) => ({ value: name, label: name })),
          ]}
        />
        <Select
          label={t("order")}
          value={order}
          onInput={setOrder}
          options={[
            { value: "asc", label: t("asc") },
            { value: "desc", label: t("desc") },
          ]}
        />
      </div>
      <Filters {...props} />
      <Columns {...props} />
    </>
  );
}

function Filters({ table, where, setWhere }: Props) {
  const usable = table.columns.filter(({ sorts, type }) => sorts && type !== "json");
  const [name, setName] = useState(usable[0]?.name ?? "");
  const [operator, setOperator] = useState<Operator>("=");
  const [value, setValue] = useState("");
  const filters = filtersIn(where);
  const column = usable.find((each) => each.name === name);
  return (
    <details open={filters.length > 0}>
      <summary>{t("filters", { n: filters.length })}</summary>
      <p class="row">
        {filters.map((each) => (
          <button
            type="button"
            class="chip remove"
            key={each}
            title={t("remove")}
            onClick={() => setWhere(whereOf(filters.filter((other) => other !== each)))}
          >
            {each} ×
          </button>
        ))}
      </p>
      <form
        class="filters"
        onSubmit={(event) => {
          event.preventDefault();
          const filter =
            column === undefined ? null : filterOf(column, operator, value, facts.value?.utcOffsetMinutes ?? 0);
          if (filter === null) return;
          setValue("");
          setWhere(whereOf([...filters.filter((other) => other !== filter), filter]));
        }}
      >
        <Select
          label={t("column")}
          value={name}
          onInput={setName}
          options={usable.map((each) => ({ value: each.name, label: each.name }))}
        />
        <Select
          label={t("is")}
          value={operator}
          onInput={(chosen) => setOperator(OPERATORS.find((each) => each === chosen) ?? "=")}
          options={OPERATORS.map((each) => ({
            value: each,
            label: t(each === "=" ? "equal" : each === "<" ? "below" : "from"),
          }))}
        />
        <Field
          label={t("value")}
          hint={column?.type === "at" ? t("at_hint") : (column?.unit ?? undefined)}
          value={value}
          onInput={setValue}
        />
        <Button type="submit">{t("add")}</Button>
      </form>
    </details>
  );
}

const Columns = ({ table, shown, setCols }: Props) => (
  <details>
    <summary>{t("columns_shown", { n: shown.length, of: table.columns.length })}</summary>
    <div class="row">
      {table.columns.map(({ name }) => {
        const names = shown.map((each) => each.name);
        return (
          <Tick
            key={name}
            label={name}
            value={names.includes(name)}
            onInput={(isIn) => setCols((isIn ? [...names, name] : names.filter((each) => each !== name)).join(","))}
          />
        );
      })}
    </div>
  </details>
);
