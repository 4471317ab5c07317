/** Letters of Fon, Sesotho loans and French that do not fall apart into a plain letter and a mark. */
const LETTERS: Record<string, string> = {
  ɛ: "e",
  ɔ: "o",
  ɖ: "d",
  ʋ: "v",
  ŋ: "n",
  ø: "o",
  ł: "l",
  đ: "d",
  ı: "i",
  œ: "oe",
  æ: "ae",
};

/**
 * Words in small letters without accents and apostrophes, one space between: "N'Tcha-Koffi Réné" is "ntcha koffi rene".
 * The same as cc_plain() in the database.
 */
export function plainText(typed: string): string {
  return typed
    .replace(/['’‘ʼ`´]/g, "")
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[ɛɔɖʋŋøłđıœæ]/g, (letter) => LETTERS[letter] ?? letter)
    .replace(/[\u0300-\u036f]/g, "")
    .replace(/[^a-z0-9]+/g, " ")
    .trim();
}

/** Letters and digits alone, in capitals. The same as cc_compact() in the database. */
export function compactText(typed: string): string {
  return typed
    .normalize("NFKC")
    .replace(/[^A-Za-z0-9]/g, "")
    .toUpperCase();
}

/** The name that is shown when only its parts were given. */
export const nameOf = (given: string | null, family: string | null): string =>
  [given, family].filter((part) => part !== null).join(" ");
