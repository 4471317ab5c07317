import { basename } from "node:path";
import { afterAll, expect, inject } from "vitest";
import { ALONE, takeTurn } from "./turns.ts";

/** Before each file of journeys: it begins when the world is free for it. Without a browser there is no world. */
const port = inject("turns");
if (port !== undefined) {
  const giveBack = await takeTurn(port, basename(expect.getState().testPath ?? "") in ALONE);
  afterAll(giveBack);
}
