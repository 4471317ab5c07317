/** A Worker with one of the heart's mistakes in it, so that one sees whether the simulation notices. */
import { cp, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { HEART_MUTANTS } from "../heart-mutants.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** A copy of the Worker's source in `folder`, with a mutant of `dev/heart-mutants` in it; answers its entry, for the bundler. */
export async function plant(folder: string, name: string): Promise<string> {
  const mutant = HEART_MUTANTS.find((each) => each.name === name);
  if (mutant === undefined) throw new Error(`there is no mutant ${JSON.stringify(name)}`);
  await mkdir(folder);
  for (const part of ["src", "workers", "tsconfig.json", "tsconfig.base.json", "package.json"])
    await cp(join(ROOT, part), join(folder, part), { recursive: true });
  for (const part of ["node_modules", "web", "drizzle"]) await symlink(join(ROOT, part), join(folder, part));
  for (const { file, from, to } of mutant.edits) {
    const code = await readFile(join(folder, file), "utf8");
    const places = code.split(from).length - 1;
    if (places !== 1) throw new Error(`${name}: ${places} places in ${file}, 1 expected`);
    await writeFile(
      join(folder, file),
      code.replace(from, () => to),
    );
  }
  return join(folder, "workers", "index.ts");
}
