/** The database is gone for longer than a queue tries, and so long that whoever owes it rows asks it rarely; `OUTAGE_SECONDS=1800` is half an hour of it. */
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { FaultsWorld, untilTaken } from "./faults-world.ts";

const PORT = 29_900;
const SMS = 240;
const OUTAGE_MS = Number(process.env.OUTAGE_SECONDS ?? 75) * 1_000;
/** What the story takes beside its outage. */
const REST_MS_MAX = 560_000;

const world = new FaultsWorld(PORT);
beforeAll(() => world.start());
afterAll(() => world.stop());

it("a long time without the database: every SMS is taken meanwhile, and minutes after its return all of it is there once", {
  timeout: OUTAGE_MS + REST_MS_MAX,
}, async () => {
  const { proxy } = world.surroundings;
  const running = await world.open({ name: "long_outage", sms: SMS });
  try {
    const sending = world.send(running);
    await untilTaken(running, 0.2);
    proxy.down();
    const taken = running.texts.sms - running.waiting();
    await sending;
    expect(taken, "SMS that came before it").toBeLessThan(running.texts.sms / 2);
    await wait(OUTAGE_MS);
    proxy.up();
    await world.expectRight(running);
  } finally {
    proxy.up();
    await running.country.close();
  }
});
