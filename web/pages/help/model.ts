/** What people do most, in the order in which they ask for it. Each has a title and what to do, in the page's words. */
export const TASKS = [
  "balance",
  "payment",
  "suspense",
  "register",
  "assign",
  "dark",
  "swap",
  "correction",
  "statement",
  "revert",
] as const;
export type Task = (typeof TASKS)[number];
/** Where a task begins. */
export const TASK_PATHS: Record<Task, string> = {
  balance: "/customers",
  payment: "/payments",
  suspense: "/suspense",
  register: "/customers/new",
  assign: "/commissioning",
  dark: "/meters",
  swap: "/meters",
  correction: "/corrections",
  statement: "/statements",
  revert: "/changes",
};

const plain = (text: string) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** Whether all words of a search are somewhere in the texts, whatever their accents. */
export function matches(q: string, ...texts: readonly string[]): boolean {
  const all = plain(texts.join(" "));
  return plain(q)
    .split(/\s+/)
    .every((word) => all.includes(word));
}
