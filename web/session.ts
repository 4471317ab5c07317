import { signal } from "@preact/signals";
import type { InferResponseType } from "hono/client";
import type { Permission } from "../src/domain/permission.ts";
import { type api, apiOf, ask, api as client, type Trouble } from "./api.ts";
import { type CountryFacts, countries, country, knows, learn } from "./country.ts";
import { comeIn, forgetAll, homeOf, isAbroad, isKept } from "./identity.ts";
import { dropHere, keepHere, keptHere } from "./kept-here.ts";

export type Me = InferResponseType<ReturnType<typeof api>["me"]["$get"], 200>;

/** Who is signed in here; null: nobody; undefined: not known yet. */
export const me = signal<Me | null | undefined>(undefined);

/** Whether whoever is signed in may do this. What one may not do is not offered. */
export const may = (permission: Permission): boolean => me.value?.permissions.includes(permission) ?? false;

/** Whether a second factor is still to be shown or enrolled. */
export const isHalf = (person: Me) => person.secondFactor.needed && !person.secondFactor.shown;

/** Why whoever is signed in does not come into the country of the address; null: they do, or nobody is signed in. */
export const keptOut = signal<Trouble | null>(null);

const OWED_KEY = "sign-outs-owed";
/** No session of staff lives longer: what is owed by then is nothing. */
const OWED_MS_MAX = 12 * 3_600_000;

/** Countries that were not reached by a sign-out here: the session there may live. It is ended before anybody is let in on this device. */
export const owedSignOuts = signal<readonly string[]>(owedHere());

function owedHere(): readonly string[] {
  const [at, ...codes] = (keptHere(OWED_KEY) ?? "").split(" ");
  return Date.now() - Number(at) > OWED_MS_MAX ? [] : codes.filter((code) => countries.includes(code));
}

function owe(codes: readonly string[]) {
  owedSignOuts.value = codes;
  if (codes.length === 0) dropHere(OWED_KEY);
  else keepHere(OWED_KEY, [Date.now(), ...codes].join(" "));
}

/** False: one who left may still be signed in where that would let them in here, and is not taken in again. */
async function makeUpFor(code: string): Promise<boolean> {
  const owed = owedSignOuts.peek();
  const isInTheWay = (codes: readonly string[]) => codes.includes(homeOf(code)) || codes.includes(code);
  if (owed.length === 0) return true;
  if (!isInTheWay(owed)) {
    void endIn(owed).then(owe);
    return true;
  }
  owe(await endIn(owed));
  return !isInTheWay(owedSignOuts.peek());
}

const SILENCES = ["offline", "database_down", "home_down"] as const;
/** Who does not answer: the country, its database alone (payments and meters go on), or the home, from which no word could be fetched. */
export type Silence = (typeof SILENCES)[number];

/** What became of the question: sign_out_owed, somebody has left and not every country has heard of it. */
export type Read = "ok" | Silence | "sign_out_owed";

export const isSilence = (read: Read): read is Silence => (SILENCES as readonly Read[]).includes(read);

/** Asks who one is in the country of the address, and what that country is like. */
export async function readSession(who: "whoever" | "anew" = "whoever"): Promise<Read> {
  const code = country.peek();
  // Whoever has just signed in has another cookie: what was owed for the one before is gone with theirs.
  if (who === "anew") owe(owedSignOuts.peek().filter((each) => each !== homeOf(code) && each !== code));
  if (!(await makeUpFor(code))) {
    me.value = null;
    return "sign_out_owed";
  }
  const [person, config] = await Promise.all([
    ask(client().me.$get()),
    knows(code)
      ? null
      : fetch(`/${code}/api/config`).then(
          (response) => response.json() as Promise<CountryFacts>,
          () => null,
        ),
  ]);
  if (config !== null) learn(code, config);
  if (code !== country.peek()) return readSession();
  keptOut.value = null;
  if (person.ok) {
    me.value = person.value;
    if (isAbroad(code) && !isKept(code)) void comeIn(code);
  } else if (person.trouble.kind === "home_down" || person.trouble.kind === "database_down") return person.trouble.kind;
  else if (person.trouble.status === 0 || person.trouble.status >= 500) return "offline";
  else if (person.trouble.status === 401 || !isAbroad(code)) me.value = await halfAtHome(code);
  else {
    const atHome = await ask(apiOf(homeOf(code)).me.$get(), "elsewhere");
    me.value = atHome.ok ? atHome.value : null;
    keptOut.value = person.trouble;
  }
  return knows(code) ? "ok" : "offline";
}

/** Who has shown the password at home and not yet the second factor, without which there is no word to carry. */
async function halfAtHome(code: string): Promise<Me | null> {
  if (!isAbroad(code)) return null;
  const person = await ask(apiOf(homeOf(code)).me.$get(), "elsewhere");
  return person.ok && isHalf(person.value) ? person.value : null;
}

/** Whether whoever is signed in works in the country of the address. */
export const worksHere = (person: Me) =>
  keptOut.value === null && (person.countries as string[]).includes(country.value.toUpperCase());

/**
 * Out everywhere: at home, and wherever the home's word may have been carried, whichever of them answer. Where none does the session goes
 * on, and nothing may look as if it had ended. What was not reached is owed: it is said, and made up for before anybody comes in here.
 */
export async function signOut(): Promise<"out" | "still_in"> {
  const first = homeOf(country.peek());
  const all = [first, ...countries.filter((code) => isAbroad(code) && code !== first)];
  const silent = await endIn(all);
  if (silent.length === all.length) return "still_in";
  forgetAll();
  owe(silent);
  keptOut.value = null;
  me.value = null;
  return "out";
}

/** Ends the sessions of this browser in these countries, at the same time; those that were not reached. */
async function endIn(codes: readonly string[]): Promise<string[]> {
  const answers = await Promise.all(
    codes.map(async (code) => ({ code, answer: await ask(apiOf(code)["sign-out"].$post(), "elsewhere") })),
  );
  // With its database down a country still takes the cookie away: nobody has it any more.
  const isOut = ({ answer }: (typeof answers)[number]) => answer.ok || answer.trouble.kind === "database_down";
  return answers.filter((each) => !isOut(each)).map(({ code }) => code);
}
