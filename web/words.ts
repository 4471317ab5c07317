import { batch, signal } from "@preact/signals";
import { keepHere, keptHere } from "./kept-here.ts";

/** Languages of the portal. One is loaded at a time: those of the shell, and of each page when it is first opened. */
export const LANGUAGES = ["en", "fr", "st"] as const;
export type Language = (typeof LANGUAGES)[number];
export const LANGUAGE_NAMES: Record<Language, string> = { en: "English", fr: "Français", st: "Sesotho" };

type Words = Record<string, string>;
type Values = Record<string, string | number>;

const KEPT_AS = "language";
const files = import.meta.glob<{ default: Words }>([
  "./words/*.ts",
  "./pages/*/words/*.ts",
  "../src/domain/metrics/words/*.ts",
  "../src/domain/metrics/sheet-words/*.ts",
]);
export const SHELL = "";
/** Names and definitions of figures, which files and documents have too. */
export const METRICS_ROOM = "metrics";
/** What reports of one table say. */
export const SHEETS_ROOM = "sheets";
const FOLDERS: Record<string, string> = {
  [SHELL]: "./words",
  [METRICS_ROOM]: "../src/domain/metrics/words",
  [SHEETS_ROOM]: "../src/domain/metrics/sheet-words",
};
const fileOf = (room: string, language: Language) => `${FOLDERS[room] ?? `./pages/${room}/words`}/${language}.ts`;

export const language = signal<Language>("en");
const loaded = signal<Record<string, Words>>({});

const keptLanguage = () => LANGUAGES.find((each) => each === keptHere(KEPT_AS)) ?? null;

/** The language somebody chose here before, else the browser's, else English. */
export function firstLanguage(): Language {
  const wanted = navigator.languages.map((each) => each.slice(0, 2));
  return keptLanguage() ?? wanted.map((each) => LANGUAGES.find((one) => one === each)).find(Boolean) ?? "en";
}

async function read(room: string, of: Language): Promise<Words> {
  const load = files[fileOf(room, of)];
  return load === undefined ? {} : (await load()).default;
}

/** Loads the words of a room (a page's folder, or the shell's) in the language of now, once. */
export async function loadWords(room: string): Promise<void> {
  if (loaded.peek()[room] !== undefined) return;
  const of = language.peek();
  const words = await read(room, of);
  // Somebody may have chosen another language meanwhile.
  if (of === language.peek()) loaded.value = { ...loaded.peek(), [room]: words };
  else return loadWords(room);
}

/** All that is open, in another language, at once. */
export async function chooseLanguage(next: Language): Promise<void> {
  const rooms = Object.keys(loaded.peek());
  const words = await Promise.all(rooms.map((room) => read(room, next)));
  keepHere(KEPT_AS, next);
  document.documentElement.lang = next;
  batch(() => {
    language.value = next;
    loaded.value = Object.fromEntries(rooms.map((room, index) => [room, words[index] ?? {}]));
  });
}

/** `{name}` in a text becomes the value of that name. */
export const filled = (text: string, values: Values) =>
  text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => (name in values ? String(values[name]) : whole));

/**
 * The words of a room. Its keys are those of its English file: `const t = wordsOf<typeof en>("customers")`, then
 * `t("found", { n: 3 })`. A key that a language lacks fails a test; here it shows as itself.
 */
export const wordsOf =
  <W extends Words>(room: string) =>
  (key: keyof W & string, values: Values = {}): string =>
    filled(loaded.value[room]?.[key] ?? key, values);

/** Words that come from the server as one of few (`no_account_token`): the page's own word for it, else itself, readable. */
export const said = (room: string, prefix: string, code: string | null): string =>
  code === null ? "–" : (loaded.value[room]?.[`${prefix}_${code}`] ?? code.replaceAll("_", " "));
