import { runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { app } from "../../workers/index.ts";
import { LOOK_SECONDS_MAX } from "../../workers/ingest/health.ts";
import { AlarmTable } from "../../workers/objects/directory/alarms.ts";
import { directoryOf } from "../../workers/objects/locate.ts";
import { settings } from "./country.ts";

const ask = async (env = settings) => {
  const response = await app.request("/api/health", {}, env);
  return { status: response.status, body: (await response.json()) as { status: string; ageSeconds: number | null } };
};
const lookedAgo = (seconds: number) =>
  runInDurableObject(directoryOf(settings) as never, (_: unknown, { storage }: DurableObjectState) =>
    storage.transactionSync(() =>
      new AlarmTable(storage.sql).look(
        [{ name: "database_down", value: 0, subject: null }],
        [],
        Date.now() - seconds * 1_000,
      ),
    ),
  );

describe("whoever watches from outside", () => {
  it("hears that nobody has ever looked at alarms, then how long ago, and that five minutes are too long", async () => {
    expect(await ask()).toMatchObject({ status: 503, body: { status: "alarms_not_looked_at", ageSeconds: null } });
    await lookedAgo(LOOK_SECONDS_MAX + 30);
    const late = await ask();
    expect(late).toMatchObject({ status: 503, body: { status: "alarms_not_looked_at" } });
    expect(late.body.ageSeconds).toBeGreaterThan(LOOK_SECONDS_MAX);
    await lookedAgo(60);
    const well = await ask();
    expect(well).toMatchObject({ status: 200, body: { status: "ok", country: "LS" } });
    expect(well.body.ageSeconds).toBeLessThan(LOOK_SECONDS_MAX);
  });

  it("hears the same of a Directory that does not answer", async () => {
    const DIRECTORY = {
      idFromName: () => "id",
      get: () => ({ alarmsLookedAt: () => Promise.reject(new Error("gone")) }),
      getByName: () => ({ alarmsLookedAt: () => Promise.reject(new Error("gone")) }),
    };
    expect((await ask({ ...settings, DIRECTORY } as never)).status).toBe(503);
  });
});
