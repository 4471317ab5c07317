/** What this clone knows of a commit: that its tests were green, and that it was run beside the release before it. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./tools.ts";

/** Of a tree, since a rebased commit with the same files is as good. `previous`: the release that it was run beside. */
export type Green = { tree: string; at: string; passed: number; previous: string | null };

const FOLDER = join(ROOT, ".data", "check");

export const greenFile = (folder = FOLDER) => join(folder, "green.json");
export const pairFile = (folder = FOLDER) => join(folder, "pair.json");

export function readGreen(file: string): Green | null {
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Green) : null;
}

export function writeGreen(file: string, green: Green): void {
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, `${JSON.stringify(green, null, 2)}\n`);
}
