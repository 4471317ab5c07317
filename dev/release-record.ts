/**
 * `npm run release:record`: builds the Worker of this commit, as it is uploaded, and keeps it as "the release before" for the
 * test in which old and new meet. Run after a release, and commit what it wrote. `--out DIR` writes elsewhere;
 * `--commit X` builds another commit of this clone, with the packages that are installed here.
 */
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { chainOnDisk } from "./deliver/chain.ts";
import { previousFolder, writeRecord } from "./deliver/release.ts";
import { git, ROOT, realTools, tail } from "./deliver/tools.ts";
import { orRefuse, Refusal } from "./deliver/which.ts";

await orRefuse(() => {
  const { values } = parseArgs({ options: { out: { type: "string" }, commit: { type: "string" } } });
  const tools = realTools();
  if (values.commit === undefined && git(tools, "status", "--porcelain") !== "")
    throw new Refusal("there are changes that are not committed: what is recorded would be no release");
  const commit = git(tools, "rev-parse", "--verify", `${values.commit ?? "HEAD"}^{commit}`);
  const folder = mkdtempSync(join(tmpdir(), "cc-release-"));
  try {
    const source = values.commit === undefined ? ROOT : sourceOf(commit, join(folder, "source"));
    const out = join(folder, "out");
    const built = realTools(source).run("wrangler", [
      "deploy",
      "--dry-run",
      "--minify",
      "--env",
      "ls",
      "--outdir",
      out,
    ]);
    if (built.status !== 0)
      throw new Refusal(`the Worker of ${commit} does not build: ${tail(built.stderr || built.stdout)}`);
    const recorded = writeRecord(values.out ?? previousFolder(), readFileSync(join(out, "index.js")), {
      commit,
      committedAt: git(tools, "show", "-s", "--format=%cI", commit),
      migration: chainOnDisk(join(source, "drizzle", "migrations")).at(-1)?.tag ?? "",
    });
    console.log(`recorded ${commit.slice(0, 12)}: ${recorded.bytes} bytes, migrations to ${recorded.migration}`);
    return 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

/** The files of a commit, beside the packages of this clone. */
function sourceOf(commit: string, folder: string): string {
  const unpacked = realTools().run("sh", [
    "-c",
    'mkdir -p "$2/web/dist" && git archive "$1" | tar -x -C "$2"',
    "sh",
    commit,
    folder,
  ]);
  if (unpacked.status !== 0) throw new Refusal(`the files of ${commit} cannot be had: ${tail(unpacked.stderr)}`);
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
  return folder;
}
