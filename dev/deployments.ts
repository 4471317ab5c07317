/**
 * Whether every country's deployment builds as it would be deployed, without an account: `wrangler deploy --dry-run` of each,
 * all at once. Prints what each weighs and fails where one is over the limit or does not build.
 */
import { execFile } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { deployable, readConfigs } from "./deliver/config.ts";
import { sizeIn } from "./deliver/size.ts";
import { ROOT } from "./deliver/tools.ts";

/** A Worker may have 10 MiB; what is parsed at each cold start should stay far from it. It had 971 KiB when this was set. */
export const WORKER_GZIP_KIB_MAX = 1_280;
const BUILD_MS_MAX = 120_000;

async function build(env: string): Promise<string> {
  const args = ["deploy", "--dry-run", "--minify", "--env", env];
  const options = {
    cwd: ROOT,
    timeout: BUILD_MS_MAX,
    env: { ...process.env, CI: "1", NO_COLOR: "1", WRANGLER_SEND_METRICS: "false" },
  };
  const { stdout } = await promisify(execFile)(join(ROOT, "node_modules", ".bin", "wrangler"), args, options);
  return stdout;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  // It is built by the step before; here the folder alone has to be there.
  mkdirSync(join(ROOT, "web", "dist"), { recursive: true });
  const began = performance.now();
  const countries = deployable(readConfigs());
  const built = await Promise.allSettled(countries.map(build));
  for (const [index, result] of built.entries()) {
    const size = result.status === "fulfilled" ? sizeIn(result.value) : null;
    const isWithin = size !== null && size.gzipKib <= WORKER_GZIP_KIB_MAX;
    if (!isWithin) process.exitCode = 1;
    const said =
      result.status === "rejected"
        ? `does not build: ${String(result.reason)}`
        : size === null
          ? "wrangler does not say its size"
          : `${size.kib.toFixed(0)} KiB, gzip ${size.gzipKib.toFixed(0)} of at most ${WORKER_GZIP_KIB_MAX} KiB`;
    console.log(`${isWithin ? "ok " : "RED"} customer-care-${countries[index]}: ${said}`);
  }
  console.log(`${countries.length} deployments in ${((performance.now() - began) / 1000).toFixed(1)} s`);
}
