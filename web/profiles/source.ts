import { t } from "../shell/words.ts";

/** From what a profile is made, and how much of it is known. */
export const sourceOf = (about: { coveragePct: number | null } | null): string =>
  about === null || about.coveragePct === null
    ? t("profile_source")
    : t("profile_source_of", { pct: about.coveragePct });
