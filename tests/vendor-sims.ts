import { type KoiosOptions, koiosSim } from "../dev/koios/app.ts";
import type { KoiosOrg } from "../dev/koios/org.ts";
import { type ThunderCloudOptions, thunderCloudSim } from "../dev/thundercloud/app.ts";
import { villageOf } from "../dev/vendors/people.ts";

/** Noon of a Saturday. */
export const NOON = Date.UTC(2026, 10, 28, 12);
export const YESTERDAY = "2026-11-27";

/** Two organisations, as invented as their villages: Lesotho's MAT and KET, Benin's GBO. */
export const lesotho = (over: Partial<KoiosOrg> = {}): KoiosOrg => ({
  org: "11111111-1111-4111-8111-111111111111",
  name: "Lesotho",
  country: "LS",
  currency: "LSL",
  minorDigits: 2,
  utcOffsetMinutes: 120,
  keys: [
    { id: "ls-read", secret: "r", grant: "read" },
    { id: "ls-write", secret: "w", grant: "write" },
  ],
  login: { email: "ls@example.org", password: "ls-password" },
  sites: [
    { code: "MAT", name: "Matsoaing" },
    { code: "KET", name: "Ketane" },
  ],
  customers: [
    ...villageOf({ vendor: "koios", site: "MAT", count: 3, rateE4PerKwh: 50_000, openingMinor: 50_000 }),
    ...villageOf({ vendor: "koios", site: "KET", count: 25, rateE4PerKwh: 45_000, openingMinor: 50_000 }),
  ],
  ...over,
});

export const benin = (over: Partial<KoiosOrg> = {}): KoiosOrg => ({
  org: "22222222-2222-4222-8222-222222222222",
  name: "Benin",
  country: "BJ",
  currency: "XOF",
  minorDigits: 0,
  utcOffsetMinutes: 60,
  keys: [{ id: "bj-write", secret: "w", grant: "write" }],
  login: { email: "bj@example.org", password: "bj-password" },
  sites: [{ code: "GBO", name: "Gbowélé" }],
  customers: villageOf({ vendor: "koios", site: "GBO", count: 3, rateE4PerKwh: 1_600_000, openingMinor: 20_000 }),
  ...over,
});

export type Said = { status: number; headers: Headers; text: string; json: Record<string, unknown> };
export type Ask = (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Said>;

function asker(fetch: (request: Request) => Promise<Response>, usual: Record<string, string>): Ask {
  return async (method, path, body, headers = {}) => {
    const isText = typeof body === "string";
    const type = isText ? "application/x-www-form-urlencoded" : "application/json";
    const init = body === undefined ? {} : { body: isText ? body : JSON.stringify(body) };
    const answer = await fetch(
      new Request(`http://vendor.example${path}`, {
        method,
        ...init,
        headers: { ...(body === undefined ? {} : { "content-type": type }), ...usual, ...headers },
      }),
    );
    const text = await answer.text();
    let json: Record<string, unknown> = {};
    try {
      json = JSON.parse(text);
    } catch {}
    return { status: answer.status, headers: answer.headers, text, json };
  };
}

/** Koios with a clock that only a test moves. */
export function koiosOf(over: Partial<KoiosOptions> = {}) {
  const sim = koiosSim({ orgs: [lesotho(), benin()], now: () => NOON, ...over });
  const as = (id: string, secret: string) => asker(sim.fetch, { "X-API-KEY": id, "X-API-SECRET": secret });
  return { ...sim, ask: as("ls-write", "w"), reader: as("ls-read", "r"), bj: as("bj-write", "w"), as };
}

export const TOKEN = "tc-token";
export function thunderCloudOf(over: Partial<ThunderCloudOptions> = {}) {
  const customers = villageOf({
    vendor: "thundercloud",
    site: "MAK",
    count: 4,
    rateE4PerKwh: 50_000,
    openingMinor: 50_000,
  });
  const org = {
    org: "tc",
    country: "LS",
    minorDigits: 2 as const,
    utcOffsetMinutes: 120,
    token: TOKEN,
    login: { email: "tc@example.org", password: "tc-password" },
    bases: [{ serial: "SMB-1", site: "MAK" }],
    customers,
  };
  const sim = thunderCloudSim({ org, now: () => NOON, ...over });
  const ask = asker(sim.fetch, { "Authentication-Token": TOKEN });
  return { ...sim, ask, stranger: asker(sim.fetch, {}) };
}
