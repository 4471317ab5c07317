import type { MeterRole } from "./reading.ts";
import { type Debit, type Point, type Register, topOf } from "./register.ts";

/**
 * The meter begins or ceases to bill its account, or leaves it: what it had counted while it billed is debited now, and
 * nothing that it counted while it did not. One that begins bills from `at` on, also when its newest reading is older. One
 * that has left as of an instant before its newest reading is debited up to `left`, where its register stood then.
 */
export function settleRole(
  register: Register,
  was: MeterRole | null,
  is: MeterRole | null,
  at: number,
  left: Point | null = null,
): { register: Register; debits: Debit[] } {
  if (was === is) return { register, debits: [] };
  const { registerWh: toWh, readAt } = topOf(register);
  const end = left ?? { registerWh: toWh, readAt };
  // What was debited after it left is no more than the registry had not been told of yet: a person has to look at that.
  const debits: Debit[] =
    was === "primary" && end.registerWh > register.postedWh && (left === null || left.readAt >= register.postedAt)
      ? [{ kind: "consumption", fromWh: register.postedWh, toWh: end.registerWh, readAt: end.readAt }]
      : [];
  const postedAt = was !== null && is === "primary" ? Math.max(readAt, at) : readAt;
  return { register: { ...register, postedWh: toWh, postedAt, version: register.version + 1 }, debits };
}

/** The highest that the register is known to have shown when the meter had left already; null: that was not so. */
export const seenAfter = (register: Register, at: number): Point | null => {
  const top = topOf(register);
  return top.readAt > at ? top : null;
};
