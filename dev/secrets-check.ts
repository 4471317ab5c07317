/**
 * `npm run secrets:check -- --env ls`: which secrets a deployment lacks. Asks wrangler, or reads what `wrangler secret list`
 * printed where it is given: `… -- --env ls --stdin < list.json`. Names alone; nobody can read a value back.
 */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { listSecrets, namesIn, sayOfSecrets } from "./deliver/secrets.ts";
import { realTools } from "./deliver/tools.ts";
import { countryEnv, orRefuse, Refusal } from "./deliver/which.ts";

await orRefuse(() => {
  const { values, positionals } = parseArgs({
    options: { env: { type: "string" }, stdin: { type: "boolean", default: false } },
    allowPositionals: true,
  });
  const env = countryEnv(values.env, positionals, "secrets:check");
  const names = values.stdin ? namesIn(readFileSync(0, "utf8")) : listed(env);
  if (names === null)
    throw new Refusal('no list of secrets on stdin; expected what wrangler prints: [{"name": "DATABASE_URL"}]');
  const { ok, lines } = sayOfSecrets(env, names);
  for (const line of lines) console.log(line);
  return ok ? 0 : 1;
});

function listed(env: string): string[] {
  try {
    return listSecrets(realTools(), env);
  } catch (thrown) {
    throw new Refusal(thrown instanceof Error ? thrown.message : String(thrown));
  }
}
