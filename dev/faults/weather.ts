/** What the world does to a batch while it plays. */
import { setTimeout as wait } from "node:timers/promises";
import type { FaultMode } from "../neon.ts";
import type { Lane } from "./lane.ts";
import type { Draw } from "./seeded.ts";

const OLD_ENDPOINT_FAILING = 0.25;
const OLD_ENDPOINT_LONGER_MS = 2_000;
/** Credits leave when their payments are posted, and that is late. */
const VENDOR_LONGER_MS = 5_000;
const CRASH_CHANCE = 0.6;

type Event = { name: string; atMs: number; happen: (lane: Lane) => Promise<void> | void };

/** Events of one batch, in order of their time. */
export function drawWeather(draw: Draw, playMs: number): Event[] {
  const events: Event[] = [];
  const at = () => draw.below(playMs);
  const add = (name: string, happen: Event["happen"]) => events.push({ name, atMs: at(), happen });
  const modes = ["down", "reset-before", "reset-after-commit", "http-500", "http-500-after-commit", "hang"] as const;
  for (const mode of draw.shuffle<FaultMode>(modes).slice(0, 4)) {
    const count = mode === "hang" ? 1 + draw.below(3) : 2 + draw.below(14);
    add(`database ${mode}`, (lane) => lane.bridge.setFault(mode, count));
  }
  if (draw.chance(0.7)) {
    const forMs = 200 + draw.below(900);
    add("database down", async (lane) => {
      lane.proxy.down();
      await wait(forMs);
      lane.proxy.up();
    });
  }
  if (draw.chance(CRASH_CHANCE)) add("workerd killed", (lane) => lane.crash());
  if (draw.chance(0.8)) add("all objects evicted", (lane) => lane.evict());
  if (draw.chance(0.5)) {
    const mode = draw.pick(["none", "failed", "duplicate", "reject"] as const);
    add(`meters: ${mode}`, async (lane) => {
      lane.iot.setBehaviour(mode);
      await wait(playMs / 4);
      lane.iot.setBehaviour("ack");
    });
  }
  if (draw.chance(0.5)) {
    const queue = draw.pick(["LEDGER_COPY", "LEGACY_FORWARD"] as const);
    const body = draw.pick([null, {}, { object: "nobody", name: "x" }, "?", { kind: "stored", phoneId: 7 }]);
    add("queue poisoned", (lane) => lane.poison(queue, body));
  }
  return events.sort((a, b) => a.atMs - b.atMs);
}

export async function makeWeather(lane: Lane, events: readonly Event[], count: (name: string) => void): Promise<void> {
  lane.old.setFailing(OLD_ENDPOINT_FAILING);
  lane.vendor.setFailing(true);
  const began = performance.now();
  await Promise.all(
    events.map(async ({ name, atMs, happen }) => {
      await wait(Math.max(0, atMs - (performance.now() - began)));
      count(name);
      await happen(lane);
    }),
  );
}

/** All is well again; the old endpoint and the vendor take a little longer, for most of what they get comes late. */
export function clearSky(lane: Lane) {
  void wait(OLD_ENDPOINT_LONGER_MS).then(() => lane.old.setFailing(0));
  void wait(VENDOR_LONGER_MS).then(() => lane.vendor.setFailing(false));
  lane.bridge.setFault("none");
  lane.proxy.up();
  lane.iot.setBehaviour("ack");
}
