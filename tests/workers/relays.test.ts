import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { app } from "../../workers/index.ts";
import { sha256Hex } from "../../workers/keys.ts";
import { directoryOf } from "../../workers/objects/locate.ts";
import { ledger, live, placed } from "./account-makers.ts";
import { KEYS, settings } from "./country.ts";
import { owedBy, reading, viewOf } from "./reading-makers.ts";

const OVERRIDE_KEY = "an-override-key-of-a-test";
const world = () => ({ ...settings, OVERRIDE_KEY_SHA256: sha256Hex(OVERRIDE_KEY) });

const ask = (method: string, path: string, body: unknown, headers: Record<string, string> = {}) =>
  app.request(
    path,
    {
      method,
      headers: { "X-Ops-Key": KEYS.ops, "X-Actor": "Mpho", "Content-Type": "application/json", ...headers },
      body: JSON.stringify(body),
    },
    world(),
  );

const METER = placed({ meterNumber: "24000001", thing: "MAK-GW-0401" });

beforeAll(async () => {
  const account = "1401MAK";
  await live(account, { meters: [METER] });
  await directoryOf(env).putPlacements([{ meterNumber: "24000001", account, from: 0, to: null, version: 1 }]);
});

describe("POST /api/meters/:id/relay", () => {
  const path = "/api/meters/000024000001/relay";

  it("refuses with every reason, and lets only the privileged role set them aside", async () => {
    const refused = await ask("POST", path, { action: "disconnect", reason: "a fallen line" });
    expect(refused.status).toBe(409);
    expect(await refused.json()).toMatchObject({
      error: { kind: "refused", details: ["not_seen"], message: "this meter has not been heard for 30 minutes" },
    });
    const body = { action: "open", reason: "a fallen line", force: true, ttl_seconds: 60 };
    expect((await ask("POST", path, body)).status).toBe(403);
    expect((await ask("POST", path, body, { "X-Override-Key": "another" })).status).toBe(403);
    const forced = await ask("POST", path, body, { "X-Override-Key": OVERRIDE_KEY });
    expect(forced.status).toBe(200);
    expect(await forced.json()).toMatchObject({
      thing_name: "MAK-GW-0401",
      action: "open",
      status: "queued",
      ttl_seconds: 60,
      skipped_safeguards: ["not_seen"],
    });
    expect((await viewOf("1401MAK")).commands[0]).toMatchObject({
      action: "disconnect",
      actor: "Mpho",
      reason: "a fallen line",
    });
  });

  it.each([
    ["a wrong action", { action: "toggle", reason: "x" }, "action"],
    ["no reason", { action: "open" }, "reason"],
    ["a time to live of a day", { action: "open", reason: "x", ttl_seconds: 86_400 }, "ttl_seconds"],
  ])("refuses %s by name", async (_what, body, field) => {
    const answer = await ask("POST", path, body);
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain(field);
  });

  it("lets nobody in without the operator's key", async () => {
    const answer = await ask("POST", path, { action: "open", reason: "x" }, { "X-Ops-Key": "wrong" });
    expect(answer.status).toBe(403);
  });
});

describe("PUT /api/meters/:id/override", () => {
  const path = "/api/meters/24000001/override";
  const soon = () => new Date(Date.now() + 3_600_000).toISOString();

  it("keeps a meter lit until it ends, and ends it when asked", async () => {
    const kept = await ask("PUT", path, { state: "keep_lit", reason: "a clinic", until: soon() });
    expect(kept.status).toBe(200);
    expect((await viewOf("1401MAK")).meters[0]?.override).toMatchObject({ state: "keep_lit", reason: "a clinic" });
    await ask("PUT", path, { state: "auto", reason: "moved out" });
    expect((await viewOf("1401MAK")).meters[0]?.override).toBeNull();
  });

  it.each([
    ["without an end", { state: "keep_dark", reason: "x" }],
    ["with an end in the past", { state: "keep_dark", reason: "x", until: "2020-01-01T00:00:00Z" }],
    ["with an end next year", { state: "keep_lit", reason: "x", until: "2099-01-01T00:00:00Z" }],
  ])("refuses one %s", async (_what, body) => {
    const answer = await ask("PUT", path, body);
    expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining("until")]);
  });
});

describe("POST /api/meters/:id/quarantine/release", () => {
  it("releases exactly the reading that was looked at", async () => {
    const at = Math.floor(Date.now() / 1_000) * 1_000;
    await ledger("1401MAK").read("1401MAK", [
      reading({ meterNumber: "24000001", readAt: at - 3_600_000, registerWh: 1_000 }),
      reading({ meterNumber: "24000001", readAt: at, registerWh: 900_000 }),
    ]);
    const path = "/api/meters/24000001/quarantine/release";
    const body = { read_at: new Date(at).toISOString(), register_wh: 900_000, how: "discard", reason: "a glitch" };
    expect((await ask("POST", path, { ...body, register_wh: 1 })).status).toBe(404);
    expect((await ask("POST", path, body)).status).toBe(200);
    expect((await viewOf("1401MAK")).waiting).toEqual([]);
  });

  it("says so when a reading can only be discarded, and lets it wait until it is", async () => {
    const at = Math.floor(Date.now() / 1_000) * 1_000 + 9 * 86_400_000;
    await ledger("1401MAK").read("1401MAK", [reading({ meterNumber: "24000001", readAt: at, registerWh: 1_010 })]);
    const path = "/api/meters/24000001/quarantine/release";
    const body = { read_at: new Date(at).toISOString(), register_wh: 1_010, reason: "an unset clock" };
    for (const how of ["bill", "rebase"]) {
      const refused = await ask("POST", path, { ...body, how });
      expect(refused.status).toBe(422);
      expect(await refused.json()).toMatchObject({ error: { kind: "only_discard" } });
    }
    expect((await viewOf("1401MAK")).waiting).toMatchObject([{ readAt: at, because: "future" }]);
    const cases = async () => (await owedBy("1401MAK", "case")).filter(({ caseKey }) => caseKey.endsWith(":future"));
    expect(await cases()).toMatchObject([{ state: "open" }]);
    expect((await ask("POST", path, { ...body, how: "discard" })).status).toBe(200);
    expect((await viewOf("1401MAK")).waiting).toEqual([]);
    expect((await cases()).at(-1)).toMatchObject({ state: "closed" });
  });
});
