// Runs before `npm start` and `npm test`, under whatever Node (18 or later) the host has and with nothing installed:
// Node's own modules only. Installs what package-lock.json names when node_modules is missing or no longer agrees.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const modules = join(root, "node_modules");

function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return null;
  }
}

/** Why an install is needed, or null. npm writes node_modules/.package-lock.json last, so an interrupted install lacks it. */
function reasonToInstall() {
  const wanted = readJson(join(root, "package-lock.json"));
  if (wanted === null) return "package-lock.json cannot be read";
  const found = readJson(join(modules, ".package-lock.json"));
  if (found === null) return "node_modules is missing or half installed";
  for (const [path, entry] of Object.entries(wanted.packages ?? {})) {
    if (path === "") continue;
    const there = found.packages?.[path];
    // Builds for other machines are in the lock and rightly not in node_modules.
    if (there === undefined && (entry.optional || entry.devOptional || entry.peer)) continue;
    if (there === undefined) return `${path} is not installed`;
    if (there.version !== entry.version) return `${path} is ${there.version}, the lock says ${entry.version}`;
    if (!existsSync(join(root, path))) return `${path} is gone`;
  }
  return null;
}

/** npm itself, run by the host's Node: the Node inside node_modules is about to be replaced. */
function npm(...args) {
  const cli = process.env.npm_execpath;
  const byNode = cli !== undefined && /\.c?js$/.test(cli) && existsSync(cli);
  const node = process.env.npm_node_execpath ?? process.execPath;
  const command = byNode ? (node.startsWith(modules) && existsSync(node) === false ? "node" : node) : "npm";
  const inside = join(modules, ".bin");
  const path = (process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== inside);
  const done = spawnSync(command, byNode ? [cli, ...args] : args, {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, PATH: path.join(delimiter) },
    shell: process.platform === "win32" && !byNode,
  });
  if (done.error) {
    console.error(`Could not run npm: ${done.error.message}`);
    process.exit(1);
  }
  if (done.status !== 0) {
    console.error(`npm ${args[0]} failed (exit ${done.status ?? done.signal}). Is the package registry reachable?`);
    process.exit(done.status ?? 1);
  }
}

const reason = reasonToInstall();
if (reason !== null) {
  console.log(`Installing packages first: ${reason}. This takes a minute or two.`);
  // Named explicitly: with NODE_ENV=production npm would leave out the tools that start and test everything.
  npm("ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error");
}

// A host that never runs install scripts leaves the right Node unpacked but not in place.
if (!existsSync(join(modules, "node", "bin", process.platform === "win32" ? "node.exe" : "node"))) {
  console.log("Finishing the install of Node 24 and the workers runtime.");
  npm("rebuild", "node", "workerd", "esbuild", "--ignore-scripts=false", "--loglevel=error");
}
