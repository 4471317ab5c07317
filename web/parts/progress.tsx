import { t } from "../shell/words.ts";

/** How far long work has come. `of` null: nobody knows yet. */
export const Progress = ({ label, done, of }: { label: string; done: number; of: number | null }) => (
  <div class="progress">
    <span>
      {label} {of !== null && <span class="quiet">{t("done_of", { done, of })}</span>}
    </span>
    {of === null ? <progress aria-label={label} /> : <progress aria-label={label} value={done} max={Math.max(1, of)} />}
  </div>
);
