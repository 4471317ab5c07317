import type { Env } from "../env.ts";
import { tillOf } from "../objects/locate.ts";
import { headsOf } from "../ports.ts";
import type { Difference, HeadsPart } from "./heads-difference.ts";

/** Tills of a country: it has a few dozen. */
const TILLS_MAX = 500;
const AT_ONCE_MAX = 4;

/** Every till: verdicts and balances that only Postgres has are taken over, open gaps that only the till knows are told again. */
export async function compareTills(env: Env): Promise<HeadsPart> {
  const tills = await headsOf(env).tills(TILLS_MAX);
  const differences: Difference[] = [];
  for (let from = 0; from < tills.length; from += AT_ONCE_MAX) {
    const found = await Promise.all(tills.slice(from, from + AT_ONCE_MAX).map((tillId) => compareTill(env, tillId)));
    differences.push(...found.flat());
  }
  return { counts: { tills: tills.length }, differences };
}

async function compareTill(env: Env, tillId: string): Promise<Difference[]> {
  const done = await tillOf(env, tillId).learn();
  const differs = (because: Difference["because"], object: unknown): Difference => ({
    what: "till",
    name: tillId,
    day: null,
    because,
    postgres: null,
    object,
  });
  if (done === "not_ready") return [differs("object_not_ready", done)];
  return [
    ...(done.learned > 0 ? [differs("adopted", done)] : []),
    ...(done.told > 0 ? [differs("sent_again", done)] : []),
  ];
}
