/** `npm run country:env -- --country xx`: writes a new country's part of `wrangler.toml`, as Lesotho's is, under its own names. */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { COUNTRIES, isCountryCode } from "../src/domain/country.ts";

const PATH = fileURLToPath(new URL("../wrangler.toml", import.meta.url));
const LINE = /^# -{60,}\n/m;

/** The file with that country's part behind the others; unchanged when it has one. Throws when there is none to copy. */
export function withCountry(toml: string, code: string): string {
  const env = code.toLowerCase();
  if (toml.includes(`[env.${env}]`)) return toml;
  const parts = toml.split(LINE);
  const at = parts.findIndex((part) => part.startsWith("[env.test]"));
  const like = parts.find((part) => part.startsWith("[env.ls]"));
  if (like === undefined || at < 0)
    throw new Error("wrangler.toml has no [env.ls] to copy, or no [env.test] to stand before");
  const own = like
    .replaceAll("env.ls", `env.${env}`)
    .replaceAll("customer-care-ls", `customer-care-${env}`)
    .replaceAll("customer_care_ls", `customer_care_${env}`)
    .replaceAll('"/ls/', `"/${env}/`)
    .replace('COUNTRY = "LS"', `COUNTRY = "${env.toUpperCase()}"`)
    // Of its own account of AWS: until somebody says so, nothing answers there.
    .replace(/^IOT_ENDPOINT = .*$/m, 'IOT_ENDPOINT = "https://iot.invalid"')
    // A hostname is one country's: neither form of its routes comes along, nor what is said above it.
    .replace(/^(?:#.*\n)*routes = .*\n/m, "")
    .replaceAll(new RegExp(`^(?:#.*\\n)*\\[\\[env\\.${env}\\.routes\\]\\]\\n(?:[^\\[\\n].*\\n)*\\n?`, "gm"), "");
  const line = LINE.exec(toml)?.[0] ?? "";
  return [...parts.slice(0, at), own, ...parts.slice(at)].join(line);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({ options: { country: { type: "string" } } });
  const code = (values.country ?? "").toUpperCase();
  if (!isCountryCode(code)) {
    console.error(
      `--country must be one that has a file, and is in the list (npm run countries): ${Object.keys(COUNTRIES).join(", ")}`,
    );
    process.exit(2);
  }
  writeFileSync(PATH, withCountry(readFileSync(PATH, "utf8"), code));
  console.log(`wrangler.toml has [env.${code.toLowerCase()}]`);
}
