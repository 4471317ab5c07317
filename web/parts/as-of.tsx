import { facts } from "../country.ts";
import { instant } from "../format.ts";
import { t } from "../shell/words.ts";

/** When a figure was so, on the country's clock, and where it comes from. */
export const AsOf = ({ at, source }: { at: number | null; source?: string }) => (
  <small class="as-of">
    {at === null ? t("never") : t("as_of", { at: instant(at, facts.value?.utcOffsetMinutes ?? 0) })}
    {source !== undefined && ` · ${t("source", { source })}`}
  </small>
);
