import type { Country } from "./country.ts";
import { plainText } from "./person-name.ts";
import { canonicalPhone } from "./phone.ts";

/** Somebody asks to be called; `phone` is canonical, with the country's code. unsaid: whoever passed it on does not know why. */
export type CallRequest = { phone: string; why: "asked" | "missed_call" | "unsaid" };

/** Longer texts say something else too, and a person reads them. */
const REQUEST_CHARS_MAX = 160;

/** Whole texts, without accents and politeness, in English, Sesotho and French; a number may follow. */
const ASKED =
  /^(?:(?:please |pls |plz |kindly )?(?:call|phone|ring) (?:me|back|me back|us)(?: now| urgently| please| pls| on| at)?|(?:please|pls|plz) call|call ?back|pcm|(?:ke kopa |ka kopo )?(?:le |u )?(?:nletsetse|ntetsetse|nleletse|mpitse)(?: hle| ka kopo)?|(?:svp |s ?il vous plait )?(?:rappelez|appelez|rappelle|appelle) (?:moi|nous)(?: svp| s ?il vous plait)?|(?:svp )?(?:rappelez|rappeler)(?: svp)?)(?: \d{8,15})?$/;
/** What operators write of their own services: "Please Call Me" of somebody, and a call that nobody took. */
const MISSED = [
  /(?:missed call|missed calls|tried to call you|appel manque|appels manques|a essaye de vous (?:appeler|joindre))\D{0,40}(\d{8,15})/,
  /^(?:\d{8,15}) (?:has |have )?(?:tried to call|called) you/,
  // At its beginning only: advertisements end with whom to call.
  /^please call(?: me)?(?: at| on)? (\d{8,15})/,
];

/**
 * Whether a text asks that somebody calls back: one that says so and nothing else, or an operator's notice of a call that nobody
 * took. Only for texts that are no payment. `sender` is asked where the text names no number of its own.
 */
export function callRequest(text: string, sender: string, country: Country): CallRequest | null {
  if (text.length > REQUEST_CHARS_MAX) return null;
  const plain = plainText(text.replace(/(?<=\d)[ -](?=\d)/g, ""));
  for (const pattern of MISSED) {
    const found = pattern.exec(plain);
    if (found === null) continue;
    const phone = canonicalPhone(found[1] ?? /\d{8,15}/.exec(found[0])?.[0] ?? "", country);
    if (phone !== null) return { phone, why: "missed_call" };
  }
  if (!ASKED.test(plain)) return null;
  const phone = canonicalPhone(/\d{8,15}$/.exec(plain)?.[0] ?? sender, country);
  return phone === null ? null : { phone, why: "asked" };
}
