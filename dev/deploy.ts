/**
 * `npm run deploy -- --env ls [--dry-run]`: one country at a time, never without one. Each step is printed with its time, and
 * the first that refuses ends it (docs/deploy.md). The country's address is OPS_URL_LS, its database DATABASE_OWNER_URL_LS.
 */
import { parseArgs } from "node:util";
import { greenFile, pairFile, readGreen } from "./deliver/known.ts";
import { readRecord } from "./deliver/release.ts";
import { askAt } from "./deliver/smoke.ts";
import { runSteps } from "./deliver/steps.ts";
import { realTools } from "./deliver/tools.ts";
import { countryEnv, orRefuse } from "./deliver/which.ts";

await orRefuse(async () => {
  const { values, positionals } = parseArgs({
    options: {
      env: { type: "string" },
      "dry-run": { type: "boolean", default: false },
      first: { type: "boolean", default: false },
      "unproven-pair": { type: "boolean", default: false },
    },
    allowPositionals: true,
  });
  const env = countryEnv(values.env, positionals, "deploy");
  // Wrangler takes seconds to load: whoever names no country waits for nothing.
  const { planOf } = await import("./deliver/plan.ts");
  const set = (name: string) => process.env[`${name}_${env.toUpperCase()}`] || null;
  const origin = set("OPS_URL");
  const dryRun = values["dry-run"];
  const steps = planOf({
    env,
    dryRun,
    first: values.first,
    unprovenPair: values["unproven-pair"],
    tools: realTools(),
    ask: origin === null ? null : askAt(origin),
    ownerUrl: set("DATABASE_OWNER_URL"),
    checkedCommit: process.env.CHECKED_COMMIT || null,
    proofs: { green: readGreen(greenFile()), pair: readGreen(pairFile()) },
    recorded: readRecord()?.commit ?? null,
  });
  const began = performance.now();
  const green = await runSteps(steps, { dryRun });
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  const end = dryRun ? "dry run: nothing was changed" : green ? `${env} is delivered` : `${env} was not delivered`;
  console.log(`${end}${green ? "" : dryRun ? ", and it would be refused" : ""} (${seconds} s)`);
  return green ? 0 : 1;
});
