import type { Env } from "./env.ts";

type Settings = Pick<Env, "IDENTITY_ORIGIN" | "IDENTITY_PRIVATE_KEY" | "IDENTITY_PUBLIC_KEYS">;

/** Whether staff of other countries are at home here: their tokens are written here. */
export const isHome = (env: Settings) => Boolean(env.IDENTITY_PRIVATE_KEY);

/** By whose word staff come in here; null: they sign in here themselves. */
export const homeOf = (env: Settings): string | null =>
  env.IDENTITY_PUBLIC_KEYS ? (env.IDENTITY_ORIGIN ?? null) : null;
