import { describe, expect, it } from "vitest";
import type { Reading } from "../../src/domain/reading.ts";
import { type Point, type Register, unpostedWh } from "../../src/domain/register.ts";
import { takeReading } from "../../src/domain/take-reading.ts";
import { random } from "../random.ts";
import { at, MINUTE, T0 } from "./register-world.ts";

const LIVES = 1_000;

/** Some hours of a meter that is read every few minutes, starts anew once or never, and at last is read twice an hour apart. */
function life(draw: (below: number) => number): { readings: Reading[]; last: Reading; usedWh: number } {
  const readings: Reading[] = [];
  let registerWh = 5_000 + draw(1_000) * 10;
  let usedWh = 0;
  const resetAt = draw(2) === 0 ? 4 + draw(20) : -1;
  let minutes = 0;
  readings.push(at(0, registerWh));
  for (let n = 1; n < 30; n++) {
    minutes += 5 * (1 + draw(4));
    if (n === resetAt) registerWh = 0;
    else {
      const wh = 10 * draw(20);
      registerWh += wh;
      usedWh += wh;
    }
    readings.push(at(minutes, registerWh));
  }
  return { readings, last: at(minutes + 120, registerWh), usedWh };
}

/** What the account has debited, and what is metered beside it, when the readings come in this order. */
function usedOf(readings: readonly Reading[], isLastHour: (n: number) => boolean): number {
  let register: Register | null = null;
  const stored: Point[] = [];
  let debitedWh = 0;
  readings.forEach((reading, n) => {
    const taken = takeReading(register, reading, {
      now: T0 + 10_000 * MINUTE,
      placement: { role: "primary", from: 0, baseRegisterWh: null, ratingW: null },
      billFrom: 0,
      isLastHour: isLastHour(n),
      beside: (readAt) => ({
        before: stored.findLast((point) => point.readAt < readAt) ?? null,
        same: stored.find((point) => point.readAt === readAt) ?? null,
        after: stored.find((point) => point.readAt > readAt) ?? null,
      }),
    });
    register = taken.register ?? register;
    stored.push(...taken.store);
    stored.sort((a, b) => a.readAt - b.readAt);
    for (const { fromWh, toWh } of taken.debits) {
      expect(toWh).toBeGreaterThan(fromWh);
      debitedWh += toWh - fromWh;
    }
  });
  return debitedWh + (register === null ? 0 : unpostedWh(register));
}

describe("what a meter has counted", () => {
  it(`is the same to the watt-hour in ${LIVES} lives, in order or shuffled within 30 minutes with each reading twice`, () => {
    for (let seed = 1; seed <= LIVES; seed++) {
      const draw = random(seed);
      const { readings, last, usedWh } = life(draw);
      const shuffled = [...readings, ...readings]
        .map((reading) => ({ reading, arrives: reading.readAt + draw(30 * MINUTE) }))
        .sort((a, b) => a.arrives - b.arrives)
        .map(({ reading }) => reading);
      const often = draw(4);
      const isLastHour = (n: number) => often > 0 && n % (often + 1) === 0;
      expect(usedOf([...readings, last], isLastHour), `in order, seed ${seed}`).toBe(usedWh);
      expect(usedOf([...shuffled, last], isLastHour), `shuffled, seed ${seed}`).toBe(usedWh);
    }
  });
});
