/**
 * What of a person is looked for, wherever it may stand, when somebody is erased. One spelling of regular expressions that
 * both JavaScript (flags `iu`) and PostgreSQL (advanced, `i`) read alike: the objects and the database look for the same.
 */

/** Stands where a name, an address or a number of a document stood. */
export const ERASED = "[erased]";
/** Stands where a phone stood: shaped like one, so that what reads phones reads on; nobody's anywhere. */
export const ERASED_PHONE = "00000000";

export type Wanted = {
  /** Each spelling of the whole name that is on file. */
  names: readonly string[];
  /** E.164 digits without "+". */
  phones: readonly string[];
  /** E-mail addresses, numbers of documents: found as they are written. */
  codes: readonly string[];
};

/** `whole`: names of several words, and codes, in any text. `near`: also each word of a name, where a row is the person's own. */
export type ErasePatterns = {
  whole: string;
  near: string;
  phones: string;
  /** All of these wherever they stand, also within words: what may be worth a closer look. */
  loose: string;
};

/** Finds nothing. */
const NOTHING = "(?!)";
const LETTER = "[A-Za-zÀ-ÖØ-öø-ž]";
const APART = "[\\s,.;_-]{1,3}";
/** Between the digits of a phone as people write it. */
const BETWEEN = "[ .()/-]{0,2}";
/** Three digits or more with two behind a point are money. */
const NO_AMOUNT = "(?![0-9]{3,}[.][0-9]{2}(?![0-9]))";
/** A shorter word of a name is too common to be taken out by itself. */
const WORD_CHARS_MIN = 3;
/** Words of one name that are turned round; a longer list is no name. */
const WORDS_MAX = 8;
const ACCENTED: Readonly<Record<string, string>> = {
  a: "aàáâãäåā",
  c: "cçčć",
  e: "eèéêëē",
  i: "iìíîïī",
  n: "nñń",
  o: "oòóôõöøō",
  s: "sšś",
  u: "uùúûüū",
  y: "yýÿ",
  z: "zžź",
};

/** In any letter case, with and without accents and apostrophes. */
const wordPattern = (word: string) =>
  [...word].map((char) => (ACCENTED[char] === undefined ? exact(char) : `[${ACCENTED[char]}]`)).join("['’ʼ`]?");
const exact = (text: string) =>
  text.replace(
    /[\\^$.*+?()[\]{}|/-]/g,
    (char) => `[${char === "\\" || char === "]" || char === "[" || char === "^" ? `\\${char}` : char}]`,
  );
const bounded = (inner: string) => `(?<!${LETTER})(?:${inner})(?!${LETTER})`;

const wordsOf = (name: string): string[] =>
  name
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/['’ʼ`]/g, "")
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "")
    .slice(0, WORDS_MAX);

const distinct = (texts: readonly string[]) => [...new Set(texts)];
const either = (inner: readonly string[], wrap: (joined: string) => string) =>
  inner.length === 0 ? NOTHING : wrap(distinct(inner).join("|"));

/** In the order on file, and with the family name first, as operators and lists write it. */
function namePatterns(name: string): string[] {
  const words = wordsOf(name).map(wordPattern);
  const last = words.at(-1);
  if (words.length < 2 || last === undefined) return [];
  return [words.join(APART), [last, ...words.slice(0, -1)].join(APART), [...words.slice(1), words[0]].join(APART)];
}

/** With the dial code before it or not, "+" or "00" or not, and whatever people put between digits. */
function phonePattern(phone: string, dialCode: string): string {
  const digits = (text: string) => [...text].join(BETWEEN);
  return phone.startsWith(dialCode)
    ? `(?:(?:[+]|00)?${digits(dialCode)}${BETWEEN})?${digits(phone.slice(dialCode.length))}`
    : `(?:[+]|00)?${digits(phone)}`;
}

/** `dialCode`: the country's own, which people leave out at home. */
export function erasePatterns({ names, phones, codes }: Wanted, dialCode: string): ErasePatterns {
  const known = codes.map((code) => code.trim().toLowerCase()).filter((code) => code !== "");
  const whole = [...names.flatMap(namePatterns), ...known.map(exact)];
  const words = names.flatMap(wordsOf).filter((word) => word.length >= WORD_CHARS_MIN);
  const near = [...whole, ...words.map(wordPattern)];
  const numbers = phones.map((phone) => phonePattern(phone, dialCode));
  return {
    whole: either(whole, bounded),
    near: either(near, bounded),
    phones: either(numbers, (inner) => `(?<![0-9])${NO_AMOUNT}(?:${inner})(?![0-9])`),
    loose: either([...near, ...numbers], (inner) => inner),
  };
}

/** One text without the person. `isOwn`: the text belongs to a row of this person. Twice is the same as once. */
export function eraseText(text: string, { whole, near, phones }: ErasePatterns, isOwn = false): string {
  return text.replace(new RegExp(isOwn ? near : whole, "giu"), ERASED).replace(new RegExp(phones, "gu"), ERASED_PHONE);
}

/** The same of each text within a JSON value; numbers, names of fields and what is no text stay as they are. */
export function eraseJson(value: unknown, patterns: ErasePatterns, isOwn = false): unknown {
  if (typeof value === "string") return eraseText(value, patterns, isOwn);
  if (Array.isArray(value)) return value.map((each) => eraseJson(each, patterns, isOwn));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, eraseJson(each, patterns, isOwn)]));
}
