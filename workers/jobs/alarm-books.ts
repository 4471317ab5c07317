import { log } from "../../src/ports/log.ts";
import type { BooksSeen } from "../../src/services/look-for-alarms.ts";
import { within } from "../objects/turns.ts";

/** What does not answer by then is not looked at this time. */
export const QUESTION_MS_MAX = 20_000;

type Known = { [name in keyof BooksSeen]: Exclude<BooksSeen[name], null> };
/** The questions of a look to Postgres. */
export type BooksToAsk = {
  feeds(): Promise<Known["feeds"]>;
  waiting(): Promise<Known["waiting"]>;
  jobs(): Promise<Known["jobs"]>;
  /** null: there is no such system. */
  omBehind: (() => Promise<Known["omBehind"]>) | null;
  owedOut(): Promise<Known["owedOut"]>;
  backupAt(): Promise<BooksSeen["backupAt"]>;
};

/** What each of them says, beside the others: one that is slow blinds nobody to the rest. Throws where none is answered. */
export async function booksSeen(ask: BooksToAsk, msMax = QUESTION_MS_MAX): Promise<BooksSeen> {
  let asked = 0;
  const unanswered: string[] = [];
  const answer = async <T>(name: string, call: () => Promise<T>): Promise<T | null> => {
    asked++;
    try {
      // What throws before it has promised anything has not answered either.
      return await within(msMax, Promise.resolve().then(call));
    } catch (thrown) {
      log.warn("a question of alarms not answered", { question: name, error: thrown });
      unanswered.push(`database:${name}`);
      return null;
    }
  };
  const [feeds, waiting, jobs, omBehind, owedOut, backupAt] = await Promise.all([
    answer("feeds", ask.feeds),
    answer("waiting", ask.waiting),
    answer("jobs", ask.jobs),
    ask.omBehind === null ? [] : answer("om", ask.omBehind),
    answer("owed", ask.owedOut),
    answer("backup", ask.backupAt),
  ]);
  if (unanswered.length === asked) throw new Error("the database answers no question of alarms");
  return { feeds, waiting, jobs, omBehind, owedOut, backupAt, unanswered: unanswered.sort() };
}
