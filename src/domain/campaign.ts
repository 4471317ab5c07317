import type { Country, Language } from "./country.ts";
import { smsSize } from "./templates.ts";

/** Who a campaign goes to: customers with an account that has not ended. No sites: all of them. */
export type Audience = { sites: string[]; customerType: string | null; language: Language | null };
/** What it says, by language; who speaks none of them reads the country's first. */
export type CampaignTexts = Partial<Record<Language, string>>;
export type CampaignState = "proposed" | "running" | "stopped";

/** Above so many recipients another person starts it than the one who proposed it. The table has the same number. */
export const CAMPAIGN_ALONE_MAX = 100;
/** Recipients of one campaign. The table has the same number. */
export const CAMPAIGN_RECIPIENTS_MAX = 5_000;
export const CAMPAIGN_PARTS_MAX = 3;
export const CAMPAIGN_NAME_CHARS_MAX = 80;
/** What was not sent by then is not sent any more. */
export const CAMPAIGN_LIFE_MS = 7 * 86_400_000;

export type TextFault = { field: string; value: string | null; expected: string };

/** What is wrong with the texts of a campaign, each with its field; empty: they can be sent. */
export function campaignTextFaults(texts: CampaignTexts, country: Country): TextFault[] {
  const [first] = country.languages;
  const missing =
    (texts[first] ?? "").trim() === ""
      ? [
          {
            field: `texts.${first}`,
            value: null,
            expected: "a text: it is read by whoever speaks no other language here",
          },
        ]
      : [];
  const faults = Object.entries(texts).flatMap(([language, text]): TextFault[] => {
    const field = `texts.${language}`;
    if (!country.languages.includes(language as Language))
      return [{ field, value: language, expected: `one of ${country.languages.join(", ")}` }];
    const { parts } = smsSize(text);
    if (/[{}]/.test(text)) return [{ field, value: null, expected: "no braces: a campaign says the same to all" }];
    return parts <= CAMPAIGN_PARTS_MAX
      ? []
      : [{ field, value: String(parts), expected: `at most ${CAMPAIGN_PARTS_MAX} SMS parts` }];
  });
  return [...missing, ...faults];
}

/** What each language's text takes. */
export const campaignParts = (texts: CampaignTexts): { language: Language; text: string; parts: number }[] =>
  Object.entries(texts).map(([language, text]) => ({
    language: language as Language,
    text,
    parts: smsSize(text).parts,
  }));

/** In minor units; null: nobody has said what a part costs. */
export const campaignCostMinor = (parts: number, partPriceMinor: number | null): number | null =>
  partPriceMinor === null ? null : parts * partPriceMinor;

/** Whether a second person has to start it. */
export const needsSecondPerson = (recipients: number): boolean => recipients > CAMPAIGN_ALONE_MAX;
