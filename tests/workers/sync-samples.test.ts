import { describe, expect, it, vi } from "vitest";
import { app } from "../../workers/index.ts";
import { syncSamplesJob } from "../../workers/jobs/sync-samples.ts";
import { KEYS, settings } from "./country.ts";

const table = { ...settings, DYNAMODB_TABLE: "1meter_data", DYNAMODB_REGION: "eu-west-1" };

async function sync(body: unknown, env = settings) {
  const headers = { "X-Ops-Key": KEYS.ops, "X-Actor": "Mpho", "Content-Type": "application/json" };
  const init = { method: "POST", headers, body: JSON.stringify(body) };
  const response = await app.request("/api/ops/sync/samples", init, env);
  return { status: response.status, body: await response.json() };
}

describe("the sync of samples", () => {
  it("says that there is no table to sync with, and does nothing", async () => {
    const said = vi.spyOn(console, "log").mockImplementation(() => {});
    expect(await syncSamplesJob(settings, null)).toBeNull();
    expect(said.mock.calls[0]?.[0]).toContain("DYNAMODB_TABLE and DYNAMODB_REGION are not set");
    said.mockRestore();
    expect(await sync({})).toEqual({ status: 200, body: { configured: false, next: null } });
  });

  it("is tried again while the database is down: nobody knows how far it came", async () => {
    await expect(syncSamplesJob(table, null)).rejects.toThrow();
    expect((await sync({}, table)).status).toBe(503);
  });

  it("takes no cursor but its own", async () => {
    for (const cursor of ["x", "1:2:3", "-1"]) expect((await sync({ cursor }, table)).status).toBe(400);
  });
});
