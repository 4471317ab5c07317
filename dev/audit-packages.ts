/**
 * `node dev/audit-packages.ts`: asks the package registry for known vulnerabilities of what is deployed, as `npm audit` does, and ends
 * with 1 when one is high or critical. A registry that does not answer is said and is no fault of this tree. Part of `npm test`.
 */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
/** npm tries for minutes by itself where nothing answers. */
const ASK_MS_MAX = 60_000;

export type Verdict = { asked: boolean; red: boolean; said: string };

/** What `npm audit --json` wrote: its counts, or why it has none. */
export function verdictOf(output: string): Verdict {
  const counts = countsIn(output);
  if (counts === null) return { asked: false, red: false, said: "not asked: no answer" };
  const bad = (counts.high ?? 0) + (counts.critical ?? 0);
  const said = Object.entries(counts).map(([severity, count]) => `${count} ${severity}`);
  return { asked: true, red: bad > 0, said: said.join(", ") };
}

function countsIn(output: string): Record<string, number> | null {
  try {
    const answer = JSON.parse(output) as { error?: unknown; metadata?: { vulnerabilities?: Record<string, number> } };
    const counts = answer.metadata?.vulnerabilities;
    return answer.error === undefined && counts !== undefined && typeof counts.high === "number" ? counts : null;
  } catch {
    return null;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const args = ["audit", "--omit=dev", "--audit-level=high", "--json", "--fetch-retries=0"];
  const { stdout } = spawnSync("npm", args, { cwd: ROOT, timeout: ASK_MS_MAX, encoding: "utf8" });
  const { red, said } = verdictOf(stdout ?? "");
  console.log(`known vulnerabilities of what is deployed: ${said}`);
  process.exit(red ? 1 : 0);
}
