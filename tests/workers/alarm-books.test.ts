import { expect, it } from "vitest";
import { type BooksToAsk, booksSeen } from "../../workers/jobs/alarm-books.ts";

const NOON = Date.UTC(2026, 10, 29, 12);
const never = () => new Promise<never>(() => undefined);
const gone = () => Promise.reject(new Error("gone"));
const letters = [{ kind: "dead_letter", count: 1, oldestAt: NOON }];

const all: BooksToAsk = {
  feeds: async () => [],
  waiting: async () => letters,
  jobs: async () => [],
  omBehind: async () => [],
  owedOut: async () => [],
  backupAt: async () => NOON,
};

it("a database that answers all says what it knows, and nothing is missing", async () => {
  const seen = { feeds: [], waiting: letters, jobs: [], omBehind: [], owedOut: [], backupAt: NOON, unanswered: [] };
  expect(await booksSeen(all)).toEqual(seen);
  expect(await booksSeen({ ...all, omBehind: null })).toEqual(seen);
});

it("one question that hangs or fails leaves the others answered, and is named", async () => {
  const throws = () => {
    throw new Error("at once");
  };
  expect(await booksSeen({ ...all, feeds: never, jobs: gone, omBehind: throws, owedOut: gone }, 20)).toEqual({
    ...{ feeds: null, waiting: letters, jobs: null, omBehind: null, owedOut: null, backupAt: NOON },
    unanswered: ["database:feeds", "database:jobs", "database:om", "database:owed"],
  });
});

it("a database that answers nothing is down, whether or not there is an O&M system to know of", async () => {
  const down: BooksToAsk = { feeds: gone, waiting: never, jobs: gone, omBehind: gone, owedOut: gone, backupAt: gone };
  await expect(booksSeen(down, 20)).rejects.toThrow("answers no question");
  await expect(booksSeen({ ...down, omBehind: null }, 20)).rejects.toThrow("answers no question");
});
