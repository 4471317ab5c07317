import { useEffect, useId, useState } from "preact/hooks";
import { canonicalAccount } from "../../src/domain/account.ts";
import { api, ask } from "../api.ts";
import { t } from "../shell/words.ts";

/** An account with its holder, as it was found. */
export type Picked = { account: string; name: string; status: string };

const WAIT_MS = 250;
const SHOWN_MAX = 8;

type Props = {
  label: string;
  value: string;
  /** What is typed; `picked` when it is an account that was found. */
  onInput(typed: string, picked: Picked | null): void;
  error?: string | undefined;
};

/** A box that finds accounts by number, name, phone or meter while one types; a number typed whole is found by itself. */
export function AccountPick({ label, value, onInput, error }: Props) {
  const id = useId();
  const [found, setFound] = useState<Picked[]>([]);
  const [picked, setPicked] = useState<Picked | null>(null);
  const typed = value.trim();
  const isChosen = picked !== null && picked.account === typed;
  // looked for when one stops typing
  useEffect(() => {
    if (typed.length < 2 || isChosen) return setFound([]);
    let isOld = false;
    const timer = setTimeout(async () => {
      const answer = await ask(api().customers.$get({ query: { q: typed, limit: "10" } }));
      if (isOld || !answer.ok) return;
      const all = answer.value.customers.flatMap(({ name, accounts }) =>
        accounts.map(({ account, status }) => ({ account, name, status })),
      );
      const whole = canonicalAccount(typed);
      const exact = whole.ok ? all.find(({ account }) => account === whole.value) : undefined;
      if (exact !== undefined) choose(exact);
      else setFound(all.slice(0, SHOWN_MAX));
    }, WAIT_MS);
    return () => {
      isOld = true;
      clearTimeout(timer);
    };
  }, [typed, isChosen]);
  const choose = (one: Picked) => {
    setPicked(one);
    setFound([]);
    onInput(one.account, one);
  };
  return (
    <div class={`field ${error === undefined ? "" : "wrong"}`}>
      <label for={id}>{label}</label>
      <input
        id={id}
        type="search"
        autocomplete="off"
        value={value}
        placeholder="0045MAK"
        aria-invalid={error !== undefined}
        aria-describedby={`${id}-says`}
        onInput={(event) => onInput(event.currentTarget.value, null)}
      />
      <small id={`${id}-says`} class={error === undefined ? "quiet" : "bad"}>
        {error !== undefined ? t("expected", { expected: error }) : isChosen ? picked.name : ""}
      </small>
      {found.length > 0 && (
        <ul class="found">
          {found.map((one) => (
            <li key={one.account}>
              <button type="button" onClick={() => choose(one)}>
                <b>{one.account}</b> {one.name}
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
