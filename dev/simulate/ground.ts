/** What a simulation stands on, made once (`prepare.ts`) and read by each process that plays seeds: the Worker's bundle and an empty database. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { COUNTRIES } from "../../src/domain/country.ts";
import type { Ground } from "./play.ts";
import { SimulatedPostgres } from "./postgres.ts";
import { readRelease } from "./release.ts";

/** Of its folder: the release before, and the database. */
export const BEFORE = "before";
export const DATABASE = "database.tar";
export const COUNTRY = COUNTRIES.LS;

export async function openGround(folder: string): Promise<Ground> {
  const kept = new Blob([await readFile(join(folder, DATABASE))]);
  return {
    releases: { now: readRelease(join(folder, "index.js")), before: readRelease(join(folder, BEFORE, "index.js")) },
    postgres: await SimulatedPostgres.openKept(kept),
    country: COUNTRY,
  };
}
