/**
 * `npm run release:pair -- --commit X`: builds the release that runs (X, a commit of this clone), runs it and these files beside each
 * other, and keeps what was proved for `npm run deploy`. `--env ls` asks the country which commit runs.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { pairFile, writeGreen } from "./deliver/known.ts";
import { askAt, healthAt } from "./deliver/smoke.ts";
import { git, ROOT, realTools } from "./deliver/tools.ts";
import { countryEnv, orRefuse, Refusal } from "./deliver/which.ts";

const STORY = "tests/stories/two-releases.test.ts";

await orRefuse(async () => {
  const { values, positionals } = parseArgs({
    options: { env: { type: "string" }, commit: { type: "string" } },
    allowPositionals: true,
  });
  const tools = realTools();
  if (git(tools, "status", "--porcelain") !== "") throw new Refusal("there are changes that are not committed");
  const named = values.commit ?? (await running(countryEnv(values.env, positionals, "release:pair")));
  const previous = git(tools, "rev-parse", "--verify", `${named}^{commit}`);
  const folder = mkdtempSync(join(tmpdir(), "cc-pair-"));
  try {
    const node = (...args: string[]) =>
      spawnSync(process.execPath, args, {
        cwd: ROOT,
        stdio: "inherit",
        env: { ...process.env, PREVIOUS_RELEASE: folder },
      }).status ?? 1;
    if (node(join(ROOT, "dev", "release-record.ts"), "--commit", previous, "--out", folder) !== 0) return 1;
    if (node(join(ROOT, "node_modules", "vitest", "vitest.mjs"), "run", "--project", "stories", STORY) !== 0) return 1;
    const tree = git(tools, "rev-parse", "HEAD^{tree}");
    writeGreen(pairFile(), { tree, at: new Date().toISOString(), passed: 1, previous });
    console.log(`${previous.slice(0, 12)} and these files run beside each other`);
    return 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

async function running(env: string): Promise<string> {
  const name = `OPS_URL_${env.toUpperCase()}`;
  const origin = process.env[name];
  if (!origin) throw new Refusal(`set ${name}, or name the release that runs: --commit X`);
  const version = (await healthAt(askAt(origin)))?.version;
  if (typeof version !== "string" || !/^[0-9a-f]{40}$/.test(version))
    throw new Refusal(`${env} does not say which commit runs; name it: --commit X`);
  return version;
}
