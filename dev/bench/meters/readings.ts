/** The readings of a run and their answer key, made before the clock starts; the same seed gives the same readings. */
import { decimal, stamp } from "../../iot/wire.ts";
import { meterNumberAt, thingOf } from "../country.ts";
import { randomFrom } from "../texts.ts";

export const QUARTER_MS = 15 * 60_000;
export const READINGS_A_DAY = 96;
/** Lesotho's meters write its wall clock. */
export const UTC_OFFSET_MINUTES = 120;

/** One reading in so many comes a second time; one in so many comes late. */
const REPEAT_EVERY = 20;
const LATE_EVERY = 50;
/** A repeat comes up to so many readings later. */
const REPEAT_LATE_MAX = 8;
/** What is late comes after the one or two readings that follow it: within 30 minutes. */
const LATE_BY_MAX = 2;
/** A register moves in steps of 0.01 kWh: none in a quiet quarter of an hour, else up to 240 W. */
const STEP_WH = 10;
const STEPS_MAX = 6;
const QUIET_SHARE = 0.1;
const QUARTERS_PER_HOUR = 4;

export type BenchMeter = { account: string; meterNumber: string; thing: string };

/** One meter an account, as the country is seeded with them. */
export const metersOf = (accounts: readonly string[]): BenchMeter[] =>
  accounts.map((account, n) => ({ account, meterNumber: meterNumberAt(n), thing: thingOf(account) }));

/** How readings are put into POSTs: so many meters, each with so many readings one after the other. */
export type Shape = { meters: number; readings: number };
export type Post = { body: string; messages: number };

export type Plan = {
  /** Lanes run side by side, the POSTs of one lane one after the other: those of one meter are all in one. */
  lanes: Post[][];
  /** Each counted once. */
  readings: number;
  /** With those that come again. */
  messages: number;
  late: number;
  /** By meter: what its register shows in the end, and what it counted meanwhile. */
  endWh: number[];
  usedWh: number[];
};

type Options = {
  meters: readonly BenchMeter[];
  /** What each register showed at `fromAt`, a quarter of an hour before the first reading. */
  startWh: readonly number[];
  fromAt: number;
  /** Of each meter. */
  readings: number;
  shape: Shape;
  lanes: number;
  seed: number;
};

/** Every meter says every quarter of an hour what it shows; some of it comes twice, some of it late. */
export function planReadings({ meters, startWh, fromAt, readings, shape, lanes, seed }: Options): Plan {
  const draw = randomFrom(seed);
  const sequences: string[][] = [];
  const endWh: number[] = [];
  let nth = 0;
  let messages = 0;
  let late = 0;
  for (const [index, meter] of meters.entries()) {
    let registerWh = startWh[index] ?? 0;
    const arrivals: { at: number; text: string }[] = [];
    for (let k = 1; k <= readings; k++, nth++) {
      const stepWh = draw() < QUIET_SHARE ? 0 : STEP_WH * (1 + Math.floor(draw() * STEPS_MAX));
      registerWh += stepWh;
      const text = messageOf(meter, fromAt + k * QUARTER_MS, registerWh, stepWh);
      // The last one has nothing to be late after.
      const isLate = nth % LATE_EVERY === LATE_EVERY - 1 && k < readings;
      const at = isLate ? k + 0.5 + Math.ceil(draw() * LATE_BY_MAX) : k;
      arrivals.push({ at, text });
      if (nth % REPEAT_EVERY === REPEAT_EVERY - 1)
        arrivals.push({ at: at + 0.25 + Math.floor(draw() * REPEAT_LATE_MAX), text });
      if (isLate) late += 1;
    }
    arrivals.sort((a, b) => a.at - b.at);
    messages += arrivals.length;
    sequences.push(arrivals.map(({ text }) => text));
    endWh.push(registerWh);
  }
  return {
    lanes: lanesOf(sequences, shape, lanes),
    readings: readings * meters.length,
    messages,
    late,
    endWh,
    usedWh: endWh.map((wh, index) => wh - (startWh[index] ?? 0)),
  };
}

/** Groups of meters over lanes; what is left over of a group's last round shares POSTs with that of the lane's others. */
function lanesOf(sequences: readonly string[][], shape: Shape, lanes: number): Post[][] {
  const groups: string[][][] = [];
  for (let from = 0; from < sequences.length; from += shape.meters)
    groups.push(sequences.slice(from, from + shape.meters));
  const postMax = shape.meters * shape.readings;
  return Array.from({ length: Math.min(lanes, groups.length) }, (_, lane) => {
    const own = groups.filter((_group, index) => index % lanes === lane);
    const fullRounds = Math.floor(Math.min(...own.flat().map(({ length }) => length)) / shape.readings);
    const posts: Post[] = [];
    for (let round = 0; round < fullRounds; round++)
      for (const group of own)
        posts.push(
          postOf(group.flatMap((sequence) => sequence.slice(round * shape.readings, (round + 1) * shape.readings))),
        );
    const left = own.flat().map((sequence) => sequence.slice(fullRounds * shape.readings));
    return [...posts, ...packed(left, postMax)];
  });
}

function packed(sequences: readonly string[][], postMax: number): Post[] {
  const posts: Post[] = [];
  const open: string[] = [];
  for (const sequence of sequences) {
    if (open.length > 0 && open.length + sequence.length > postMax) posts.push(postOf(open.splice(0)));
    open.push(...sequence);
  }
  if (open.length > 0) posts.push(postOf(open));
  return posts;
}

const postOf = (texts: readonly string[]): Post => ({
  body: `{"readings":[${texts.join(",")}]}`,
  messages: texts.length,
});

/** As the bridge posts it: numbers without units, the wall clock without a zone. */
export function messageOf({ meterNumber, thing }: BenchMeter, readAt: number, registerWh: number, stepWh: number) {
  const powerW = stepWh * QUARTERS_PER_HOUR;
  return (
    `{"meter_id":"${meterNumber.padStart(12, "0")}","thing_name":"${thing}","timestamp":"${stamp(readAt, UTC_OFFSET_MINUTES)}",` +
    `"energy_active":${decimal(registerWh, 3, 2)},"power_active":${powerW}.0,"voltage":230.1,` +
    `"current":${decimal(Math.round((powerW * 1_000) / 230), 3, 2)},"relay":"1","frequency":50.0,"firmware_version":"1.4.2"}`
  );
}

/** The last full quarter of an hour. */
export const quarterBefore = (at: number) => Math.floor(at / QUARTER_MS) * QUARTER_MS;
