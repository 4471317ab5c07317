/** A dump of raw records of some meters, brought by the command that operators use. */
import { spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { rawReading } from "../../iot/wire.ts";
import type { Bench } from "../bench.ts";
import { grouped, seconds, table } from "../figures.ts";
import { accountsOf, randomFrom } from "../texts.ts";
import { openMeterCountry, PAID_WH, sumOf, watchSums } from "./country.ts";
import { type BenchMeter, QUARTER_MS, quarterBefore, UTC_OFFSET_MINUTES } from "./readings.ts";
import { type Verified, verify } from "./verify.ts";

const METERS = 12;
const RECORDS = 24_000;
/** Of each meter: one every quarter of an hour; the others lie between, or are of the same minute as one of those. */
const KEPT = 1_600;
const ASKED_MS_MAX = 10_000;
const STEP_WH = 10;
const STEPS_MAX = 7;
const COMMAND = fileURLToPath(new URL("../../backfill.ts", import.meta.url));

export type BackfillResult = {
  records: number;
  kept: number;
  tookMs: number;
  reachedMs: number | null;
  verified: Verified;
};

export async function runBackfill(bench: Bench): Promise<BackfillResult> {
  const fromAt = quarterBefore(Date.now()) - (KEPT + 1) * QUARTER_MS;
  const accounts = accountsOf(METERS);
  const { country, meters, baseWh } = await openMeterCountry(bench, {
    name: "bench_backfill",
    accounts,
    baseAt: fromAt,
  });
  try {
    const { records, endWh } = dumpOf(meters, baseWh, fromAt);
    const file = join(bench.dataDir, "dump.json");
    await writeFile(file, JSON.stringify(records));
    const began = performance.now();
    await command(file, country.worker.url, bench.surroundings.keys.LS.ops);
    const tookMs = performance.now() - began;
    const usedWh = endWh.map((wh, n) => wh - (baseWh[n] ?? 0));
    const balanceWh = METERS * PAID_WH - sumOf(usedWh);
    const target = { balanceWh, registerWh: sumOf(endWh), usedWh: sumOf(usedWh) };
    const { hours: reachedMs } = await watchSums(country, target, began);
    const verified = await verify(
      country,
      meters.map((meter, n) => {
        const used = usedWh[n] ?? 0;
        return { ...meter, availableWh: PAID_WH - used, registerWh: endWh[n] ?? 0, usedWh: used, stored: KEPT + 1 };
      }),
    );
    if (reachedMs === null) verified.complaints.push("Postgres never had it all");
    return { records: records.length, kept: KEPT * METERS, tookMs, reachedMs, verified };
  } finally {
    await country.close();
  }
}

/** In no order at all. */
function dumpOf(meters: readonly BenchMeter[], baseWh: readonly number[], fromAt: number) {
  const draw = randomFrom(24);
  const records: { key: number; record: object }[] = [];
  const more = RECORDS / METERS - KEPT;
  const endWh = meters.map(({ meterNumber, thing }, n) => {
    let registerWh = baseWh[n] ?? 0;
    const add = (at: number, wh: number, powerW: number) =>
      records.push({
        key: draw(),
        record: rawReading(
          { thing, meterNumber, utcOffsetMinutes: UTC_OFFSET_MINUTES },
          {
            at,
            registerWh: wh,
            integratedMwh: wh * 1_000,
            powerMw: powerW * 1_000,
            reactiveMvar: 0,
            voltageMv: 230_100,
            currentMa: Math.round((powerW * 1_000) / 230),
            frequencyMhz: 50_000,
            connected: true,
          },
          at,
        ),
      });
    for (let k = 1; k <= KEPT; k++) {
      const stepWh = STEP_WH * Math.floor(draw() * STEPS_MAX);
      const at = fromAt + k * QUARTER_MS;
      // Spread evenly, so that the count is exact. Half of them in the same minute, half of them minutes before.
      const extra = Math.floor((k * more) / KEPT) - Math.floor(((k - 1) * more) / KEPT);
      if (extra > 0 && k % 8 === 0) add(at - (1 + Math.floor(draw() * 13)) * 60_000, registerWh, 4 * stepWh);
      registerWh += stepWh;
      add(at, registerWh, 4 * stepWh);
      if (extra > 0 && k % 8 !== 0) add(at, registerWh, 4 * stepWh);
    }
    return registerWh;
  });
  return { records: records.sort((a, b) => a.key - b.key).map(({ record }) => record), endWh };
}

function command(file: string, url: string, key: string): Promise<void> {
  const env = { ...process.env, OPS_URL_LS: url, OPS_KEY_LS: key };
  const child = spawn(process.execPath, [COMMAND, "--env", "ls", "--file", file, "--actor", "bench"], { env });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => {
      said += chunk.toString("utf8");
    });
  return new Promise((done, failed) => {
    child.on("error", failed);
    child.on("close", (code) => (code === 0 ? done() : failed(new Error(`backfill ended with ${code}: ${said}`))));
  });
}

export const backfillTable = ({ records, kept, tookMs, reachedMs, verified }: BackfillResult) =>
  table(
    [
      "npm run backfill:s3",
      "the command took",
      `asked: under ${seconds(ASKED_MS_MAX)}`,
      "all in Postgres after",
      "balances equal the answer key",
    ],
    [
      [
        `${grouped(records)} raw records of ${METERS} meters, ${grouped(kept)} kept`,
        seconds(tookMs),
        tookMs < ASKED_MS_MAX ? "kept" : "missed",
        seconds(reachedMs),
        `${verified.right} of ${verified.of}`,
      ],
    ],
  );
