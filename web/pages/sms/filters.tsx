import { useState } from "preact/hooks";
import { Button } from "../../parts/button.tsx";
import { Field, Select } from "../../parts/field.tsx";
import { t as shell } from "../../shell/words.ts";
import { useAddress } from "../../use-address.ts";
import { said } from "../../words.ts";
import { t } from "./words.ts";

/** What is asked, from the address; what is empty is not asked. */
export function useSmsQuestion(): Record<string, string> {
  const names = ["phone", "sender", "q", "outcome", "from", "to"] as const;
  const values = names.map((name) => useAddress(name)[0]);
  return Object.fromEntries(names.flatMap((name, at) => (values[at] ? [[name, values[at]]] : [])));
}

type Props = { outcomes: readonly string[]; prefix: "outcome" | "state"; withSender?: boolean };

export function SmsFilters({ outcomes, prefix, withSender = false }: Props) {
  const [q, setQ] = useAddress("q");
  const [phone, setPhone] = useAddress("phone");
  const [sender, setSender] = useAddress("sender");
  const [outcome, setOutcome] = useAddress("outcome");
  const [from, setFrom] = useAddress("from");
  const [to, setTo] = useAddress("to");
  const [typed, setTyped] = useState(q);
  return (
    <form
      class="filters"
      onSubmit={(event) => {
        event.preventDefault();
        setQ(typed.trim());
      }}
    >
      <Field label={t("text")} type="search" value={typed} onInput={setTyped} />
      <Field label={t("phone")} value={phone} onInput={setPhone} />
      {withSender && <Field label={t("sender")} value={sender} onInput={setSender} />}
      <Select
        label={t("outcome")}
        value={outcome}
        onInput={setOutcome}
        options={[
          { value: "", label: shell("any") },
          ...outcomes.map((each) => ({ value: each, label: said("sms", prefix, each) })),
        ]}
      />
      <Field label={t("from")} type="date" value={from} onInput={setFrom} />
      <Field label={t("to")} type="date" value={to} onInput={setTo} />
      <Button type="submit">{shell("search")}</Button>
    </form>
  );
}
