/** One life of a deployment, from a start to the moment the power fails. Whatever was begun in it ends with it. */
import { AsyncLocalStorage } from "node:async_hooks";

export type Life = { ended: boolean };

export const lives = new AsyncLocalStorage<Life>();
export const isDead = (): boolean => lives.getStore()?.ended === true;

/** What the dead wait for never comes. */
export const never = <T>() => new Promise<T>(() => undefined);
/** An answer, for whoever is still there to hear it. */
export async function heard<T>(answer: Promise<T>): Promise<T> {
  answer.catch(() => undefined);
  if (isDead()) return never();
  try {
    const said = await answer;
    return isDead() ? never() : said;
  } catch (thrown) {
    if (isDead()) return never();
    throw thrown;
  }
}
