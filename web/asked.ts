import type { Answer, Trouble } from "./api.ts";

/** What a question has come to, and of which question it is. */
export type Asked<T> = {
  value: T | null;
  /** What the question of `value` was about; null: there is no value. */
  about: readonly unknown[] | null;
  trouble: Trouble | null;
  isBusy: boolean;
  /** When `value` came. */
  heardAt: number | null;
};

export const unasked = <T>(): Asked<T> => ({ value: null, about: null, trouble: null, isBusy: true, heardAt: null });

export const isSameQuestion = (one: readonly unknown[], other: readonly unknown[]): boolean =>
  one.length === other.length && one.every((each, n) => Object.is(each, other[n]));

/** The value is the answer to another question: nobody may take it for an answer to this one. */
export const isStale = <T>({ about }: Asked<T>, asked: readonly unknown[]): boolean =>
  about !== null && !isSameQuestion(about, asked);

/** A question that fails leaves what the same question answered before, and nothing of another. */
export function heard<T>(now: Asked<T>, about: readonly unknown[], answer: Answer<T>, at: number): Asked<T> {
  if (answer.ok) return { value: answer.value, about, trouble: null, isBusy: false, heardAt: at };
  const kept = isStale(now, about) ? unasked<T>() : now;
  return { ...kept, trouble: answer.trouble, isBusy: false };
}
