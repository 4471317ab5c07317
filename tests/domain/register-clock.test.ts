import { describe, expect, it } from "vitest";
import type { Reading } from "../../src/domain/reading.ts";
import { type Point, type ReadingFacts, type Register, unpostedWh } from "../../src/domain/register.ts";
import { takeReading } from "../../src/domain/take-reading.ts";
import { random } from "../random.ts";
import { at, HOUR, MINUTE, T0 } from "./register-world.ts";

const DAY = 24 * HOUR;
const LIVES = 500;

const shown = (readAt: number, registerWh: number): Reading => at(0, registerWh, { readAt });

type Placement = NonNullable<ReadingFacts["placement"]>;

/** An account that takes readings as they come: `now` is the true time, `readAt` what the meter's clock says. */
class Account {
  #register: Register | null = null;
  #stored: Point[] = [];
  #debitedWh = 0;
  readonly #placement: Placement;

  constructor(over: Partial<Placement> = {}) {
    this.#placement = { role: "primary", from: 0, baseRegisterWh: null, ratingW: null, ...over };
  }

  take(reading: Reading, now: number): string | null {
    const taken = takeReading(this.#register, reading, {
      now,
      placement: this.#placement,
      billFrom: 0,
      isLastHour: false,
      beside: (readAt) => ({
        before: this.#stored.findLast((point) => point.readAt < readAt) ?? null,
        same: this.#stored.find((point) => point.readAt === readAt) ?? null,
        after: this.#stored.find((point) => point.readAt > readAt) ?? null,
      }),
    });
    this.#register = taken.register ?? this.#register;
    this.#stored.push(...taken.store);
    this.#stored.sort((a, b) => a.readAt - b.readAt);
    for (const { fromWh, toWh } of taken.debits) this.#debitedWh += toWh - fromWh;
    return "because" in taken.verdict ? taken.verdict.because : taken.verdict.status;
  }

  /** As an account does with what is older than forty days. */
  forget(before: number) {
    this.#stored = this.#stored.filter(({ readAt }) => readAt >= before);
  }

  get usedWh() {
    return this.#debitedWh + (this.#register === null ? 0 : unpostedWh(this.#register));
  }
}

describe("a meter whose clock is wrong", () => {
  it("days behind is history: it debits nothing, also when it goes on so for hours", () => {
    const account = new Account();
    account.take(shown(T0, 5_000), T0);
    for (const quarter of [1, 2, 3, 4]) {
      const now = T0 + quarter * 15 * MINUTE;
      expect(account.take(shown(now - 400 * DAY, 5_000 + 50 * quarter), now)).toBe("late");
    }
    expect(account.usedWh).toBe(0);
    account.take(shown(T0 + 2 * HOUR, 5_300), T0 + 2 * HOUR);
    expect(account.usedWh).toBe(300);
  });

  it("debits nothing by a clock that points to before the first reading of a placement with a known base", () => {
    const account = new Account({ from: T0 - 5 * DAY, baseRegisterWh: 4_000 });
    account.take(shown(T0, 5_000), T0);
    for (const quarter of [1, 2, 3, 4]) {
      const now = T0 + quarter * 15 * MINUTE;
      expect(account.take(shown(now - 2 * DAY, 5_000 + 50 * quarter), now)).toBe("backwards");
    }
    expect(account.usedWh).toBe(1_000);
    // One that was only late, and fits between the base and the first reading.
    expect(account.take(shown(T0 - 3 * DAY, 4_400), T0 + 2 * HOUR)).toBe("late");
    expect(account.usedWh).toBe(1_000);
  });

  it("debits nothing by a clock that points to a time of which no reading is remembered", () => {
    const account = new Account();
    for (const day of [0, 30, 60]) account.take(shown(T0 + day * DAY, 5_000 + 1_000 * day), T0 + day * DAY);
    const now = T0 + 60 * DAY;
    account.forget(now - 40 * DAY);
    const usedWh = account.usedWh;
    for (const quarter of [1, 2, 3, 4])
      expect(account.take(shown(now - 55 * DAY + quarter * 15 * MINUTE, 65_000 + 50 * quarter), now)).toBe("late");
    expect(account.usedWh).toBe(usedWh);
  });

  it.each([61 * MINUTE, DAY, 400 * DAY])("%d ms ahead waits for a person, and moves nothing", (aheadMs) => {
    const account = new Account();
    account.take(shown(T0, 5_000), T0);
    expect(account.take(shown(T0 + 15 * MINUTE + aheadMs, 5_100), T0 + 15 * MINUTE)).toBe("future");
    expect(account.usedWh).toBe(0);
    expect(account.take(shown(T0 + 30 * MINUTE, 5_200), T0 + 30 * MINUTE)).toBeNull();
    expect(account.usedWh).toBe(200);
  });

  it(`costs its account not one watt-hour in ${LIVES} lives, however often it jumps by up to 400 days`, () => {
    for (let seed = 1; seed <= LIVES; seed++) {
      const draw = random(seed);
      const base = draw(2) === 0 ? { from: T0 - draw(20) * DAY, baseRegisterWh: 5_000 } : {};
      const account = new Account(base);
      let registerWh = 5_000;
      let offByDays = 0;
      account.take(shown(T0, registerWh), T0);
      for (let n = 1; n <= 120; n++) {
        const now = T0 + n * 20 * MINUTE;
        registerWh += 10 * draw(30);
        if (draw(8) === 0) offByDays = draw(2) === 0 ? 0 : draw(801) - 400;
        account.take(shown(now + offByDays * DAY, registerWh), now);
      }
      const end = T0 + 50 * HOUR;
      account.take(shown(end, registerWh), end);
      expect(account.usedWh, `seed ${seed}`).toBe(registerWh - 5_000);
    }
  });
});
