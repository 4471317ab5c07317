import { runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { ledger } from "./account-makers.ts";
import { RelayLife } from "./relay-life.ts";

const LIVES = 300;
const STEPS = 60;

describe("the rules of light and dark", () => {
  it(`hold in ${LIVES} lives of late, lost, repeated and reordered readings, commands, answers and permits`, async () => {
    const total = { connects: 0, disconnects: 0 };
    await runInDurableObject(ledger("1701MAK"), async (_, { storage }) => {
      for (let seed = 1; seed <= LIVES; seed++) {
        const life = new RelayLife(storage, seed);
        await life.live(STEPS);
        await life.heal();
        expect(life.broken, `seed ${seed}\n${life.trail.join("\n")}`).toEqual([]);
        total.connects += life.counts.connects;
        total.disconnects += life.counts.disconnects;
      }
    });
    // A life in which nothing happens proves nothing.
    expect(total.disconnects).toBeGreaterThan(LIVES / 2);
    expect(total.connects).toBeGreaterThan(LIVES);
  });
});
