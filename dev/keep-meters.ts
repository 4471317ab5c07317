import { readFile, rename, writeFile } from "node:fs/promises";
import type { MeterSpec } from "./iot/meter.ts";
import type { MeterRun } from "./iot/run.ts";
import type { Iot } from "./iot.ts";

/** The meters live through the day before first, faster, while their world is in use already. */
const REPLAY_MS = 24 * 3_600_000;
const SAVE_MS = 5_000;

/** The demo customers' meters go on where the file left them, or live through the day before. Returns what ends it. */
export async function keepMeters(options: {
  iot: Iot;
  file: string;
  meters: MeterSpec[];
  speed: number;
}): Promise<() => Promise<void>> {
  const { iot, file, meters, speed } = options;
  const saved = await readFile(file, "utf8").then(
    (text) => JSON.parse(text) as Record<string, MeterRun>,
    () => ({}),
  );
  iot.runMeters({ meters, saved, replayMs: REPLAY_MS, speed, faults: true });
  const save = async () => {
    await writeFile(`${file}.new`, JSON.stringify(iot.saveMeters()));
    await rename(`${file}.new`, file);
  };
  const timer = setInterval(() => void save().catch(() => undefined), SAVE_MS);
  return async () => {
    clearInterval(timer);
    await save();
  };
}
