import { signal } from "@preact/signals";
import type { InferResponseType } from "hono/client";
import type { Permission } from "../src/domain/permission.ts";
import { type api, apiOf, ask, api as client, type Trouble } from "./api.ts";
import { type CountryFacts, countries, country, knows, learn } from "./country.ts";
import { comeIn, forgetAll, homeOf, isAbroad, isKept } from "./identity.ts";

export type Me = InferResponseType<ReturnType<typeof api>["me"]["$get"], 200>;

/** Who is signed in here; null: nobody; undefined: not known yet. */
export const me = signal<Me | null | undefined>(undefined);

/** Whether whoever is signed in may do this. What one may not do is not offered. */
export const may = (permission: Permission): boolean => me.value?.permissions.includes(permission) ?? false;

/** Whether a second factor is still to be shown or enrolled. */
export const isHalf = (person: Me) => person.secondFactor.needed && !person.secondFactor.shown;

/** Why whoever is signed in does not come into the country of the address; null: they do, or nobody is signed in. */
export const keptOut = signal<Trouble | null>(null);

/** Asks who one is in the country of the address, and what that country is like. */
export async function readSession(): Promise<"ok" | "offline" | "home_down"> {
  const code = country.peek();
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
  } else if (person.trouble.kind === "home_down") return "home_down";
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
 * Out everywhere: at home first, then wherever the home's word had been carried. Null: done. Where the home does not answer the
 * session goes on, and nothing may look as if it had ended.
 */
export async function signOut(): Promise<Trouble | null> {
  const first = homeOf(country.peek());
  const answer = await ask(apiOf(first)["sign-out"].$post(), "elsewhere");
  if (!answer.ok && answer.trouble.status === 0) return answer.trouble;
  forgetAll();
  // A country that does not answer ends its session by itself, within minutes.
  const others = countries.filter((code) => isAbroad(code));
  await Promise.all(others.map((code) => ask(apiOf(code)["sign-out"].$post(), "elsewhere")));
  keptOut.value = null;
  me.value = null;
  return null;
}
