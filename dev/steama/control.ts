import { Hono } from "hono";
import { asRecord, parseJson } from "../serve.ts";
import type { SimClock } from "../vendors/clock.ts";
import type { FaultBoard } from "../vendors/faults.ts";
import type { SteamaMeter } from "./app.ts";
import type { STEAMA_FAULTS } from "./faults.ts";

/** How a test or a person steers SteamaCo and reads what is true; nothing of it is SteamaCo's. */
export function steered(options: {
  clock: SimClock;
  board: FaultBoard<typeof STEAMA_FAULTS>;
  meters: readonly SteamaMeter[];
  usedWh: (reference: string, from: number, to: number) => number;
}) {
  const { clock, board, meters, usedWh } = options;
  return new Hono()
    .get("/faults", (c) => c.json(board.view()))
    .post("/faults", async (c) => {
      const refusal = board.set(asRecord(parseJson(await c.req.text())));
      return refusal === null ? c.json(board.view()) : c.json({ error: refusal }, 400);
    })
    .get("/clock", (c) => c.json({ now: new Date(clock.now()).toISOString() }))
    .post("/clock", async (c) => {
      const seconds = Number(asRecord(parseJson(await c.req.text())).advanceSeconds);
      if (!(seconds >= 0)) return c.json({ error: "advanceSeconds must be a number of zero or more" }, 400);
      clock.advance(seconds * 1_000);
      return c.json({ now: new Date(clock.now()).toISOString() });
    })
    .get("/truth", (c) => {
      const [from, to] = [Date.parse(c.req.query("from") ?? ""), Date.parse(c.req.query("to") ?? "")];
      if (!(from < to)) return c.json({ error: "from and to must be ISO instants in order" }, 400);
      return c.json({ meters: meters.map((meter) => ({ ...meter, usedWh: usedWh(meter.reference, from, to) })) });
    });
}
