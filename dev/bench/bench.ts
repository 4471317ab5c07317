import type { Surroundings } from "../lab.ts";
import type { CountryWorker } from "./country.ts";
import type { Profiling } from "./profile.ts";

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
  /** Where it is written; none: it is read and thrown away. */
  profileFile?: string;
  /** Begins a CPU profile of the Worker. */
  profile?: (worker: CountryWorker) => Promise<Profiling>;
  /** What the platform is asked for is counted, which costs time. */
  isCounted?: boolean;
};
