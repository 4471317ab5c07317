import type { InferResponseType } from "hono/client";
import type { api } from "../../api.ts";

export type Losses = InferResponseType<ReturnType<typeof api>["reports"]["losses"]["$get"], 200>;
export type LossRow = Losses["rows"][number];

/** How many of a hundred accounts have to be known for an hour to count. */
export const KNOWN = ["100", "95", "90", "80"] as const;

/** The site in the address; else the first of which a meter counts the supply; else the first there is. */
export const siteOf = (chosen: string, supplied: readonly string[], all: readonly string[]): string =>
  chosen === "" ? (supplied[0] ?? all[0] ?? "") : chosen;
