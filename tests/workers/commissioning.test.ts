import { describe, expect, it } from "vitest";
import { app } from "../../workers/index.ts";
import { linkToken } from "../../workers/signed-link.ts";
import { png } from "../pictures.ts";
import { KEYS, settings } from "./country.ts";

async function ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  const response = await app.request(
    path,
    {
      method,
      headers: {
        "X-Ops-Key": KEYS.ops,
        "X-Actor": "Lineo",
        "Idempotency-Key": "act-0001",
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    },
    settings,
  );
  return { status: response.status, body: await response.json<{ error: { kind: string; details: unknown } }>() };
}

const ACT = {
  connectedOn: "2026-11-03",
  servicePhase: "Single",
  ampacity: "standard",
  nationalId: "1234",
  staffName: "Lineo Ramatla",
  customerSignature: png().toString("base64"),
};
const act = (fields: object) => ["POST", "/api/accounts/mak0045/commission", { ...ACT, ...fields }] as const;
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
  [
    "a look while the database is down",
    "GET",
    "/api/accounts/0045MAK/commissioning",
    undefined,
    {},
    503,
    "database_down",
  ],
  ["an event while the database is down", ...said({}), {}, 503, "database_down"],
  ["an act without a name", ...act({}), { "Idempotency-Key": "x" }, 400, "bad_field"],
  ["an act of no account", "POST", "/api/accounts/nobody/commission", ACT, {}, 404, "unknown"],
  ["an act while the database is down", ...act({}), {}, 503, "database_down"],
  ["a stranger who commissions", ...act({}), { "X-Ops-Key": "wrong" }, 403, "bad_key"],
  [
    "a stranger who reads a contract",
    "GET",
    "/api/contracts/1/pdf",
    undefined,
    { "X-Ops-Key": "wrong" },
    403,
    "bad_key",
  ],
  ["a link while the database is down", "POST", "/api/contracts/1/links", {}, {}, 503, "database_down"],
  ["many while the database is down", ...bulk({}), {}, 503, "database_down"],
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
  ["connectedOn", ...act({ connectedOn: "03/11/2026" })],
  ["servicePhase", ...act({ servicePhase: "two" })],
  ["ampacity", ...act({ ampacity: "60" })],
  ["ampacity", ...act({ ampacity: 0 })],
  ["customerSignature", ...act({ customerSignature: "signed" })],
  ["customerSignature", ...act({ customerSignature: png(4, 4).toString("base64") })],
  ["staffSignature", ...act({ staffSignature: "data:image/png;base64,AAAA" })],
  ["latitude, longitude", ...act({ latitude: 27.9, longitude: -29.5 })],
  ["latitude, longitude", ...act({ latitude: -29.5 })],
  ["latitude, longitude", ...act({ latitude: 6.5, longitude: 2.5 })],
  ["latitude", ...act({ latitude: 95, longitude: 27.9 })],
  ["", ...act({ gps_x: 27.9 })],
  ["phones.0", ...act({ phones: ["199"] })],
  ["customerType", ...act({ customerType: "CASTLE" })],
  ["meter.meterNumber", ...act({ meter: { meterNumber: "" } })],
  ["meter.from", ...act({ meter: { meterNumber: "23099001", from: "2999-01-01T00:00:00Z" } })],
  ["days", "POST", "/api/contracts/1/links", { days: 366 }],
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

describe("a contract's link", () => {
  const open = async (token: string) => {
    const response = await app.request(`/c/${token}`, {}, settings);
    return { status: response.status, robots: response.headers.get("X-Robots-Tag"), text: await response.text() };
  };
  const token = (change: object = {}) =>
    linkToken(settings, { purpose: "contract", subject: "7-12", expiresAt: Date.now() + 60_000, ...change });

  it.each([
    ["of nothing", () => "nothing"],
    ["that was changed to another contract", () => token().replace(".7-12.", ".8-12.")],
    ["that was changed to another day", () => token().replace(/\.\w+\./, ".zzzzzz.")],
    ["of an export", () => token({ purpose: "export" })],
    ["in capitals", () => token().toUpperCase()],
  ])("%s opens nothing, and does not say why", async (_, made) => {
    expect(await open(made())).toMatchObject({
      status: 404,
      robots: "noindex, nofollow",
      text: expect.stringMatching(/^This link opens nothing/),
    });
  });

  it("that has expired says so, and where to get another", async () => {
    expect(await open(token({ expiresAt: Date.now() - 1_000 }))).toMatchObject({
      status: 410,
      text: expect.stringContaining("has expired"),
    });
  });

  it("that is ours is not refused when the database is down: it is asked again later", async () => {
    expect((await open(token())).status).toBe(503);
  });
});
