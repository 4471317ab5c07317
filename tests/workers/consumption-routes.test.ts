import { expect, it } from "vitest";
import { app } from "../../workers/index.ts";
import { KEYS, settings } from "./country.ts";

const ask = async (path: string, init: RequestInit = {}, key: string = KEYS.ops) => {
  const response = await app.request(
    path,
    { ...init, headers: { "X-Ops-Key": key, "X-Actor": "Lineo", "Content-Type": "application/json" } },
    settings,
  );
  return { status: response.status, body: (await response.json()) as { error: { kind: string } } };
};
const rebuild = (body: unknown, key?: string) =>
  ask("/api/ops/consumption/rebuild", { method: "POST", body: JSON.stringify(body) }, key);

it.each([
  ["a stranger", "/api/meters/check-comparison", "wrong", 403, "bad_key"],
  ["the IoT bridge", "/api/accounts/0045MAK/energy", KEYS.iot, 403, "bad_key"],
  ["no days", "/api/meters/check-comparison?days=0", KEYS.ops, 400, "bad_field"],
  ["more days than there are kept", "/api/meters/check-comparison?days=367", KEYS.ops, 400, "bad_field"],
  ["a cursor of its own making", "/api/meters/check-comparison?cursor=x", KEYS.ops, 400, "bad_field"],
  ["what is no account", "/api/accounts/nobody/energy", KEYS.ops, 404, "unknown"],
  ["a day that there is not", "/api/accounts/0045MAK/energy?from=2026-02-30", KEYS.ops, 400, "bad_field"],
  [
    "an end before the beginning",
    "/api/accounts/0045MAK/energy?from=2026-03-02&to=2026-03-01",
    KEYS.ops,
    400,
    "bad_field",
  ],
  ["years of days", "/api/accounts/0045MAK/energy?from=2020-01-01&to=2026-01-01", KEYS.ops, 400, "bad_field"],
  ["a comparison while the database is down", "/api/meters/check-comparison?days=7", KEYS.ops, 503, "database_down"],
  ["energy while the database is down", "/api/accounts/mak0045/energy", KEYS.ops, 503, "database_down"],
])("refuses %s", async (_, path, key, status, kind) => {
  expect(await ask(path, {}, key)).toMatchObject({ status, body: { error: { kind } } });
});

const november = { from: "2026-11-01", to: "2026-11-30" };
it.each([
  ["a stranger", november, "wrong", 403, "bad_key"],
  ["days in the wrong order", { from: "2026-11-02", to: "2026-11-01" }, KEYS.ops, 400, "bad_field"],
  ["a mistyped century", { from: "1926-11-02", to: "2026-11-01" }, KEYS.ops, 400, "bad_field"],
  ["an instant where a day is asked for", { ...november, from: "2026-11-01T00:00:00Z" }, KEYS.ops, 400, "bad_field"],
  ["more meters than one call takes", { ...november, meters: Array(201).fill("1") }, KEYS.ops, 400, "bad_field"],
  ["no meters named", { ...november, meters: [] }, KEYS.ops, 400, "bad_field"],
  ["a cursor from outside the days", { ...november, cursor: "2026-12-01/5" }, KEYS.ops, 400, "bad_field"],
  [
    "anything while the database is down",
    { ...november, cursor: "2026-11-08/23099001" },
    KEYS.ops,
    503,
    "database_down",
  ],
])("a rebuild refuses %s", async (_, body, key, status, kind) => {
  expect(await rebuild(body, key)).toMatchObject({ status, body: { error: { kind } } });
});
