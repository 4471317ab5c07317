import { readFileSync } from "node:fs";
import type { TestProject } from "vitest/node";
import { type LocalWorld, startWorld } from "../stories/world.ts";
import { chromiumPath } from "./browser.ts";
import { beginDarkening, type Darkening } from "./darkening.ts";
import { startTurns } from "./turns.ts";

declare module "vitest" {
  interface ProvidedContext {
    world: LocalWorld;
    darkening: Darkening;
    /** Where a file of journeys asks for its turn. */
    turns: number;
  }
}

/** A world that runs already, by its `local.json`: quicker while one builds a page. */
const RUNNING = process.env.BROWSER_WORLD;

/** One world for all journeys: each has customers of its own. Without a browser there is none, and the journeys say so. */
export default async function setup(project: TestProject) {
  if (chromiumPath === null) {
    if (process.env.CI !== undefined)
      throw new Error("no Chromium here: the journeys need one (apt-get install chromium)");
    return;
  }
  const turns = await startTurns();
  project.provide("turns", turns.port);
  if (RUNNING !== undefined) {
    await provide(project, JSON.parse(readFileSync(RUNNING, "utf8")) as LocalWorld);
    return turns.close;
  }
  const started = await startWorld({ firstPort: 18_787, data: ".data/browser", quiet: false, meters: true });
  await provide(project, started.local);
  return () => {
    turns.close();
    return started.stop();
  };
}

async function provide(project: TestProject, world: LocalWorld) {
  project.provide("world", world);
  project.provide("darkening", await beginDarkening(world.countries.LS));
}
