import { expect, it } from "vitest";
import { app } from "../../workers/index.ts";
import { KEYS, settings } from "./country.ts";

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
  return { status: response.status, body: await response.json<{ error: { kind: string; details: unknown } }>() };
}

const EVENT = { step: "airdac_connected", on: "2026-11-03" };
const said = (fields: object) => ["POST", "/api/accounts/mak0045/commissioning", { ...EVENT, ...fields }] as const;
const bulk = (fields: object) =>
  ["POST", "/api/commissioning/bulk", { rows: [{ account: "0045MAK", ...EVENT }], ...fields }] as const;

it.each([
  ["a stranger who reads", "GET", "/api/commissioning", undefined, { "X-Ops-Key": "wrong" }, 403, "bad_key"],
  ["a stranger who writes", ...said({}), { "X-Ops-Key": "wrong" }, 403, "bad_key"],
  [
    "the IoT bridge",
    "GET",
    "/api/accounts/0045MAK/commissioning",
    undefined,
    { "X-Ops-Key": KEYS.iot },
    403,
    "bad_key",
  ],
  ["nobody's hand", ...said({}), { "X-Actor": "" }, 400, "bad_field"],
  ["an account that is none", "POST", "/api/accounts/nobody/commissioning", EVENT, {}, 404, "unknown"],
  ["an end of no account", "POST", "/api/accounts/x/decommission", { reason: "moved" }, {}, 404, "unknown"],
  ["a look while the database is down", "GET", "/api/accounts/0045MAK/commissioning", undefined, {}, 503, "unexpected"],
  ["an event while the database is down", ...said({}), {}, 503, "unexpected"],
  ["many while the database is down", ...bulk({}), {}, 503, "unexpected"],
])("refuses %s", async (_, method, path, body, headers, status, kind) => {
  expect(await ask(method, path, body, headers)).toMatchObject({ status, body: { error: { kind } } });
});

it.each([
  ["step", ...said({ step: "painted" })],
  ["act", ...said({ act: "forget" })],
  ["on", ...said({ on: "3 November" })],
  ["on", ...said({ on: "2026-02-30" })],
  ["on", ...said({ act: "withdraw", reason: "slip" })],
  ["reason", ...said({ act: "correct" })],
  ["reason", ...said({ act: "withdraw", on: undefined })],
  ["reason", ...said({ step: "terminated" })],
  ["", ...said({ connectedOn: "2026-11-03" })],
  ["reason", "POST", "/api/accounts/0045MAK/decommission", {}],
  ["rows", ...bulk({ rows: [] })],
  ["rows", ...bulk({ rows: Array.from({ length: 501 }, () => EVENT) })],
  ["mode", ...bulk({ mode: "most" })],
  ["site", "GET", "/api/commissioning?site=GBO", undefined],
  ["site", "GET", "/api/commissioning?site=GBOX", undefined],
  ["stage", "GET", "/api/commissioning?stage=painted", undefined],
  ["limit", "GET", "/api/commissioning?stage=registered&limit=101", undefined],
  ["cursor", "GET", "/api/commissioning?stage=registered&cursor=x", undefined],
])("names the field %j", async (field, method, path, body) => {
  const answer = await ask(method, path, body);
  expect(answer).toMatchObject({ status: 400, body: { error: { kind: "bad_field" } } });
  expect(answer.body.error.details).toMatchObject([{ field }]);
});
