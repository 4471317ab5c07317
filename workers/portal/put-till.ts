import { z } from "zod";
import type { Change, RegisteredOnRead } from "../../src/ports/registry.ts";
import type { TillFacts } from "../../src/ports/tills.ts";
import { isStorable } from "../body.ts";
import type { Env } from "../env.ts";
import { tillOf } from "../objects/locate.ts";
import { restoresOf } from "../objects/restores.ts";
import { countryOf, registryOf } from "../ports.ts";
import { heardOf } from "../set-back.ts";

const SENDERS_MAX = 20;
const minor = z.number().int().nonnegative().max(9_000_000_000_000);

/** Senders whose texts a till believes. */
export const sendersField = z
  .array(z.string().trim().min(1).max(40).refine(isStorable, "text without U+0000 and lone surrogates"))
  .min(1)
  .max(SENDERS_MAX);
/** What a till lets credit by itself; a cap that is not named stays. */
export const capsField = z
  .object({ paymentMinorMax: minor, accountDayMinorMax: minor, tillDayMinorMax: minor, chainBreakMinorMax: minor })
  .partial();

/** From whom the country's operators write, where its file says so: what a till believes that names nobody. */
export const countrySenders = (env: Env): string[] =>
  Object.values(countryOf(env).senders).flatMap((senders) => senders ?? []);

/** What is not done while the database is set back: the till's object would not hear of it. */
export const NO_TILL = "no till is changed";

type Given = {
  tillId: string;
  name: string;
  senders: string[];
  caps?: z.infer<typeof capsField> | undefined;
  version?: number;
};

/**
 * Made, or its senders and the caps that are named changed; then its object is told, also where the change was refused
 * because another came before it: whoever reads it again reads that one.
 */
export async function putTill(
  env: Env,
  { tillId, name, senders, caps, version }: Given,
  by: Change,
): Promise<RegisteredOnRead> {
  const country = countryOf(env);
  const named: Partial<TillFacts["caps"]> = Object.fromEntries(
    Object.entries(caps ?? {}).filter(([, value]) => value !== undefined),
  );
  const { currency, operators } = country;
  const till = { tillId, name, senders, currency, caps: { ...country.caps, ...named }, providers: [...operators] };
  const change = { senders, caps: named, ...(version === undefined ? {} : { version }) };
  const registered = await registryOf(env).putTill(till, change, by);
  if (!registered.ok && registered.error.kind !== "stale") return registered;
  const facts = await restoresOf(env).tillFacts(tillId);
  if (facts === "down") throw new Error("the database does not answer");
  if (facts !== null) {
    await tillOf(env, tillId).configure(facts);
    await heardOf(env, facts.version);
  }
  return registered;
}
