import type { Language } from "./country.ts";
import { plainText } from "./person-name.ts";

/** What a customer wants from now on: to be written to in a language, or no campaigns any more, or again. */
export type SmsWish = { about: "language"; language: Language } | { about: "campaigns"; wanted: boolean };

/** Longer texts say something else too. */
const WISH_CHARS_MAX = 40;
const POLITE = /\b(?:please|pls|thanks|hello|hi|bonjour|svp|merci|lumela|kea leboha|ka kopo)\b/g;
const ASKING = /^(?:language|lang|langue|puo)\s+/;
/** Whole texts, as `plainText` leaves them. */
const LANGUAGES: readonly (readonly [Language, RegExp])[] = [
  ["st", /^(?:se ?sotho|sotho)$/],
  ["en", /^(?:english|anglais|senyesemane)$/],
  ["fr", /^(?:francais|french|sefora|sefrantshe)$/],
];
const CAMPAIGNS: readonly (readonly [boolean, RegExp])[] = [
  [false, /^(?:stop|stop sms|arret|arreter|emisa|khaotsa)$/],
  [true, /^(?:start|reprendre|qala|qalisa)$/],
];

/** Whether a text says in which language, or whether campaigns are wanted, and nothing else. Only for texts that are no payment. */
export function smsWish(text: string): SmsWish | null {
  if (text.length > WISH_CHARS_MAX) return null;
  const said = plainText(text).replace(POLITE, " ").replace(/\s+/g, " ").trim();
  const language = LANGUAGES.find(([, words]) => words.test(said.replace(ASKING, "")));
  if (language !== undefined) return { about: "language", language: language[0] };
  const campaigns = CAMPAIGNS.find(([, words]) => words.test(said));
  return campaigns === undefined ? null : { about: "campaigns", wanted: campaigns[0] };
}
