/** `npm run deploy -- ls`: one country at a time, never without one. A deploy without an environment would make a stray, empty ledger. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const COUNTRIES = ["ls", "bj", "zm"];
const [country, ...rest] = process.argv.slice(2);

if (country === undefined || !COUNTRIES.includes(country)) {
  console.error(`name one country: npm run deploy -- ${COUNTRIES.join(" | ")}   (add --dry-run to build only)`);
  process.exit(2);
}
const run = (command: string, args: string[]) =>
  spawnSync(join(ROOT, "node_modules", ".bin", command), args, { cwd: ROOT, stdio: "inherit" }).status ?? 1;

const built = run("vite", ["build", "-c", "web/vite.config.ts", "--logLevel", "warn"]);
process.exit(built === 0 ? run("wrangler", ["deploy", "--env", country, ...rest]) : built);
