/** The programs that a delivery runs, and git's answers. What is first on PATH is taken: a test puts its own there. */
import { spawnSync } from "node:child_process";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

export type Ran = { status: number; stdout: string; stderr: string };
export type Tools = {
  /** Runs to its end and keeps what it says. */
  run(command: string, args: readonly string[], env?: Record<string, string>): Ran;
  /** The same, shown as it goes. */
  show(command: string, args: readonly string[], env?: Record<string, string>): Ran;
};

const OUTPUT_BYTES_MAX = 64 * 1024 * 1024;
const TAIL_LENGTH = 400;

export function realTools(root = ROOT): Tools {
  const path = [process.env.PATH ?? "", join(root, "node_modules", ".bin")].join(delimiter);
  const run =
    (stdio: "pipe" | "inherit") =>
    (command: string, args: readonly string[], env: Record<string, string> = {}) => {
      const { status, stdout, stderr, error } = spawnSync(command, args, {
        cwd: root,
        env: { ...process.env, CI: "1", WRANGLER_SEND_METRICS: "false", ...env, PATH: path },
        stdio: ["ignore", stdio, stdio],
        encoding: "utf8",
        maxBuffer: OUTPUT_BYTES_MAX,
      });
      return {
        status: status ?? 1,
        stdout: stdout ?? "",
        stderr: error === undefined ? (stderr ?? "") : String(error),
      };
    };
  return { run: run("pipe"), show: run("inherit") };
}

/** The end of what a program said, in one line. */
export const tail = (text: string): string => text.replaceAll(/\s+/g, " ").trim().slice(-TAIL_LENGTH) || "nothing";

/** What git prints. Throws with what it said where it refuses. */
export function git(tools: Tools, ...args: string[]): string {
  const { status, stdout, stderr } = tools.run("git", args);
  if (status !== 0) throw new Error(`git ${args.join(" ")}: ${tail(stderr || stdout)}`);
  return stdout.trim();
}
