import { at, facts } from "../../country.ts";
import { rateText } from "./model.ts";
import { t } from "./words.ts";

/** A rate as the country writes it. */
export const rate = (rateE4: number | null, ends = false): string =>
  rateE4 === null
    ? t(ends ? "ended" : "nothing")
    : `${rateText(rateE4, facts.value?.minorDigits ?? 2)} ${facts.value?.currency ?? ""}`;

type Subject = { scope: string; site: string | null; account: string | null };
/** The country, a site, or an account that leads to its page. */
export const Where = ({ of }: { of: Subject }) =>
  of.account !== null ? (
    <a href={at(`/accounts/${of.account}`)}>{of.account}</a>
  ) : (
    <span>{of.scope === "global" ? t("country") : of.site}</span>
  );
