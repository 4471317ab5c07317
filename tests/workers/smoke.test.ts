import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";

it("smoke", async () => {
  const stub = env.TILL.get(env.TILL.idFromName("t"));
  await runInDurableObject(stub, (_i, state) => state.storage.setAlarm(Date.now() + 1000000));
  expect(await runDurableObjectAlarm(stub)).toBe(true);
  expect(await stub.copyBatch(3)).toEqual([]);
});
