import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { machineOf } from "../dev/faults/fast-clock.ts";
import { accountName, objectOf, PLACES_MAX, phoneName, tillName } from "../dev/faults/names.ts";
import { itemsIn } from "../dev/faults/old-endpoint.ts";
import { writeScript } from "../dev/faults/script.ts";
import { drawFrom } from "../dev/faults/seeded.ts";
import { drawOwnShots, drawSharedShots } from "../dev/faults/shots.ts";
import { COUNTRIES } from "../src/domain/country.ts";
import { parseSms } from "../src/domain/sms/parse.ts";
import { ROOT } from "./faults-seen.ts";

describe("a seed", () => {
  it("draws the same each time", () => {
    const at = Date.UTC(2026, 10, 25, 6);
    expect(writeScript(7, 3, at)).toEqual(writeScript(7, 3, at));
    expect(drawOwnShots(drawFrom(7), "3")).toEqual(drawOwnShots(drawFrom(7), "3"));
    expect(drawSharedShots(drawFrom(7), 8)).toEqual(drawSharedShots(drawFrom(7), 8));
  });

  it("writes texts that the parser reads as they are meant", () => {
    const kinds = { payment: "payment", conflict: "payment", "without receipt": "payment", reversal: "reversal" };
    const meant = { ...kinds, withdrawal: "outgoing", noise: "unparsed", poison: "unparsed" };
    for (let seed = 1; seed <= 60; seed++)
      for (const { what, from, content, receipt } of writeScript(seed, seed % 40, Date.UTC(2026, 10, 25, 6)).texts) {
        const read = parseSms(content, from, COUNTRIES.LS);
        expect([content, read.kind]).toEqual([content, meant[what]]);
        if (read.kind === "payment") expect([content, read.receipt]).toEqual([content, receipt]);
      }
  });

  it("has names of its own, and each name is known for its seed's", () => {
    for (const place of [0, 1, 1_249, PLACES_MAX - 1]) {
      expect(objectOf(phoneName(place, "c"))).toEqual({ place, cls: "Mailbox" });
      expect(objectOf(tillName(place))).toEqual({ place, cls: "Till" });
      for (const index of [0, 6]) {
        expect(accountName(place, index)).toMatch(/^\d{4}[A-Z]{3}$/);
        expect(objectOf(accountName(place, index))).toEqual({ place, cls: "AccountLedger" });
      }
    }
    expect(objectOf("shard-03")).toEqual({ place: null, cls: "ReceiptBook" });
  });

  it("never wakes an object before its fast instant", () => {
    const clock = { zeroAt: 1_000_000, speed: 15 };
    for (const fast of [1_000_001, 1_000_014, 1_030_000])
      expect(1_000_000 + (machineOf(clock, fast) - 1_000_000) * 15).toBeGreaterThanOrEqual(fast);
  });

  it("finds the SMS in a forwarded body of either protocol", () => {
    expect(itemsIn('{"messages":[{"id":"1","content":"a"}]}', "application/json")).toEqual([{ id: "1", text: "a" }]);
    const form = "from=199&message=a%20b&message_id=2";
    expect(itemsIn(form, "application/x-www-form-urlencoded")).toEqual([{ id: "2", text: "a b" }]);
  });
});

describe("production", () => {
  it("has no word of the fault harness: its binding exists in no environment and no source", () => {
    expect(readFileSync(join(ROOT, "wrangler.toml"), "utf8")).not.toMatch(/\bFP\b|FAULT|services/);
    const sources = ["src", "workers"].flatMap((room) =>
      readdirSync(join(ROOT, room), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()),
    );
    expect(sources.length).toBeGreaterThan(100);
    for (const { parentPath, name } of sources)
      expect([name, readFileSync(join(parentPath, name), "utf8")]).not.toEqual([
        name,
        expect.stringMatching(/\bFP\b|\bFAULT_|__faults|dev\/faults/),
      ]);
  });
});
