import { describe, expect, it } from "vitest";
import { admit, type UnderWay } from "../../src/domain/admission.ts";

const LIMITS = { requestsMax: 3, bytesMax: 1_000, heldMsMax: 30_000 };
const NOW = Date.UTC(2026, 10, 29, 18);
const at = (...bytes: number[]): UnderWay[] => bytes.map((each) => ({ at: NOW - 100, bytes: each }));
const asked = (bytes: number) => ({ at: NOW, bytes });

describe("what an isolate takes on at once", () => {
  it.each([
    ["nothing is under way", at(), 10, "admitted"],
    ["there is a place left", at(10, 10), 10, "admitted"],
    ["all places are taken", at(10, 10, 10), 10, "refused"],
    ["bodies fill it to the byte", at(400, 400), 200, "admitted"],
    ["bodies are one byte too many", at(400, 400), 201, "refused"],
    ["one larger than all the room comes alone", at(), 5_000, "admitted"],
    ["one larger than all the room comes beside another", at(1), 5_000, "refused"],
  ] as const)("%s", (_, underWay, bytes, kind) => {
    expect(admit(underWay, asked(bytes), LIMITS, 0).kind).toBe(kind);
  });

  it("gives a place back that nobody gave back: a hang-up never shuts the door for good", () => {
    const long = [0, 1, 2].map(() => ({ at: NOW - LIMITS.heldMsMax, bytes: 900 }));
    expect(admit(long, asked(10), LIMITS, 0)).toEqual({ kind: "admitted" });
    const almost = long.map((each) => ({ ...each, at: each.at + 1 }));
    expect(admit(almost, asked(10), LIMITS, 0).kind).toBe("refused");
  });

  it("has those who are refused come back in whole seconds, spread from 2 to 10", () => {
    const full = at(1, 1, 1);
    const after = [0, 0.5, 0.999].map((draw) => admit(full, asked(1), LIMITS, draw));
    expect(after).toEqual([2, 6, 10].map((retryAfterSeconds) => ({ kind: "refused", retryAfterSeconds })));
  });
});
