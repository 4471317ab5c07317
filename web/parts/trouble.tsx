import type { Trouble } from "../api.ts";
import { t } from "../shell/words.ts";
import { Button } from "./button.tsx";

/** What went wrong, in words that say what to do. The server's own sentence stands where ours does not know better. */
export function troubleWords({ status, kind, message, details }: Trouble): string {
  if (status === 0) return t("offline");
  if (kind === "database_down") return t("down");
  if (kind === "not_allowed") return t("not_allowed");
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
