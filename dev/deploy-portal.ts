/**
 * `npm run deploy:portal [-- --dry-run]`: the portal of several countries, as static files on Cloudflare Pages. PORTAL_COUNTRIES
 * says which it shows (ls,bj), PORTAL_HOME where their staff are at home, PORTAL_URL where it will be asked (docs/deploy.md).
 */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { headOf, testsStep, treeStep } from "./deliver/checks.ts";
import { deployable, readConfigs } from "./deliver/config.ts";
import { greenFile, readGreen } from "./deliver/known.ts";
import { bundleFaults, configuredPage, portalConfig } from "./deliver/portal-page.ts";
import { portalFaults } from "./deliver/portal-smoke.ts";
import { askAt } from "./deliver/smoke.ts";
import { refuse, runSteps } from "./deliver/steps.ts";
import { ROOT, realTools, tail } from "./deliver/tools.ts";
import { orRefuse, Refusal } from "./deliver/which.ts";

const PROJECT = "customer-care-portal";
const BUNDLE = join(ROOT, ".data", "pages");

await orRefuse(async () => {
  const { values } = parseArgs({ options: { "dry-run": { type: "boolean", default: false } } });
  const dryRun = values["dry-run"];
  const tools = realTools();
  const config = configOf(deployable(readConfigs()));
  const url = process.env.PORTAL_URL || null;
  const steps = [
    treeStep(tools),
    testsStep(tools, {
      checkedCommit: process.env.CHECKED_COMMIT || null,
      proofs: { green: readGreen(greenFile()) },
    }),
    {
      name: "build",
      would: null,
      run: () => {
        rmSync(BUNDLE, { recursive: true, force: true });
        const built = tools.run("vite", [
          ...["build", "-c", "web/vite.config.ts", "--logLevel", "warn", "--outDir", BUNDLE, "--emptyOutDir"],
        ]);
        if (built.status !== 0) return refuse(tail(built.stderr || built.stdout));
        const page = join(BUNDLE, "index.html");
        writeFileSync(page, configuredPage(readFileSync(page, "utf8"), config));
        // The customers' page is their country's: its Worker writes it.
        rmSync(join(BUNDLE, "my", "index.html"), { force: true });
        const faults = bundleFaults(BUNDLE);
        const home = config.home === null ? "each its own home" : `home ${config.home}`;
        return faults.length > 0 ? refuse(...faults) : { said: `${config.countries.join(", ")}, ${home}` };
      },
    },
    {
      name: "deploy",
      would: `run wrangler pages deploy .data/pages --project-name ${PROJECT} --branch main`,
      run: () => {
        const args = ["pages", "deploy", BUNDLE, "--project-name", PROJECT, "--branch", "main"];
        const ran = tools.run("wrangler", [...args, "--commit-hash", headOf(tools), "--commit-dirty=false"]);
        return ran.status === 0 ? { said: "it is out" } : refuse(tail(ran.stderr || ran.stdout));
      },
    },
    {
      name: "smoke test",
      would: `ask ${url ?? "PORTAL_URL"} for the page, and each country's Worker behind it`,
      run: async () => {
        if (url === null) return { said: "not asked: PORTAL_URL is not set" };
        const faults = await portalFaults(askAt(url), config);
        return faults.length === 0 ? { said: `${url} shows ${config.countries.join(", ")}` } : refuse(...faults);
      },
    },
  ];
  return (await runSteps(steps, { dryRun })) ? 0 : 1;
});

function configOf(known: readonly string[]) {
  try {
    return portalConfig(process.env.PORTAL_COUNTRIES || known.join(","), process.env.PORTAL_HOME ?? "", known);
  } catch (thrown) {
    throw new Refusal(thrown instanceof Error ? thrown.message : String(thrown));
  }
}
