import { env } from "cloudflare:workers";
import fc from "fast-check";
import { expect, it } from "vitest";
import { type ChainLink, gapsOf } from "../../src/domain/till-chain.ts";
import { tillOf } from "../../workers/objects/locate.ts";

const RUNS = 40;
const BEGAN = Date.parse("2026-11-20T08:00:00Z");

/** A few balances, so that they meet again; some links are lost, some print no time, and what is left comes in some order. */
const arrivals = fc
  .array(fc.record({ change: fc.constantFrom(-200, -100, 100, 200, 300), lost: fc.boolean(), dated: fc.boolean() }), {
    maxLength: 25,
  })
  .chain((steps) => {
    let balance = 1_000;
    const links = steps.flatMap(({ change, lost, dated }, index): ChainLink[] => {
      const fromMinor = balance;
      balance += change;
      const at = BEGAN + index * 60_000;
      const link = { key: `t${index}`, fromMinor, toMinor: balance, at, receivedAt: dated ? at + 5_000 : at };
      return lost && index % 3 === 0 ? [] : [link];
    });
    return fc.oneof(fc.constant(links), fc.shuffledSubarray(links, { minLength: links.length }));
  });

let tills = 0;

it("a till knows after every text exactly the gaps that all its texts together leave", async () => {
  await fc.assert(
    fc.asyncProperty(arrivals, async (links) => {
      const tillId = `chain-${++tills}`;
      const till = tillOf(env, tillId);
      await till.configure({
        tillId,
        name: "Shop",
        currency: "LSL",
        senders: ["MPESA"],
        caps: { paymentMinorMax: 1, accountDayMinorMax: 1, tillDayMinorMax: 1, chainBreakMinorMax: 1 },
        utcOffsetMinutes: 120,
        version: 1,
      });
      for (const [index, link] of links.entries()) {
        await till.link({ provider: "mpesa", sender: "MPESA", ...link });
        const known = ((await till.view())?.gaps ?? []).map(({ startMinor, endMinor }) => ({ startMinor, endMinor }));
        const wanted = gapsOf(links.slice(0, index + 1)).map(({ startMinor, endMinor }) => ({ startMinor, endMinor }));
        const byStart = (a: { startMinor: number }, b: { startMinor: number }) => a.startMinor - b.startMinor;
        expect(known.sort(byStart).map(({ startMinor }) => startMinor)).toEqual(
          wanted.sort(byStart).map(({ startMinor }) => startMinor),
        );
      }
    }),
    { numRuns: RUNS },
  );
});
