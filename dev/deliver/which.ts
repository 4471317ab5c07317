/** Which country a delivery is for: always said, never guessed. */
import { COUNTRIES } from "../../src/domain/country.ts";

export class Refusal extends Error {}

/** The `--env` of a delivery. Throws a sentence where there is none, more than one, or one that names no country. */
export function countryEnv(
  env: string | undefined,
  typed: readonly string[],
  command: string,
  argv: readonly string[] = process.argv,
): string {
  const known = Object.keys(COUNTRIES).map((code) => code.toLowerCase());
  const usage = `npm run ${command} -- --env ${known.join(" | ")}`;
  const said =
    argv.filter((each) => /^--env(?:=|$)/.test(each)).length + typed.filter((each) => known.includes(each)).length;
  if (env !== undefined && said > 1) throw new Refusal(`one country at a time: ${usage}`);
  if (env !== undefined && known.includes(env)) return env;
  if (env !== undefined) throw new Refusal(`there is no country ${JSON.stringify(env)} here: ${usage}`);
  const [named] = typed;
  throw new Refusal(
    named !== undefined && known.includes(named)
      ? `write the country as --env ${named}: ${usage}`
      : `name one country, there is no default: ${usage}`,
  );
}

/** Ends a command that refuses with its sentence and 2; what else was thrown is thrown on. */
export async function orRefuse(main: () => Promise<number> | number): Promise<never> {
  try {
    process.exit(await main());
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown;
    console.error(thrown.message);
    process.exit(2);
  }
}
