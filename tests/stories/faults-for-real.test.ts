/** The machine room breaks for real while phones hand over payments (docs/faults.md, "The same faults for real"). */
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startDatabaseProxy } from "../../dev/database-proxy.ts";
import { withClient } from "../../dev/database-server.ts";
import { startDatabaseServer } from "../../dev/postgres.ts";
import { type FaultCountry, FaultsWorld, untilTaken } from "./faults-world.ts";
import { canHaveSmallDisk, SmallDisk } from "./small-disk.ts";

const PORT = 29_820;
const SMS = 240;
const KILLS = 4;
const CUTS = 12;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** So long nothing can be written. */
const DISK_FULL_MS = 8_000;

const world = new FaultsWorld(PORT);
beforeAll(() => world.start());
afterAll(() => world.stop());

/** One that DATABASE_URL names is not ours to kill. */
const isServerOurs = (process.env.DATABASE_URL ?? "") === "";

/** Opens a country, breaks what `breaking` breaks while its phones send, and looks whether all is right in the end. */
async function story(
  options: Parameters<FaultsWorld["open"]>[0],
  breaking: (running: FaultCountry) => Promise<void>,
): Promise<void> {
  const running = await world.open(options);
  try {
    await Promise.all([world.send(running), breaking(running)]);
    await world.expectRight(running);
  } finally {
    await running.country.close();
  }
}

describe("while payments come in", () => {
  it("workerd is killed in mid-flow, again and again: nothing acknowledged is lost, nothing is credited twice", async () => {
    await story({ name: "killed", sms: SMS }, async (running) => {
      for (let kill = 1; kill <= KILLS; kill++) {
        await untilTaken(running, kill / (KILLS + 1));
        await running.worker.kill();
        await running.worker.start();
      }
    });
  });

  it.runIf(isServerOurs)(
    "PostgreSQL is killed, and later stopped, while it is written to, and started again: phones are answered meanwhile, and all of it arrives",
    async () => {
      const { surroundings } = world;
      await story({ name: "server_dies", sms: SMS }, async (running) => {
        const { port } = surroundings.database;
        const startAgain = async () => {
          surroundings.database = await startDatabaseServer({ dataDir: world.dataDir, port });
          await running.country.reconnect();
        };
        const pid = await withClient(surroundings.database.superUrl(), async (client) => {
          const { rows } = await client.query<{ file: string }>("SELECT pg_read_file('postmaster.pid') AS file");
          return Number(rows[0]?.file.split("\n")[0]);
        });
        await untilTaken(running, 0.2);
        process.kill(pid, "SIGKILL");
        await untilTaken(running, 0.45);
        // What is left of it is cleared away, as somebody would who starts it again; its log is replayed.
        await surroundings.database.stop();
        await startAgain();
        await untilTaken(running, 0.7);
        await surroundings.database.stop();
        await untilTaken(running, 0.9);
        await startAgain();
      });
    },
  );

  it.runIf(canHaveSmallDisk())(
    "the disk of the objects is full: what cannot be stored is not acknowledged, and is taken when there is room",
    async () => {
      const disk = await SmallDisk.mount();
      try {
        let refused = 0;
        await story({ name: "disk_full", sms: SMS, objectsDir: disk.folder }, async (running) => {
          await untilTaken(running, 0.3);
          disk.fill();
          const before = running.waiting();
          await wait(DISK_FULL_MS);
          refused = running.waiting();
          expect(disk.freeBytes(), "room on the full disk").toBeLessThan(65_536);
          expect(refused, `of ${before} SMS the phones still have`).toBeGreaterThan(0);
          disk.empty();
          if (!running.worker.isRunning()) await running.worker.start();
        });
      } finally {
        await disk.unmount();
      }
    },
  );

  it("connections are reset between phone and Worker, and between Worker and database, before and after the commit", async () => {
    const { bridge, proxy } = world.surroundings;
    const phones = await startDatabaseProxy({ listenPort: 0, targetPort: PORT });
    try {
      await story({ name: "resets", sms: SMS, phonesPort: phones.port }, async (running) => {
        for (let cut = 1; cut <= CUTS; cut++) {
          await untilTaken(running, cut / (CUTS + 1));
          phones.down();
          bridge.setFault(cut % 2 === 0 ? "reset-after-commit" : "reset-before", 3);
          if (cut % 3 === 0) proxy.down();
          await wait(100);
          phones.up();
          proxy.up();
        }
      });
    } finally {
      bridge.setFault("none");
      proxy.up();
      await phones.close();
    }
  });

  it("clocks are wrong: phones are an hour ahead, a day behind, in 1970 and in 2038; the Worker's is an hour behind, right, and an hour ahead", async () => {
    const wrong = [() => Date.now() + HOUR_MS, () => Date.now() - DAY_MS, () => 0, () => Date.UTC(2038, 0, 19)];
    const phoneNow = (index: number) => wrong[index % wrong.length]?.() ?? Number.NaN;
    await story({ name: "clocks", sms: SMS, phoneNow }, async (running) => {
      for (const [index, offset] of [-HOUR_MS, 0, HOUR_MS].entries()) {
        await untilTaken(running, (index + 1) / 4);
        await running.worker.stop();
        await running.worker.start({ CLOCK_OFFSET_MS: String(offset) });
      }
    });
  });
});
