/** `npm run bench:sms`: prints what the money path does on this machine, as Markdown. Red when a cent is not where it belongs. */
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { bundle, startSurroundings } from "../lab.ts";
import type { Bench } from "./bench.ts";
import { bytesTable, runBytes } from "./bytes.ts";
import { connectTable, runConnect } from "./connect.ts";
import { floorsTable, runFloors } from "./floors.ts";
import { type LoadResult, loadTable, runLoad } from "./load.ts";
import { machineLine } from "./machine.ts";
import { OLD_ENDPOINT_MODES, type OldEndpointMode } from "./old-endpoint.ts";
import { outageTable, runOutage } from "./outage.ts";
import { profiler } from "./profile.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const PARTS = ["load", "connect", "outage", "bytes", "floors"] as const;
/**
 * workerd syncs each commit to its local disk; the platform instead sends it to other machines and waits there. In memory
 * neither is measured; `--objects .data/bench` measures the disk.
 */
const MEMORY = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();
const RUN_MS_MAX = 60 * 60_000;

const { values: flags } = parseArgs({
  options: {
    /** Parts, separated by commas. */
    only: { type: "string", default: PARTS.join(",") },
    sms: { type: "string", default: "10000" },
    /** SMS before the clock starts. */
    warm: { type: "string", default: "500" },
    /** Where objects keep their files. */
    objects: { type: "string", default: MEMORY },
    /** Moods of the old endpoint. */
    old: { type: "string", default: OLD_ENDPOINT_MODES.join(",") },
    /** SMS while the database is down: an hour at ten a second. */
    outage: { type: "string", default: "36000" },
    /** A file for a CPU profile of the Worker under the (last) load. */
    profile: { type: "string" },
    help: { type: "boolean", default: false },
  },
});
if (flags.help) {
  console.log(
    `npm run bench:sms -- [--only ${PARTS.join(",")}] [--sms 10000] [--warm 500] [--old ${OLD_ENDPOINT_MODES.join(",")}] [--outage 36000] [--objects /dev/shm] [--profile out.cpuprofile]   (PORT moves the first port)`,
  );
  process.exit(0);
}

const firstPort = Number(process.env.PORT ?? 26787);
const dataDir = join(ROOT, ".data", "bench");
const parts = new Set(flags.only.split(","));
const faults: string[] = [];
const note = (line: string) => console.error(`${new Date().toISOString().slice(11, 19)}  ${line}`);

await rm(dataDir, { recursive: true, force: true });
await mkdir(dataDir, { recursive: true });
await mkdir(resolve(ROOT, flags.objects), { recursive: true });
const objectsDir = await mkdtemp(join(resolve(ROOT, flags.objects), "customer-care-bench-"));
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
  ...(flags.profile === undefined
    ? {}
    : { inspectorPort: firstPort + 30, profile: profiler(firstPort + 30, flags.profile) }),
};
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
  await bundle(bench.bundle);
  console.log(await machineLine(surroundings.database.superUrl()));
  if (parts.has("load")) {
    const results: LoadResult[] = [];
    for (const mode of flags.old.split(",") as OldEndpointMode[]) {
      note(`load, old endpoint ${mode}`);
      const result = await runLoad(bench, mode, Number(flags.sms), Number(flags.warm));
      note(`stages, ms: ${JSON.stringify(result.reached)}`);
      results.push(result);
      faults.push(...result.complaints.map((line) => `load (${mode}): ${line}`));
    }
    console.log(`\n${loadTable(results)}`);
  }
  if (parts.has("connect")) {
    note("ten SMS a second");
    const result = await runConnect(bench);
    faults.push(...result.faults.map((line) => `connect: ${line}`));
    console.log(`\n${connectTable(result)}`);
  }
  if (parts.has("outage")) {
    note(`${flags.outage} SMS without a database`);
    const result = await runOutage(bench, Number(flags.outage));
    faults.push(...result.complaints.map((line) => `outage: ${line}`));
    console.log(`\n${outageTable(result)}`);
  }
  if (parts.has("bytes")) {
    note("bytes of objects");
    console.log(`\n${bytesTable(await runBytes(bench))}`);
  }
  if (parts.has("floors")) {
    note("floors");
    console.log(`\n${floorsTable(await runFloors(bench))}`);
  }
} catch (thrown) {
  faults.push(thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown));
} finally {
  await cleanUp();
}
for (const fault of faults) console.error(`FAULT  ${fault}`);
process.exit(faults.length === 0 ? 0 : 1);

async function cleanUp() {
  const home = await readFile(join(dataDir, "postgres-home.txt"), "utf8").catch(() => "");
  await surroundings.stop();
  // The data folder of PostgreSQL may lie elsewhere; it is this bench's alone.
  if (home.trim() !== "") await rm(home.trim(), { recursive: true, force: true });
  await rm(objectsDir, { recursive: true, force: true });
  await rm(dataDir, { recursive: true, force: true });
}
