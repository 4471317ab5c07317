import { type Known, WRITE_ROUTES } from "./write-routes.ts";

/** Bodies that a route takes, and what becomes of them when one field is something else. */
type Body = Record<string, unknown>;

/** Nobody of these is there: what is taken in spite of all changes nothing that another test reads. */
const NOBODY: Known = {
  account: "9999ZZZ",
  customerId: 999_999_999,
  staffId: 999_999_999,
  tariffId: 999_999_999,
  actId: 999_999_999,
  phoneId: "phone-of-nobody",
};

/** What machines send, whose routes are no people's. */
const OF_MACHINES: Record<string, Body> = {
  "POST /api/payments/webhook": {
    account_number: "9999ZZZ",
    amount: 20,
    reference: "NASTYREF1",
    provider: "mpesa",
    timestamp: "2026-11-03T12:00:00Z",
    currency: "LSL",
  },
  "POST /api/payments/record": {
    account_number: "9999ZZZ",
    amount: "20.00",
    payment_reference: "NASTYREF2",
    provider: "cash",
    note: "a test",
  },
  "POST /api/sms/delivery-status": { phone: "26650000199", status: "delivered", details: "x", error_code: 1 },
  "POST /api/sms/reconcile": { receipt_keys: ["NASTYREF1"] },
  "POST /api/meters/reading": { meter_id: "999999999999", sample_time: "202611031200", total_energy: 1 },
  "POST /api/meters/readings": { readings: [{ meter_id: "999999999999", sample_time: "202611031200" }] },
  "POST /api/meters/relay-ack": { cmd_id: "none", status: "acked", relay_after: "1", meter_id: "999999999999" },
  "POST /api/ops/openings": { openings: [{ account: "9999ZZZ", openingWh: 1, at: "2026-11-03T12:00:00Z" }] },
  "POST /api/cases/close": { key: "none", reason: "a test" },
};

/** By route: a body that it takes, where one is known. */
export const BASES: Record<string, Body> = {
  ...Object.fromEntries(
    Object.entries(WRITE_ROUTES).flatMap(([name, route]) => {
      const body = "send" in route ? route.send(NOBODY).body : undefined;
      return typeof body === "object" && body !== null ? [[name, body as Body]] : [];
    }),
  ),
  ...OF_MACHINES,
};

/** What every test of this database reads: not to be set to a wording or a price that was drawn. */
export const SETS_WHAT_ALL_READ = new Set([
  "POST /api/ops/init",
  "POST /api/ops/templates",
  "POST /api/settings/wordings",
  "POST /api/ops/rates",
  "POST /api/usd-rates",
  "POST /api/disconnects",
  "PUT /api/corrections/limit",
  "PUT /api/registrations/welcome",
  "PUT /api/imports/priorities/:scope",
]);

/** Where nothing is known of a route, names that many have. */
const GUESSED = ["account", "reason", "id", "site", "name", "key", "email", "password", "code", "rows", "at", "on"];

const DEEP = 3_000;
const nested = `${'{"a":'.repeat(DEEP)}1${"}".repeat(DEEP)}`;
/** As JSON, since some of them are none that JavaScript would write. */
const VALUES = [
  ...["null", "true", "-1", "0", "1.5", "1e308", "-1e-320", "9007199254740993", '""', '"-0"', '"NaN"', "[]", "{}"],
  ...['"2026-02-30"', '"9999-12-31T23:59:59Z"', '"\\u0000"', '"\\ud800"', '"\\u202e\\u05d0🧯"', "[null]", "[[[[]]]]"],
  ...[`"';DROP TABLE accounts;--"`, `"=cmd|'/C calc'!A0"`, '"<img src=x onerror=alert(1)>"', '"%s%n{{7*7}}"'],
  ...['{"__proto__":{"roles":["superadmin"]}}', '{"constructor":{"prototype":{"x":1}}}', '"__proto__"', nested],
  `"${"x".repeat(70_000)}"`,
  `[${Array(5_000).fill("1").join(",")}]`,
];

/** Numbers from 0 up to 1 that are the same for the same seed (mulberry32). */
export function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** The body as JSON, with one drawn field, at any depth, replaced by a drawn value; sometimes with a prototype's name beside it. */
export function altered(body: Body, draw: () => number): string {
  const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(draw() * list.length)];
  const fields = pathsOf(body);
  const place = pick(fields.length > 0 ? fields : GUESSED.map((name) => [name])) ?? [];
  const value = pick(VALUES) ?? "null";
  const HERE = "@here@";
  const changed = JSON.stringify(withAt(body, place, HERE)).replace(`"${HERE}"`, () => value);
  return draw() < 0.1 ? changed.replace(/^\{/, '{"__proto__":{"isAdmin":true},') : changed;
}

/** Each field of it, those within lists and objects too. */
function pathsOf(value: unknown, at: string[] = []): string[][] {
  if (typeof value !== "object" || value === null) return at.length === 0 ? [] : [at];
  return [
    ...(at.length === 0 ? [] : [at]),
    ...Object.entries(value).flatMap(([name, each]) => pathsOf(each, [...at, name])),
  ];
}

function withAt(value: unknown, [step, ...rest]: readonly string[], put: string): unknown {
  if (step === undefined) return put;
  if (Array.isArray(value)) return value.map((each, at) => (String(at) === step ? withAt(each, rest, put) : each));
  const held = typeof value === "object" && value !== null ? (value as Body) : {};
  return { ...held, [step]: withAt(held[step], rest, put) };
}
