import { expect, it } from "vitest";
import { app } from "../../workers/index.ts";
import { KEYS, settings } from "./country.ts";

type Answer = { error: { kind: string; details: unknown } };

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
  return { status: response.status, cache: response.headers.get("Cache-Control"), body: await response.json<Answer>() };
}

const somebody = { givenName: "Thabo", familyName: "Mokoena", phones: ["5000 0101"], account: { site: "MAK" } };
const swap = { old: "23099001", new: "23099002", at: "2026-11-03T12:00:00Z", reason: "burnt" };

it.each([
  ["a stranger who reads", "GET", "/api/customers/1", undefined, { "X-Ops-Key": "wrong" }, 403, "bad_key"],
  ["a stranger who writes", "POST", "/api/customers", somebody, { "X-Ops-Key": "wrong" }, 403, "bad_key"],
  ["the IoT bridge", "GET", "/api/accounts/0045MAK/customer", undefined, { "X-Ops-Key": KEYS.iot }, 403, "bad_key"],
  ["nobody's hand", "POST", "/api/customers", somebody, { "X-Actor": "" }, 400, "bad_field"],
  ["an act without a name", "POST", "/api/customers", somebody, { "Idempotency-Key": "x" }, 400, "bad_field"],
  ["an account that is none", "GET", "/api/accounts/nobody/customer", undefined, {}, 404, "unknown"],
  ["the end of no account", "POST", "/api/accounts/x/terminate", { reason: "moved" }, {}, 404, "unknown"],
  ["a customer while the database is down", "GET", "/api/customers/1", undefined, {}, 503, "database_down"],
  ["a search while the database is down", "GET", "/api/customers?q=thabo", undefined, {}, 503, "database_down"],
  ["what is no customer's number", "GET", "/api/customers/thabo", undefined, {}, 404, "no_such_route"],
  ["a registration while the database is down", "POST", "/api/customers", somebody, {}, 503, "database_down"],
  [
    "a change while the database is down",
    "PATCH",
    "/api/customers/1",
    { version: 1, note: "x" },
    {},
    503,
    "database_down",
  ],
  ["a swap while the database is down", "POST", "/api/accounts/mak0045/meters/swap", swap, {}, 503, "database_down"],
])("refuses %s", async (_, method, path, body, headers, status, kind) => {
  expect(await ask(method, path, body, headers as Record<string, string>)).toMatchObject({
    status,
    body: { error: { kind } },
  });
});

const change = (fields: object) => ["PATCH", "/api/customers/1", { version: 1, ...fields }] as const;
const create = (fields: object) => ["POST", "/api/customers", { ...somebody, ...fields }] as const;
const swapped = (fields: object) => ["POST", "/api/accounts/0045MAK/meters/swap", { ...swap, ...fields }] as const;
const later = new Date(Date.now() + 3_600_000).toISOString();

it.each([
  ["phones.0", "199", ...create({ phones: ["199"] })],
  ["name", null, ...create({ givenName: undefined, familyName: undefined })],
  ["name", "\u200b\u2060", ...create({ givenName: undefined, familyName: undefined, name: "\u200b\u2060" })],
  [
    "account.openedAt",
    "0000-01-01T00:00:00Z",
    ...create({ account: { site: "MAK", openedAt: "0000-01-01T00:00:00Z" } }),
  ],
  ["at", "1026-11-03T12:00:00Z", ...swapped({ at: "1026-11-03T12:00:00Z" })],
  ["customerType", "CASTLE", ...create({ customerType: "CASTLE" })],
  ["site", "SAM", ...create({ site: "SAM" })],
  // Sites of the past: what is there stays, and nobody new is registered there.
  ["site", "FSI", ...create({ site: "FSI" })],
  ["site", "RTE", ...change({ site: "RTE" })],
  ["account.site", "KIT", ...create({ account: { site: "kit" } })],
  ["account.site", "GBO", ...create({ account: { site: "gbo" } })],
  ["account.site", "MAK", ...create({ account: { site: "MAK", account: "0045SHG" } })],
  ["account.account", "45", ...create({ account: { account: "45" } })],
  ["account.openedAt", later, ...create({ account: { site: "MAK", openedAt: later } })],
  ["latitude", 95, ...create({ latitude: 95, longitude: 27 })],
  ["legacyId", 0, ...create({ legacyId: 0 })],
  ["note", "a\u0000b", ...change({ note: "a\u0000b" })],
  ["version", null, ...change({ version: undefined })],
  ["version", "1", ...change({ version: "1" })],
  ["email", "nobody", ...change({ email: "nobody" })],
  ["", null, ...change({ customerKey: "mine", searchText: "x" })],
  ["at", "yesterday", ...swapped({ at: "yesterday" })],
  ["at", later, ...swapped({ at: later })],
  ["new", "0023099001", ...swapped({ new: "0023099001" })],
  ["finalRegisterWh", 1.5, ...swapped({ finalRegisterWh: 1.5 })],
  ["reason", " ", ...swapped({ reason: " " })],
  ["q", "a", "GET", "/api/customers?q=a", undefined],
  ["q", " ", "GET", "/api/customers?q=%20", undefined],
  ["site", "XYZ", "GET", "/api/customers?site=XYZ", undefined],
  ["name", null, "GET", "/api/customers/alike?phones=50000101", undefined],
  ["limit", "51", "GET", "/api/customers?q=thabo&limit=51", undefined],
  ["cursor", "1;2", "GET", "/api/customers?q=thabo&cursor=1;2", undefined],
  ["cursor", "7", "GET", "/api/customers/twins?cursor=7", undefined],
  ["at", later, "POST", "/api/accounts/0045MAK/terminate", { at: later, reason: "moved" }],
])("names the field %j, the value %j and what was expected", async (field, value, method, path, body) => {
  const answer = await ask(method, path, body);
  expect(answer).toMatchObject({ status: 400, cache: "no-store", body: { error: { kind: "bad_field" } } });
  expect(answer.body.error.details).toEqual(
    expect.arrayContaining([{ field, value, expected: expect.stringMatching(/./) }]),
  );
});
