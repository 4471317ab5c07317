import { describe, expect, it } from "vitest";
import { app } from "../../workers/index.ts";
import { KEYS, settings } from "./country.ts";

type Answer = { error: { kind: string; message: string; details: { field: string }[] } };

async function ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  const response = await app.request(
    path,
    {
      method,
      headers: {
        "X-Ops-Key": KEYS.ops,
        "X-Actor": "Lineo",
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    },
    settings,
  );
  return { status: response.status, body: await response.json<Answer>() };
}

const rate = { scope: "site", site: "MAK", rateE4PerKwh: 45_000, reason: "the regulator's letter" };

describe("the tariff routes", () => {
  it.each([
    ["a stranger who reads", "GET", "/api/tariffs", undefined, { "X-Ops-Key": "wrong" }, 403, "bad_key"],
    ["a stranger who writes", "POST", "/api/tariffs", rate, { "X-Ops-Key": "wrong" }, 403, "bad_key"],
    ["nobody's hand", "POST", "/api/tariffs", rate, { "X-Actor": "" }, 400, "bad_field"],
    ["the past of an account that is none", "GET", "/api/accounts/nobody/tariff", undefined, {}, 404, "unknown"],
    ["a list while the database is down", "GET", "/api/tariffs", undefined, {}, 503, "database_down"],
    ["a change while the database is down", "POST", "/api/tariffs", rate, {}, 503, "database_down"],
    ["a cancellation of no number", "POST", "/api/tariffs/x/cancel", { reason: "no" }, {}, 404, "no_such_route"],
  ])("refuse %s", async (_, method, path, body, headers, status, kind) => {
    expect(await ask(method, path, body, headers as Record<string, string>)).toMatchObject({
      status,
      body: { error: { kind } },
    });
  });

  it.each([
    ["site", { ...rate, site: undefined }],
    ["site", { ...rate, site: "SAM" }],
    ["site", { ...rate, scope: "global" }],
    ["account", { ...rate, scope: "account", site: undefined }],
    ["account", { ...rate, scope: "account", site: undefined, account: "0045GBO" }],
    ["account", { ...rate, account: "0045MAK" }],
    ["scope", { ...rate, scope: "village" }],
    ["rateE4PerKwh", { ...rate, rateE4PerKwh: 4.5 }],
    ["rateE4PerKwh", { ...rate, rateE4PerKwh: -1 }],
    ["rateE4PerKwh", { ...rate, rateE4PerKwh: "5" }],
    ["rateE4PerKwh", { ...rate, rateE4PerKwh: undefined }],
    ["rateE4PerKwh", { ...rate, ends: true }],
    ["ends", { scope: "global", ends: true, reason: "no" }],
    ["validFrom", { ...rate, validFrom: "2027-03-01" }],
    ["validFrom", { ...rate, validFrom: "2027-03-01T00:00:00" }],
    ["reason", { ...rate, reason: " " }],
    ["confirm.0", { ...rate, confirm: ["yes"] }],
    ["", { ...rate, rate: 5 }],
  ])("name the field %j that is wrong", async (field, body) => {
    const answer = await ask("POST", "/api/tariffs", body);
    expect(answer).toMatchObject({ status: 400, body: { error: { kind: "bad_field" } } });
    expect(answer.body.error.details.map((detail) => detail.field)).toContain(field);
  });

  it.each([
    ["/api/tariffs?at=today", "at"],
    ["/api/tariffs?limit=1000", "limit"],
    ["/api/tariffs/history?cursor=x", "cursor"],
    ["/api/tariffs/history?scope=village", "scope"],
    ["/api/accounts/0045MAK/tariff?at=2027", "at"],
  ])("name what is wrong in %s", async (path, field) => {
    const answer = await ask("GET", path);
    expect(answer.status).toBe(400);
    expect(answer.body.error.details.map((detail) => detail.field)).toEqual([field]);
  });
});
