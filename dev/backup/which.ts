/** Whose database a backup is of. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { COUNTRIES, isCountryCode } from "../../src/domain/country.ts";
import { secretsIn } from "../database-server.ts";
import { Refusal } from "../deliver/which.ts";

const DATA = fileURLToPath(new URL("../../.data", import.meta.url));

/** `superUrl` null: no role is known there that may make databases. */
export type Source = { country: string; ownerUrl: string; superUrl: string | null; isLocal: boolean };

/**
 * `local` is the world of `npm start`, by its country; a deployment's database is named by DATABASE_URL, as the role that owns it,
 * as for `npm run db:migrate`.
 */
export function sourceOf(flags: { env?: string | undefined; country?: string | undefined }): Source {
  const env = flags.env?.toLowerCase();
  if (env === "local") return localSource((flags.country ?? "LS").toUpperCase());
  const known = Object.keys(COUNTRIES).map((code) => code.toLowerCase());
  if (env === undefined || !known.includes(env)) throw new Refusal(`name one: --env local | ${known.join(" | ")}`);
  const ownerUrl = process.env.DATABASE_URL;
  if (ownerUrl === undefined || ownerUrl === "")
    throw new Refusal(`DATABASE_URL must name the database of ${env}, as the role that owns it`);
  return { country: env.toUpperCase(), ownerUrl, superUrl: null, isLocal: false };
}

function localSource(country: string): Source {
  let local: { countries: Record<string, { databaseUrl: string }> };
  try {
    local = JSON.parse(readFileSync(`${DATA}/local.json`, "utf8"));
  } catch {
    throw new Refusal("there is no local world: npm start");
  }
  const ownerUrl = local.countries[country]?.databaseUrl;
  if (!isCountryCode(country) || ownerUrl === undefined)
    throw new Refusal(`the local world has no country ${country}: it has ${Object.keys(local.countries).join(", ")}`);
  const superUrl = new URL(ownerUrl);
  superUrl.username = "postgres";
  superUrl.password = secretsIn(DATA).superuser;
  superUrl.pathname = "/postgres";
  return { country, ownerUrl, superUrl: superUrl.href, isLocal: true };
}
