/** What every bench stands on, made before it and taken away after it: surroundings, folders, the bundled Worker. */
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { bundle, startSurroundings } from "../lab.ts";
import type { Bench } from "./bench.ts";
import { COUNTED_ENTRY } from "./counts.ts";
import { machineLine } from "./machine.ts";
import { profiler } from "./profile.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
/**
 * workerd syncs each commit to its local disk; the platform instead sends it to other machines and waits there. In memory
 * neither is measured; a folder on a disk measures the disk.
 */
export const MEMORY = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();
const RUN_MS_MAX = 180 * 60_000;

type Options = {
  /** Of its data folder under `.data`. */
  name: string;
  firstPort: number;
  /** Where objects keep their files. */
  objects: string;
  /** A file for a CPU profile of the Worker. */
  profile: string | undefined;
  /** Another entry around the Worker; none: the Worker as it is deployed. */
  entry?: string | undefined;
};

export const note = (line: string) => console.error(`${new Date().toISOString().slice(11, 19)}  ${line}`);

/** Does the work and ends the process: 1 when the work named a fault or threw. */
export async function runBench(options: Options, work: (bench: Bench, faults: string[]) => Promise<void>) {
  const { name, firstPort, profile } = options;
  const dataDir = join(ROOT, ".data", name);
  const objectsIn = resolve(ROOT, options.objects);
  const faults: string[] = [];
  await rm(dataDir, { recursive: true, force: true });
  await mkdir(dataDir, { recursive: true });
  await mkdir(objectsIn, { recursive: true });
  const objectsDir = await mkdtemp(join(objectsIn, "customer-care-bench-"));
  const surroundings = await startSurroundings(
    dataDir,
    firstPort,
    () => `http://127.0.0.1:${firstPort}/api/meters/relay-ack`,
  );
  const bench: Bench = {
    surroundings,
    dataDir,
    objectsDir,
    bundle: join(dataDir, "bundle"),
    firstPort,
    isCounted: options.entry === COUNTED_ENTRY,
    ...(profile === undefined
      ? {}
      : { inspectorPort: firstPort + 30, profile: profiler(firstPort + 30, profile), profileFile: profile }),
  };

  async function cleanUp() {
    const home = await readFile(join(dataDir, "postgres-home.txt"), "utf8").catch(() => "");
    await surroundings.stop();
    // The data folder of PostgreSQL may lie elsewhere; it is this bench's alone.
    if (home.trim() !== "") await rm(home.trim(), { recursive: true, force: true });
    await rm(objectsDir, { recursive: true, force: true });
    await rm(dataDir, { recursive: true, force: true });
  }

  /** Ended early, the run leaves as little behind as one that ended by itself. */
  const endEarly = (why: string) => {
    console.error(`${why}: cleaning up …`);
    void cleanUp().finally(() => process.exit(1));
  };
  setTimeout(() => endEarly(`longer than ${RUN_MS_MAX / 60_000} minutes`), RUN_MS_MAX).unref();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => endEarly(signal));
  try {
    // A fresh clone has not built the portal, which no part of this run serves.
    await mkdir(join(ROOT, "web", "dist"), { recursive: true });
    await bundle(bench.bundle, options.entry);
    console.log(await machineLine(surroundings.database.superUrl()));
    await work(bench, faults);
  } catch (thrown) {
    faults.push(thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown));
  } finally {
    await cleanUp();
  }
  for (const fault of faults) console.error(`FAULT  ${fault}`);
  process.exit(faults.length === 0 ? 0 : 1);
}
