/**
 * `npm run rollback -- --env ls`: the version before runs again, within seconds, and is smoke-tested. Rows and schemas only grow,
 * so nothing of the database goes back. Cloudflare refuses it over a migration of objects. `--dry-run` says what it would do.
 */
import { parseArgs } from "node:util";
import { askAt, healthAt, smoke } from "./deliver/smoke.ts";
import { refuse, runSteps } from "./deliver/steps.ts";
import { realTools, tail } from "./deliver/tools.ts";
import { countryEnv, orRefuse } from "./deliver/which.ts";

await orRefuse(async () => {
  const { values, positionals } = parseArgs({
    options: {
      env: { type: "string" },
      to: { type: "string" },
      message: { type: "string", default: "rolled back by hand" },
      "dry-run": { type: "boolean", default: false },
    },
    allowPositionals: true,
  });
  const env = countryEnv(values.env, positionals, "rollback");
  const country = env.toUpperCase();
  const tools = realTools();
  const origin = process.env[`OPS_URL_${country}`];
  const ask = origin ? askAt(origin) : null;
  const args = [
    "rollback",
    ...(values.to === undefined ? [] : [values.to]),
    "--env",
    env,
    "--yes",
    "--message",
    values.message,
  ];
  let bad: string | null = null;
  const green = await runSteps(
    [
      {
        name: "what runs now",
        would: `ask /health of ${country}`,
        // Whoever rolls back is in trouble: an address that does not answer stops nobody.
        run: async () => {
          const health = ask === null ? null : await healthAt(ask).catch(() => null);
          bad = typeof health?.version === "string" ? health.version : null;
          return { said: bad ?? "unknown" };
        },
      },
      {
        name: "roll back",
        would: `run wrangler ${args.join(" ")}`,
        run: () => {
          const { status, stdout, stderr } = tools.run("wrangler", args);
          return status === 0 ? { said: "the version before is out" } : refuse(tail(stderr || stdout));
        },
      },
      {
        name: "smoke test",
        would: `ask ${country} as after a deploy`,
        run: async () => {
          if (ask === null) return { said: `not asked: OPS_URL_${country} is not set` };
          const faults = await smoke(ask, { country, version: null, not: bad });
          if (faults.length > 0) return refuse(...faults);
          return {
            said: `${country} runs ${String((await healthAt(ask))?.version ?? "a release that does not say its commit")}`,
          };
        },
      },
    ],
    { dryRun: values["dry-run"] },
  );
  return green ? 0 : 1;
});
