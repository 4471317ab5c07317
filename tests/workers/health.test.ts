import { describe, expect, it, vi } from "vitest";
import type { AlarmLook } from "../../src/domain/alarm.ts";
import { app } from "../../workers/index.ts";
import { KNOWN_SECONDS, LOOK_SECONDS_MAX, UNTOLD_SECONDS_MAX } from "../../workers/ingest/health.ts";
import { AlarmTable } from "../../workers/objects/directory/alarms.ts";
import { directoryOf } from "../../workers/objects/locate.ts";
import { ROOM } from "../../workers/room.ts";
import { settings } from "./country.ts";
import { inStorage } from "./inside.ts";

/** Each asks later than an isolate knows what it heard before. */
let laterSeconds = 0;
const later = (over: Partial<typeof settings> = {}) => {
  laterSeconds += KNOWN_SECONDS;
  return { ...settings, CLOCK_OFFSET_MS: String(laterSeconds * 1_000), ...over };
};
type Body = { status: string; ageSeconds: number | null; untoldSeconds: number | null };
const ask = async (env: typeof settings = later()) => {
  const response = await app.request("/api/health", {}, env);
  return { status: response.status, body: (await response.json()) as Body };
};
const quiet: AlarmLook = { name: "database_down", value: 0, subject: null };
const lookedAgo = (seconds: number, looks = [quiet], ways: string[] = []) =>
  inStorage(directoryOf(settings), (storage) =>
    storage.transactionSync(() =>
      new AlarmTable(storage.sql).look(looks, ways, Date.now() + (laterSeconds - seconds) * 1_000),
    ),
  );
/** A Directory that says this, and how often it was asked. */
function said(answer: () => Promise<unknown>) {
  const alarmsHealth = vi.fn(answer);
  const stub = () => ({ alarmsHealth });
  return {
    alarmsHealth,
    env: { DIRECTORY: { idFromName: () => "id", get: stub, getByName: stub } } as unknown as typeof settings,
  };
}

describe("whoever watches from outside", () => {
  it("hears that nobody has ever looked at alarms, then how long ago, and that five minutes are too long", async () => {
    expect(await ask()).toMatchObject({ status: 503, body: { status: "alarms_not_looked_at", ageSeconds: null } });
    await lookedAgo(LOOK_SECONDS_MAX + 30);
    const late = await ask();
    expect(late).toMatchObject({ status: 503, body: { status: "alarms_not_looked_at" } });
    expect(late.body.ageSeconds).toBeGreaterThan(LOOK_SECONDS_MAX);
    await lookedAgo(60);
    const well = await ask();
    expect(well).toMatchObject({ status: 200, body: { status: "ok", country: "LS", untoldSeconds: null } });
    expect(well.body.ageSeconds).toBeLessThan(LOOK_SECONDS_MAX);
  });

  it("hears of a raise that could be told by no way for a quarter of an hour, and not sooner", async () => {
    const raised: AlarmLook = { name: "dead_letters", value: 1, subject: null };
    await lookedAgo(UNTOLD_SECONDS_MAX - 60, [raised], ["sms1"]);
    await lookedAgo(0);
    expect(await ask()).toMatchObject({ status: 200, body: { status: "ok" } });
    for (let passed = 0; passed <= 60; passed += KNOWN_SECONDS) later();
    const untold = await ask();
    expect(untold).toMatchObject({ status: 503, body: { status: "alarms_not_told" } });
    expect(untold.body.untoldSeconds).toBeGreaterThan(UNTOLD_SECONDS_MAX);
    const [telling] = (await directoryOf(settings).alarms()).tellings;
    await directoryOf(settings).alarmTold(telling?.id ?? "", "sms1");
    expect(await ask()).toMatchObject({ status: 200, body: { status: "ok", untoldSeconds: null } });
  });

  it("hears the same of a Directory that does not answer", async () => {
    const { env } = said(() => Promise.reject(new Error("gone")));
    expect((await ask(later(env))).status).toBe(503);
  });

  it("asks the Directory once in ten seconds, however often it asks, and hears how old that is", async () => {
    const at = later();
    const lookedAt = Date.now() + laterSeconds * 1_000 - 60_000;
    const { env, alarmsHealth } = said(async () => ({ lookedAt, untoldSince: null }));
    for (const seconds of [0, 1, KNOWN_SECONDS - 1]) {
      const CLOCK_OFFSET_MS = String(Number(at.CLOCK_OFFSET_MS) + seconds * 1_000);
      const { body } = await ask({ ...at, ...(env as object), CLOCK_OFFSET_MS });
      expect(body.ageSeconds).toBeGreaterThanOrEqual(60 + seconds);
    }
    expect(alarmsHealth).toHaveBeenCalledTimes(1);
    await ask(later(env));
    expect(alarmsHealth).toHaveBeenCalledTimes(2);
  });

  it("is answered while people have all the room there is", async () => {
    // One clock for all: who hangs for long gives its place back.
    const env = later();
    let end = () => {};
    const held = new Promise<void>((resolve) => {
      end = resolve;
    });
    // People whose bodies do not end.
    const asked = Array.from({ length: ROOM.people.requestsMax }, () => {
      const body = new ReadableStream<Uint8Array>({ start: (at) => void held.then(() => at.close()) });
      const headers = { "Content-Type": "application/json", "Content-Length": "20", Origin: "http://localhost" };
      return app.request("/api/sign-in", { method: "POST", body, headers }, env);
    });
    try {
      expect(await (await app.request("/api/me", {}, env)).json()).toMatchObject({ error: { kind: "busy" } });
      expect((await ask(env)).body.status).toBe("ok");
    } finally {
      end();
      await Promise.all(asked);
    }
  });
});
