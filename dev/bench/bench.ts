import type { LabWorker, Surroundings } from "../lab.ts";

/** What every part of a run stands on. */
export type Bench = {
  surroundings: Surroundings;
  dataDir: string;
  /** Where objects keep their files: a disk that syncs, or memory. */
  objectsDir: string;
  /** The folder that holds the bundled Worker. */
  bundle: string;
  firstPort: number;
  inspectorPort?: number;
  /** Begins a CPU profile of the Worker; what it answers ends it and writes it. */
  profile?: (worker: LabWorker) => Promise<() => Promise<void>>;
};
