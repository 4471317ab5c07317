import type { ComponentChildren } from "preact";
import { Select } from "../parts/field.tsx";
import { t } from "../shell/words.ts";
import "./profiles.css";
import { siteChoices } from "../parts/choices.ts";

/** As reports name them: the tiers of households are one. */
const TYPES = ["HH", "SME", "CHU", "SCH", "CLI", "GOV", "COM", "IND", "OTH"] as const;
const GROUPINGS = ["none", "type", "site"] as const;
export const groupingOf = (asked: string) => GROUPINGS.find((each) => each === asked) ?? "type";

type Props = {
  /** Not given: the figure has no groups. */
  by?: string;
  setBy?(by: string): void;
  site: string;
  setSite(site: string): void;
  type: string;
  setType(type: string): void;
  children?: ComponentChildren;
};

/** Whom a profile is of, and by what it is split. */
export const Whom = ({ by, setBy, site, setSite, type, setType, children }: Props) => (
  <div class="filters">
    {by !== undefined && setBy !== undefined && (
      <Select
        label={t("profile_by")}
        value={by}
        onInput={setBy}
        options={GROUPINGS.map((each) => ({ value: each, label: t(`profile_by_${each}`) }))}
      />
    )}
    <Select label={t("profile_site")} value={site} onInput={setSite} options={siteChoices(t("any"))} />
    <Select
      label={t("profile_type")}
      value={type}
      onInput={setType}
      options={[{ value: "", label: t("any") }, ...TYPES.map((code) => ({ value: code, label: code }))]}
    />
    {children}
  </div>
);
