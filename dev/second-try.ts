import { readFileSync } from "node:fs";
import { join } from "node:path";

/** So many files may be tried again: more than these are no chance (decision 0016). */
const AGAIN_FILES_MAX = 3;

const WAITS = /^tests\/(?:workers|people|adapters|stories|browser)\//;

/**
 * True when these red files, by their paths in the project, may be tried once more: few of them, and each waits for a
 * browser, for a world of processes or for a database. Files of pure functions wait for nothing, and one that draws its
 * cases may have drawn the fault (decision 0016).
 */
export const mayBeTriedAgain = (root: string, files: string[]): boolean =>
  files.length > 0 &&
  files.length <= AGAIN_FILES_MAX &&
  files.every((file) => WAITS.test(file) && !readFileSync(join(root, file), "utf8").includes("fast-check"));
