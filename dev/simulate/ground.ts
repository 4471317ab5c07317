/** What a simulation stands on, made once and read by each process that plays seeds: the Worker's bundle and an empty database. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { COUNTRIES } from "../../src/domain/country.ts";
import { unpackRecord } from "../deliver/release.ts";
import { bundle } from "../lab.ts";
import { plant } from "./planted.ts";
import type { Ground } from "./play.ts";
import { SimulatedPostgres } from "./postgres.ts";
import { readRelease } from "./release.ts";

const CONFIG = fileURLToPath(new URL("../../wrangler.toml", import.meta.url));
const BEFORE = "before";
const DATABASE = "database.tar";
const COUNTRY = COUNTRIES.LS;

/** Fills an empty folder. `mutant`: a mistake of dev/heart-mutants that the Worker gets. */
export async function makeGround(folder: string, mutant: string | null): Promise<void> {
  if (mutant === null) await bundle(folder);
  else await bundle(folder, await plant(join(folder, "source"), mutant), ["--config", CONFIG]);
  unpackRecord(join(folder, BEFORE));
  const kept = await (await SimulatedPostgres.open(COUNTRY)).kept();
  await writeFile(join(folder, DATABASE), Buffer.from(await kept.arrayBuffer()));
}

export async function openGround(folder: string): Promise<Ground> {
  const kept = new Blob([await readFile(join(folder, DATABASE))]);
  return {
    releases: { now: readRelease(join(folder, "index.js")), before: readRelease(join(folder, BEFORE, "index.js")) },
    postgres: await SimulatedPostgres.openKept(kept),
    country: COUNTRY,
  };
}
