import { api, ask } from "../../api.ts";
import { at } from "../../country.ts";
import { may } from "../../session.ts";
import { useAsk } from "../../use-ask.ts";
import { useSettled } from "../../use-settled.ts";
import { said } from "../../words.ts";
import { alikeQuestion, type Draft } from "./model.ts";
import { ROOM, t } from "./words.ts";

const STILL_MS = 600;

/** Who is there already and may be the same person. Asked again whenever the question changes. */
export function useAlike(draft: Draft) {
  // Whoever is still typing is not asked about.
  const about = useSettled(JSON.stringify(alikeQuestion(draft)), STILL_MS);
  const question = JSON.parse(about) as ReturnType<typeof alikeQuestion>;
  return useAsk(
    async () =>
      question === null
        ? { ok: true as const, value: { alike: [] } }
        : ask(api().customers.alike.$get({ query: { name: "", ...question } })),
    [about],
  );
}

export function Alike({ value, trouble }: Pick<ReturnType<typeof useAlike>, "value" | "trouble">) {
  if (trouble !== null) return <p class="notice">{t("alike_not_known")}</p>;
  if (value === null || value.alike.length === 0) return null;
  return (
    <section class="notice alike" aria-label={t("alike")}>
      <h2>{t("alike")}</h2>
      <p>{t("alike_hint")}</p>
      <ul>
        {value.alike.map(({ customerId, name, site, accounts, because }) => (
          <li key={customerId}>
            <b>{name}</b> {[site, ...accounts].filter(Boolean).join(" · ")}
            <br />
            {t("alike_same", { what: because.map((each) => said(ROOM, "because", each)).join(", ") })}{" "}
            {may("customers.read") && <a href={at(`/customers/${customerId}`)}>{t("alike_open")}</a>}
          </li>
        ))}
      </ul>
    </section>
  );
}
