import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { unmappedOf } from "../../workers/objects/locate.ts";
import { type AnyStorage, STORAGE_CASES } from "../storage-cases.ts";

describe("an object's storage, as the simulated one is asked in tests/simulate.test.ts", () => {
  it.each(STORAGE_CASES)("$says", async ({ ask, answers }) => {
    const told = await runInDurableObject(unmappedOf(env), (_, { storage }) => ask(storage as unknown as AnyStorage));
    expect(told).toEqual(answers);
  });
});
