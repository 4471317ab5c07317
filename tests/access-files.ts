import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { AccessFile } from "../dev/access/file.ts";
import { COUNTRIES } from "../src/domain/country.ts";
import type { DerivedRow } from "../src/domain/moving-in/derived.ts";
import { DERIVED_TABLES } from "../src/domain/moving-in/derived.ts";
import { readDerivedFile, readMainFile } from "../src/domain/moving-in/move.ts";
import type { OldReading } from "../src/domain/moving-in/readings.ts";
import { MAIN_TABLES, type MainTable } from "../src/domain/moving-in/tables.ts";

const pathOf = (name: string) => fileURLToPath(new URL(`./data/access/${name}`, import.meta.url));

export const MAIN_PATH = pathOf("legacy-main.accdb");
export const DERIVED_PATH = pathOf("derived_data.accdb");
/** The answer key as it stands there; its shape is checked by the tests that read it. */
export const key = JSON.parse(readFileSync(pathOf("key.json"), "utf8"));
export const mainFile = () => new AccessFile(MAIN_PATH, Object.keys(MAIN_TABLES) as MainTable[]);
export const derivedFile = () => new AccessFile(DERIVED_PATH, DERIVED_TABLES);

/** The last moment of the key's data, local. */
export const UNTIL_WALL = Date.parse(`${key.asOf}T23:59:59Z`);

/** The totals were made later than the main file's data end. */
const TOTALS_UNTIL_WALL = Date.UTC(2026, 2, 1);

/** Both files, read once. */
export function moved(untilWall = UNTIL_WALL) {
  const readings: OldReading[] = [];
  const totals: DerivedRow[] = [];
  const rules = { country: COUNTRIES.LS, untilWall };
  const main = readMainFile(mainFile(), rules, (reading) => readings.push(reading));
  const derived = readDerivedFile(derivedFile(), { ...rules, untilWall: TOTALS_UNTIL_WALL }, (row) => totals.push(row));
  return { main, derived, readings, totals };
}
