import { useEffect, useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { type Answer, api, ask } from "../../api.ts";
import { at } from "../../country.ts";
import { Button } from "../../parts/button.tsx";
import { may } from "../../session.ts";
import { useAsk } from "../../use-ask.ts";
import { wordsOf } from "../../words.ts";
import { sought } from "./model.ts";
import type en from "./words/en.ts";

const t = wordsOf<typeof en>("dashboard");
const FOUND_MAX = 6;
const REST_MS = 250;

type Hit = { customerId: number; name: string; site: string | null; phones: string[] };

/** Customers like what was typed; nobody for a receipt, and for who may not read them. */
async function hitsOf(q: string): Promise<Answer<Hit[]>> {
  const target = sought(q);
  if (target === null || target.kind === "receipt" || !may("customers.read")) return { ok: true, value: [] };
  const answer = await ask(api().customers.$get({ query: { q, limit: String(FOUND_MAX) } }));
  return answer.ok ? { ok: true, value: answer.value.customers } : answer;
}

/** A text once its writer has paused: not a question for each letter. */
function useRested(text: string): string {
  const [rested, rest] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => rest(text), REST_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return rested;
}

/** One box for whatever somebody has in the hand: a name, a phone, a plot, an account, a receipt. */
export function Finder() {
  const { route } = useLocation();
  const [typed, setTyped] = useState("");
  const target = sought(typed);
  const q = useRested(typed.trim());
  const found = useAsk(() => hitsOf(q), [q]);
  const hits = target === null ? [] : (found.fresh ?? []);
  return (
    <search class="finder">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (target !== null) route(at(target.path));
        }}
      >
        <label class="hidden" for="finder">
          {t("find")}
        </label>
        <input
          id="finder"
          type="search"
          autocomplete="off"
          placeholder={`${t("find")}: ${t("find_hint")}`}
          value={typed}
          onInput={(event) => setTyped(event.currentTarget.value)}
        />
        <Button type="submit" kind="primary" disabled={target === null}>
          {t("go")}
        </Button>
      </form>
      {target !== null && (
        <ul class="found">
          <li>
            <a href={at(target.path)}>
              <b>{t(`to_${target.kind}`, { name: decodeURIComponent(target.path.split(/[/=]/).at(-1) ?? "") })}</b>
            </a>
          </li>
          {hits.map((hit) => (
            <li key={hit.customerId}>
              <a href={at(`/customers/${hit.customerId}`)}>
                <b>{hit.name}</b> <span class="quiet">{[hit.site, ...hit.phones].filter(Boolean).join(" · ")}</span>
              </a>
            </li>
          ))}
        </ul>
      )}
    </search>
  );
}
