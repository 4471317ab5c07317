import { expect, it } from "vitest";
import { ops } from "../../workers/portal/ops.ts";
import { KEYS, settings } from "./country.ts";

const fields = {
  name: "Thato",
  givenName: null,
  familyName: null,
  phones: ["26650000101"],
  phonesTyped: ["+26650000101"],
  email: null,
  language: null,
  nationalId: null,
  gender: null,
  customerType: "HH",
  site: "MAK",
  plotNumber: null,
  latitude: null,
  longitude: null,
  street: null,
  place: null,
  district: null,
  note: null,
  legacyId: 1,
};
const customers = (over: object = {}, times = 1) => ({
  customers: Array.from({ length: times }, () => ({ legacyId: 1, fields: { ...fields, ...over } })),
});
const accounts = (over: object = {}) => ({
  accounts: [{ account: "0045MAK", legacyId: 1, openedAt: 0, terminatedAt: null, meters: [], ...over }],
});

it.each([
  ["a stranger", "customers", customers(), { "X-Ops-Key": "none" }, 403],
  ["nobody's name", "customers", customers(), { "X-Actor": "" }, 400],
  ["more than a page", "customers", customers({}, 41), {}, 400],
  ["nobody at all", "customers", { customers: [] }, {}, 400],
  ["a field that is none of ours", "customers", customers({ balance: 5 }), {}, 400],
  ["a phone that is no E.164", "customers", customers({ phones: ["5000 0101"] }), {}, 400],
  ["a type that is none of ours", "customers", customers({ customerType: "KING" }), {}, 400],
  ["a memo that cannot be stored", "customers", customers({ note: "a\u0000b" }), {}, 400],
  ["an account of another country", "accounts", accounts({ account: "0045GBO" }), {}, 422],
  ["an account that is none", "accounts", accounts({ account: "nobody" }), {}, 400],
  [
    "a meter that is none",
    "accounts",
    accounts({ meters: [{ meterNumber: "a b", role: "primary", from: 0 }] }),
    {},
    400,
  ],
  ["a step that is none", "accounts", accounts({ steps: [{ step: "fed", day: null, source: "a row" }] }), {}, 400],
  [
    "a step of a day that is none",
    "accounts",
    accounts({ steps: [{ step: "commissioned", day: "2021-02-30", source: "a row" }] }),
    {},
    400,
  ],
  ["a step of no row", "accounts", accounts({ steps: [{ step: "commissioned", day: null }] }), {}, 400],
  ["a customer of two numbers", "customers", { customers: [{ legacyId: 1, postgresId: 2, fields }] }, {}, 400],
  ["a customer of no number", "customers", { customers: [{ legacyId: null, fields }] }, {}, 400],
  ["an old database that is none", "customers", { ...customers(), from: "paper" }, {}, 400],
  ["an account of two customers", "accounts", accounts({ postgresId: 2 }), {}, 400],
  ["a customer while the database is down", "customers", customers(), {}, 503],
  ["an account of a closed site while the database is down", "accounts", accounts({ account: "0045FSI" }), {}, 503],
  ["an account while the database is down", "accounts", accounts(), {}, 503],
])("refuses %s", async (_, what, body, headers, status) => {
  const init = {
    method: "POST",
    headers: { "X-Ops-Key": KEYS.ops, "X-Actor": "Lineo", "Content-Type": "application/json", ...headers },
    body: JSON.stringify(body),
  };
  const answer = await ops.request(`/move-in/${what}`, init, settings);
  if (status === 503) expect(answer.status).toBeGreaterThanOrEqual(500);
  else expect(answer.status).toBe(status);
});
