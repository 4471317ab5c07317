import type { Reading } from "../../../src/domain/reading.ts";

/** More than any country has: beyond it somebody invents meters. */
export const METERS_MAX = 5_000;
/** More than a year, at one each quarter of an hour. */
export const READINGS_PER_METER_MAX = 40_000;
/** An account stores one in this time, so more would be kept for nothing. */
const STORED_EACH_MS = 15 * 60_000;

/**
 * Whether a reading between two others can go: too soon after the one before it, with the same relay, and its energy is
 * in the one after. The newest is always kept, and the last before a register fell.
 */
export const saysNothingNew = (before: Reading, reading: Reading, after: Reading): boolean =>
  reading.readAt - before.readAt < STORED_EACH_MS &&
  reading.connected === before.connected &&
  before.registerWh <= reading.registerWh &&
  reading.registerWh <= after.registerWh;
