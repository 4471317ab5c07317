import { signal } from "@preact/signals";
import type { InferResponseType } from "hono/client";
import type { Permission } from "../src/domain/permission.ts";
import { type api, ask, api as client, type Trouble } from "./api.ts";
import { type CountryFacts, country, knows, learn } from "./country.ts";

export type Me = InferResponseType<ReturnType<typeof api>["me"]["$get"], 200>;

/** Who is signed in here; null: nobody; undefined: not known yet. */
export const me = signal<Me | null | undefined>(undefined);

/** Whether whoever is signed in may do this. What one may not do is not offered. */
export const may = (permission: Permission): boolean => me.value?.permissions.includes(permission) ?? false;

/** Whether a second factor is still to be shown or enrolled. */
export const isHalf = (person: Me) => person.secondFactor.needed && !person.secondFactor.shown;

/** Asks who one is in the country of the address, and what that country is like. */
export async function readSession(): Promise<"ok" | "offline"> {
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
  if (person.ok) me.value = person.value;
  else if (person.trouble.status === 0 || person.trouble.status >= 500) return "offline";
  else me.value = null;
  return knows(code) ? "ok" : "offline";
}

/** Null: out. Where nobody answers the session goes on, and nothing may look as if it had ended. */
export async function signOut(): Promise<Trouble | null> {
  const answer = await ask(client()["sign-out"].$post());
  if (!answer.ok && answer.trouble.status === 0) return answer.trouble;
  me.value = null;
  return null;
}
