import type { Context } from "hono";

const METER_NUMBER_CHARS_MAX = 40;

/** The meter of the address, as the registry has it: on the wire with leading zeros, here without. Null: none is named so. */
export function meterOf(c: Context): string | null {
  const meterNumber = (c.req.param("id") ?? "").replace(/^0+(?=.)/, "");
  return /^[0-9A-Za-z-]+$/.test(meterNumber) && meterNumber.length <= METER_NUMBER_CHARS_MAX ? meterNumber : null;
}
