/**
 * Deployments do not wait until nobody pays: the release before this one and this one take turns, as callers and as objects,
 * while phones hand over payments. What each leaves under way the other ends. Too long for every run: `npm run faults:real` has it.
 */
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { unpackRecord } from "../../dev/deliver/release.ts";
import { bundle } from "../../dev/lab.ts";
import { PairLab } from "../../dev/pair-lab.ts";
import { FaultsWorld, untilTaken } from "./faults-world.ts";

const PORT = 29_860;
const SMS = 300;
/** What answers, and of which release the objects are: a deployment, taken back, and made again. */
const TURNS = [
  ["new", "old"],
  ["old", "new"],
  ["new", "new"],
  ["old", "old"],
  ["old", "new"],
  ["new", "new"],
] as const;

const world = new FaultsWorld(PORT);
const folderOf = (release: "old" | "new") => join(world.folder, release);
beforeAll(async () => {
  await world.start();
  unpackRecord(folderOf("old"));
  await bundle(folderOf("new"), undefined, ["--minify"]);
});
afterAll(() => world.stop());

/** Two releases in the place of one Worker. */
class Deployed {
  readonly url = `http://127.0.0.1:${PORT}`;
  readonly pid = null;
  readonly #objects: string;
  readonly #vars: Record<string, string>;
  #running: PairLab | null = null;
  #turn: readonly ["old" | "new", "old" | "new"] = ["old", "old"];

  constructor(objects: string, vars: Record<string, string>) {
    this.#objects = objects;
    this.#vars = vars;
  }

  /** What was under way is cut off, as a deployment cuts it off. */
  async deploy(turn: readonly ["old" | "new", "old" | "new"]) {
    await this.stop();
    this.#turn = turn;
    await this.start();
  }

  async start() {
    const [front, behind] = this.#turn.map(folderOf) as [string, string];
    this.#running = await PairLab.start({ front, behind, objects: this.#objects, port: PORT, vars: this.#vars });
  }

  async stop() {
    await this.#running?.stop();
    this.#running = null;
  }
}

it("old and new release take turns while payments come in: each SMS is stored once, each payment credited once", async () => {
  let deployed: Deployed | null = null;
  const workerOf = (objects: string, vars: Record<string, string>) => {
    deployed = new Deployed(objects, vars);
    return deployed;
  };
  const running = await world.open({ name: "deployed", sms: SMS, workerOf });
  try {
    const deploy = async () => {
      for (const [index, turn] of TURNS.entries()) {
        await untilTaken(running, (index + 1) / (TURNS.length + 2));
        expect(running.waiting(), "payments still come in").toBeGreaterThan(0);
        await deployed?.deploy(turn);
      }
    };
    await Promise.all([world.send(running), deploy()]);
    await world.expectRight(running);
  } finally {
    await running.country.close();
  }
});
