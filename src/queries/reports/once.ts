import type { Reader } from "../../ports/reader.ts";

/** For one request that is made of many figures: what several of them ask in the same words is asked once. Lives as long as the request. */
export function askingOnce(db: Reader): Reader {
  const asked = new Map<string, Promise<unknown[]>>();
  return {
    read: <T>(query: string, params: string[] = []) => {
      const key = JSON.stringify([query, params]);
      const known = asked.get(key) ?? db.read<T>(query, params);
      asked.set(key, known);
      return known as Promise<T[]>;
    },
  };
}
