/** Makes what a simulation stands on. By itself, because what bundles a Worker takes seconds to load, and who plays seeds bundles none. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { unpackRecord } from "../deliver/release.ts";
import { bundle } from "../lab.ts";
import { BEFORE, COUNTRY, DATABASE } from "./ground.ts";
import { plant } from "./planted.ts";
import { SimulatedPostgres } from "./postgres.ts";

const CONFIG = fileURLToPath(new URL("../../wrangler.toml", import.meta.url));

/** Fills an empty folder. `mutant`: a mistake of dev/heart-mutants that the Worker gets. */
export async function makeGround(folder: string, mutant: string | null): Promise<void> {
  if (mutant === null) await bundle(folder);
  else await bundle(folder, await plant(join(folder, "source"), mutant), ["--config", CONFIG]);
  unpackRecord(join(folder, BEFORE));
  const kept = await (await SimulatedPostgres.open(COUNTRY)).kept();
  await writeFile(join(folder, DATABASE), Buffer.from(await kept.arrayBuffer()));
}
