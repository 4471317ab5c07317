/** The names of a deployment's secrets, as wrangler lists them, against what the code knows. */
import { COUNTRIES, isCountryCode } from "../../src/domain/country.ts";
import { identityGaps } from "../../src/domain/identity-keys.ts";
import { SECRETS, secretsReport } from "../../src/domain/settings.ts";
import { unnamedOrganisations } from "../../src/domain/vendor-settings.ts";
import { parseJson } from "../serve.ts";
import { type Tools, tail } from "./tools.ts";

/** The names in what `wrangler secret list` printed, whatever stands around it; null: there is no list in it. */
export function namesIn(printed: string): string[] | null {
  for (let at = printed.indexOf("["); at >= 0; at = printed.indexOf("[", at + 1)) {
    const list = parseJson(printed.slice(at, printed.lastIndexOf("]") + 1));
    if (!Array.isArray(list)) continue;
    const names = list.map((each: unknown) => (each as { name?: unknown } | null)?.name);
    return names.every((name) => typeof name === "string") ? (names as string[]) : null;
  }
  return null;
}

/** Asks wrangler, which needs an account. Throws with what it said. */
export function listSecrets(tools: Tools, env: string): string[] {
  const { status, stdout, stderr } = tools.run("wrangler", ["secret", "list", "--env", env, "--format", "json"]);
  const names = status === 0 ? namesIn(stdout) : null;
  if (names === null) throw new Error(`wrangler could not list the secrets of ${env}: ${tail(stderr || stdout)}`);
  return names;
}

/** Lines for a person, and whether the deployment may run with these. */
export function sayOfSecrets(env: string, names: readonly string[]): { ok: boolean; lines: string[] } {
  const { missing, forbidden, unknown, unset } = secretsReport(names);
  const gaps = identityGaps((name) => names.includes(name));
  const code = env.toUpperCase();
  const unnamed = isCountryCode(code) ? unnamedOrganisations((name) => names.includes(name), COUNTRIES[code]) : [];
  const lines = [
    ...unnamed.map((fault) => `unnamed    ${fault} (src/domain/countries/${env}.ts)`),
    ...missing.map((name) => `missing    ${name}   npx wrangler secret put ${name} --env ${env}`),
    ...forbidden.map(
      (name) => `forbidden  ${name}   is never a secret: npx wrangler secret delete ${name} --env ${env}`,
    ),
    ...gaps.map((gap) => `half       ${gap}; put all of them at once: npx wrangler secret bulk FILE.json --env ${env}`),
    ...unknown.map((name) => `unknown    ${name}   no line of this code reads it: mistyped, or left from before`),
    ...(unset.length > 0 ? [`not set, and not needed: ${unset.join(", ")}`] : []),
  ];
  const known = names.filter((name) => SECRETS.includes(name)).length;
  const ok = missing.length + forbidden.length + gaps.length + unnamed.length === 0;
  const closing = `${known} set, ${missing.length} missing, ${forbidden.length} forbidden, ${unknown.length} unknown`;
  return { ok, lines: [...lines, `${env}: ${closing}`] };
}
