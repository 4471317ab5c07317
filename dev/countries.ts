/** Which countries a local world has, and where each of its parts listens. */
import { COUNTRIES, type CountryCode } from "../src/domain/country.ts";

/** All that the code knows, in the order of their ports. */
export const KNOWN_COUNTRIES = Object.keys(COUNTRIES) as CountryCode[];

/** What `npm start` runs where nothing is said: those with demo people. */
export const USUAL_COUNTRIES = "LS,BJ";

/** The portal stands between the third country and the fourth; behind the ninth the database begins. */
const PORTAL_AT = 3;
const WORKERS_MAX = 9;
const INSPECTOR_AT = 30;

/** "ls, BJ" as the countries it names, each once. Throws with what was expected when it names none, or one that is unknown. */
export function countriesOf(text: string, known: readonly string[] = KNOWN_COUNTRIES): CountryCode[] {
  const named = text
    .split(",")
    .map((each) => each.trim().toUpperCase())
    .filter((each) => each !== "");
  const unknown = named.filter((each) => !known.includes(each));
  if (unknown.length > 0 || named.length === 0)
    throw new Error(
      `--countries: ${unknown.length > 0 ? `there is no country ${unknown.join(" and no ")}` : "names none"}; name some of ${known.join(",")} with a comma between, as --countries ${USUAL_COUNTRIES}`,
    );
  return known.filter((each) => named.includes(each)) as CountryCode[];
}

/** Where a country's Worker and its inspector listen, by its place among the known ones: the same however many run. */
export function workerPorts(first: number, country: string, known: readonly string[] = KNOWN_COUNTRIES) {
  const at = known.indexOf(country);
  if (at < 0 || at >= WORKERS_MAX) throw new Error(`no port is kept for the Worker of ${country}`);
  return { port: first + (at < PORTAL_AT ? at : at + 1), inspectorPort: first + INSPECTOR_AT + at };
}

/** Where all else listens. */
export const worldPorts = (first: number) => ({
  portal: first + PORTAL_AT,
  postgres: first + 10,
  proxy: first + 11,
  bridge: first + 12,
  control: first + 13,
  legacy: first + 20,
  iot: first + 21,
  cm: first + 22,
  mqtt: first + 23,
  koios: first + 24,
  thundercloud: first + 25,
  steama: first + 26,
});
