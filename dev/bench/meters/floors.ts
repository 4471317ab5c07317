/** What the parts could do at best with the same bytes on this machine, alone. */
import pg from "pg";
import type { Bench } from "../bench.ts";
import { type Floor, startFloorWorker, timed } from "../floors.ts";
import { accountsOf } from "../texts.ts";
import { DAY_SHAPE, IN_FLIGHT, LIVE_SHAPE } from "./day.ts";
import { metersOf, type Plan, type Post, planReadings, QUARTER_MS, quarterBefore, type Shape } from "./readings.ts";

/** Of each meter, for each floor. */
const READINGS = 20;
const ASK_MS_MAX = 120_000;
const INSERT_ROWS = 1_000;

const planOf = (meters: number, shape: Shape, seed: number): Plan => {
  const of = metersOf(accountsOf(meters));
  const fromAt = quarterBefore(Date.now()) - READINGS * QUARTER_MS;
  const startWh = of.map(() => 0);
  return planReadings({ meters: of, startWh, fromAt, readings: READINGS, shape, lanes: IN_FLIGHT, seed });
};

/** Echo, objects in both shapes, and the same rows in a table that has nothing but a key. */
export async function runMeterFloors(bench: Bench, meters: number): Promise<Floor[]> {
  const day = planOf(meters, DAY_SHAPE, 11);
  const { url, stop } = await startFloorWorker(bench);
  try {
    // Other readings of the same objects, before the clock starts.
    await postLanes(`${url}/readings`, planOf(meters, { ...LIVE_SHAPE, readings: 1 }, 12).lanes);
    await postLanes(`${url}/echo`, day.lanes.slice(0, 1));
    return [
      await timed("bare workerd, the day's bytes echoed", day.readings, () => postLanes(`${url}/echo`, day.lanes)),
      await objectFloor(url, "50 objects x 20 rows a POST", day),
      await insertFloor(bench, day),
    ];
  } finally {
    await stop();
  }
}

/** The live shape's own floor, for the ratio beside it. */
export async function runLiveFloor(bench: Bench, meters: number): Promise<Floor> {
  const { url, stop } = await startFloorWorker(bench);
  try {
    await postLanes(`${url}/readings`, planOf(meters, LIVE_SHAPE, 13).lanes);
    const plan = { ...planOf(meters, LIVE_SHAPE, 14) };
    return await objectFloor(url, "1,000 objects x 1 row a POST", plan);
  } finally {
    await stop();
  }
}

const objectFloor = (url: string, name: string, plan: Plan) =>
  timed(`bare object write, ${name}`, plan.readings, () => postLanes(`${url}/readings`, plan.lanes));

async function postLanes(url: string, lanes: readonly (readonly Post[])[]) {
  await Promise.all(
    lanes.map(async (posts) => {
      for (const { body } of posts) {
        const answer = await fetch(url, { method: "POST", body, signal: AbortSignal.timeout(ASK_MS_MAX) });
        await answer.arrayBuffer();
        if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
      }
    }),
  );
}

/** One connection, no bridge, a thousand rows a statement. */
async function insertFloor(bench: Bench, { lanes, readings }: Plan): Promise<Floor> {
  const { ownerUrl } = await bench.surroundings.country("bench_meter_floors");
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    await client.query(
      "CREATE TABLE bench_readings (meter text, at text, kwh numeric, w numeric, v numeric, a numeric, PRIMARY KEY (meter, at))",
    );
    const rows = lanes
      .flat()
      .flatMap(({ body }) => (JSON.parse(body) as { readings: Record<string, unknown>[] }).readings);
    const columns = ["meter_id", "timestamp", "energy_active", "power_active", "voltage", "current"];
    return await timed(`multi-row INSERT of the same rows, ${INSERT_ROWS} a statement`, readings, async () => {
      for (let from = 0; from < rows.length; from += INSERT_ROWS) {
        const some = rows.slice(from, from + INSERT_ROWS);
        await client.query(
          `INSERT INTO bench_readings SELECT * FROM unnest($1::text[], $2::text[], $3::numeric[], $4::numeric[],
            $5::numeric[], $6::numeric[]) ON CONFLICT DO NOTHING`,
          columns.map((column) => some.map((row) => row[column])),
        );
      }
    });
  } finally {
    await client.end();
  }
}

/** Of the system that is in use, measured elsewhere on such a machine: not a figure of this run. */
export const EXISTING_SYSTEM = "existing system, 1 to 32 connections (over half refused at 32); cited";
export const EXISTING_RATE = "181 to 578/s";
