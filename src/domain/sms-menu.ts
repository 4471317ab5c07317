import { plainText } from "./person-name.ts";

/** What a customer asks by SMS beside what is left (balance-question.ts): what was paid last, or how to ask. */
export type MenuQuestion = { about: "last_payment" | "help" };

/** Longer texts say something else too. */
const QUESTION_CHARS_MAX = 60;
const POLITE = /\b(?:please|pls|thanks|hello|hi|bonjour|svp|merci|lumela|kea leboha|ka kopo)\b/g;
/** Whole texts, in English, French and Sesotho, as `plainText` leaves them. */
const ASKED: readonly (readonly [MenuQuestion["about"], RegExp])[] = [
  ["last_payment", /^(?:paid|pay|last payment|last pay|paye|dernier paiement|lefile|tefo|tefo ea ho qetela)$/],
  ["help", /^(?:help|menu|aide|thuso)$/],
];

/** Whether a text asks for the last payment or for help, and says nothing else. Only for texts that are no payment. */
export function menuQuestion(text: string): MenuQuestion | null {
  if (text.length > QUESTION_CHARS_MAX) return null;
  const said = plainText(text).replace(POLITE, " ").replace(/\s+/g, " ").trim();
  const found = ASKED.find(([, words]) => words.test(said));
  return found === undefined ? null : { about: found[0] };
}
