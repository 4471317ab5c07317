import type { Trouble } from "../api.ts";
import { t } from "../shell/words.ts";
import { Button } from "./button.tsx";

/** Of the one sign-in for all countries: each has a sentence of its own. */
const KNOWN = new Set(["home_down", "deactivated", "local_person", "unknown_site", "at_home"] as const);
type Known = typeof KNOWN extends Set<infer Kind> ? Kind : never;

/** What went wrong, in words that say what to do. The server's own sentence stands where ours does not know better. */
export function troubleWords({ status, kind, message, details }: Trouble): string {
  if (status === 0) return t("offline");
  if (kind === "database_down") return t("down");
  if (kind === "not_allowed") return t("not_allowed");
  if (KNOWN.has(kind as Known)) return t(kind as Known);
  if (kind === "no_answer") return t("offline");
  if (kind.startsWith("token_")) return t("not_taken", { kind });
  if (message === "") return t("error");
  // What the records have against it, by name: "meter 23099001 hangs elsewhere".
  return typeof details === "string" && details !== "" ? `${message}: ${details}` : message;
}

/** A refusal beside what was asked; `again` asks once more. Fields that the page does not show are named here. */
export const TroubleBox = ({ trouble, again }: { trouble: Trouble; again?: () => void }) => (
  <div class="trouble" role="alert">
    <p>{troubleWords(trouble)}</p>
    {Object.entries(trouble.fields).map(([field, expected]) => (
      <p key={field}>
        <b>{field}</b>: {t("expected", { expected })}
      </p>
    ))}
    {again !== undefined && <Button onClick={again}>{t("again")}</Button>}
  </div>
);
