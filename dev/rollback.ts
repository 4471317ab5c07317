/**
 * `npm run rollback -- --env ls`: the version before runs again, within seconds, and is smoke-tested. Rows and schemas only grow,
 * so nothing of the database goes back; what the version before would read wrongly there is looked for first (DATABASE_OWNER_URL_LS),
 * and refused but for `--anyway`. Cloudflare refuses it over a migration of objects. `--dry-run` says what it would do.
 */
import { parseArgs } from "node:util";
import { backPlanOf } from "./deliver/back.ts";
import { askAt } from "./deliver/smoke.ts";
import { runSteps } from "./deliver/steps.ts";
import { realTools } from "./deliver/tools.ts";
import { countryEnv, orRefuse } from "./deliver/which.ts";

await orRefuse(async () => {
  const { values, positionals } = parseArgs({
    options: {
      env: { type: "string" },
      to: { type: "string" },
      message: { type: "string", default: "rolled back by hand" },
      anyway: { type: "boolean", default: false },
      "dry-run": { type: "boolean", default: false },
    },
    allowPositionals: true,
  });
  const env = countryEnv(values.env, positionals, "rollback");
  const set = (name: string) => process.env[`${name}_${env.toUpperCase()}`] || null;
  const origin = set("OPS_URL");
  const steps = backPlanOf({
    env,
    to: values.to ?? null,
    message: values.message,
    anyway: values.anyway,
    tools: realTools(),
    ask: origin === null ? null : askAt(origin),
    ownerUrl: set("DATABASE_OWNER_URL"),
  });
  return (await runSteps(steps, { dryRun: values["dry-run"] })) ? 0 : 1;
});
