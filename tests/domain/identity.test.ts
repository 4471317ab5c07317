import { describe, expect, it } from "vitest";
import { payloadOf, readClaims, TOKEN, type Told } from "../../src/domain/identity.ts";
import { identityFaults, publicKeysOf } from "../../src/domain/identity-keys.ts";

const NOW = Date.UTC(2026, 10, 28, 12, 0, 0, 250);
const HERE = { issuer: "https://staff.example.org", country: "BJ" as const };
const TOLD: Told = {
  subject: "31",
  email: "afi@example.org",
  name: "Afi Dossou",
  roles: ["onm_team", "generic"],
  site: null,
  countries: ["LS", "BJ"],
  secondFactorAt: NOW - 60_000,
};
const written = (over: Record<string, unknown> = {}, at = NOW) => ({
  ...payloadOf(TOLD, { ...HERE, jti: "0123456789abcdef", at }),
  ...over,
});
const read = (payload: unknown, now = NOW) => readClaims(payload, { ...HERE, now });
const verdict = (payload: unknown, now = NOW) => {
  const claims = read(payload, now);
  return claims.ok ? "taken" : claims.error;
};
const seconds = (ms: number) => Math.floor(ms / 1_000);

describe("the home's word", () => {
  it("says of whom it speaks, since when and for how long", () => {
    expect(read(written())).toEqual({
      ok: true,
      value: {
        ...TOLD,
        countries: ["LS", "BJ"],
        jti: "0123456789abcdef",
        toldAt: NOW,
        expiresAt: Math.floor((NOW + TOKEN.livesMs) / 1_000) * 1_000,
      },
    });
  });

  it("is over everywhere within five minutes, wherever the clocks are that it is taken by", () => {
    expect(TOKEN.livesMs + TOKEN.aheadMsMax).toBeLessThan(5 * 60_000);
  });

  it.each`
    what                                | over                                                                             | verdict
    ${"as it is written"}               | ${{}}                                                                            | ${"taken"}
    ${"a role that is newer than here"} | ${{ roles: ["generic", "astronaut"] }}                                           | ${"taken"}
    ${"a country newer than here"}      | ${{ countries: ["BJ", "XX"] }}                                                   | ${"taken"}
    ${"another country"}                | ${{ aud: "LS" }}                                                                 | ${"foreign"}
    ${"several countries at once"}      | ${{ aud: ["BJ", "LS"] }}                                                         | ${"foreign"}
    ${"the country in small letters"}   | ${{ aud: "bj" }}                                                                 | ${"foreign"}
    ${"no country"}                     | ${{ aud: undefined }}                                                            | ${"foreign"}
    ${"another home"}                   | ${{ iss: "https://staff.example.com" }}                                          | ${"foreign"}
    ${"who does not work here"}         | ${{ countries: ["LS"] }}                                                         | ${"foreign"}
    ${"who works nowhere"}              | ${{ countries: [] }}                                                             | ${"foreign"}
    ${"an hour of life"}                | ${{ exp: seconds(NOW) + 3_600 }}                                                 | ${"forged"}
    ${"an end before its beginning"}    | ${{ told_at: NOW + 20_000, iat: seconds(NOW + 20_000), exp: seconds(NOW) + 10 }} | ${"forged"}
    ${"no end"}                         | ${{ exp: undefined }}                                                            | ${"forged"}
    ${"an end in words"}                | ${{ exp: "never" }}                                                              | ${"forged"}
    ${"a broken second"}                | ${{ iat: seconds(NOW) + 0.5 }}                                                   | ${"forged"}
    ${"two beginnings"}                 | ${{ iat: seconds(NOW) - 60 }}                                                    | ${"forged"}
    ${"no name of its own"}             | ${{ jti: undefined }}                                                            | ${"forged"}
    ${"a name of its own too short"}    | ${{ jti: "1" }}                                                                  | ${"forged"}
    ${"nobody"}                         | ${{ sub: "" }}                                                                   | ${"forged"}
    ${"a number for somebody"}          | ${{ sub: 31 }}                                                                   | ${"forged"}
    ${"no e-mail address"}              | ${{ email: "afi" }}                                                              | ${"forged"}
    ${"an address in other letters"}    | ${{ email: "Afi@example.org" }}                                                  | ${"forged"}
    ${"a name with a line break"}       | ${{ name: "Afi\nDossou" }}                                                       | ${"forged"}
    ${"no name"}                        | ${{ name: " " }}                                                                 | ${"forged"}
    ${"roles as a text"}                | ${{ roles: "superadmin" }}                                                       | ${"forged"}
    ${"roles that are no texts"}        | ${{ roles: [["superadmin"]] }}                                                   | ${"forged"}
    ${"a site that is none"}            | ${{ site: "'; --" }}                                                             | ${"forged"}
    ${"no word about the site"}         | ${{ site: undefined }}                                                           | ${"forged"}
    ${"a second factor in words"}       | ${{ second_factor_at: "yes" }}                                                   | ${"forged"}
    ${"no word about a second factor"}  | ${{ second_factor_at: undefined }}                                               | ${"forged"}
  `("of $what: $verdict", ({ over, verdict: expected }) => {
    expect(verdict(written(over))).toBe(expected);
  });

  it.each([null, undefined, "text", 7, [], {}])("that is %o is forged", (payload) => {
    expect(verdict(payload)).toBe("forged");
  });

  it.each`
    ms                       | verdict      | when
    ${0}                     | ${"taken"}   | ${"at once"}
    ${-TOKEN.aheadMsMax}     | ${"taken"}   | ${"by a clock that is a little behind"}
    ${-TOKEN.aheadMsMax - 1} | ${"early"}   | ${"by a clock that is wrong"}
    ${TOKEN.livesMs - 251}   | ${"taken"}   | ${"in its last second"}
    ${TOKEN.livesMs}         | ${"expired"} | ${"at its end"}
    ${86_400_000}            | ${"expired"} | ${"a day later"}
  `("$when: $verdict", ({ ms, verdict: expected }) => {
    expect(verdict(written(), NOW + ms)).toBe(expected);
  });

  it("gives fewer rights where the home knows roles and countries that are not known here, never more", () => {
    const claims = read(written({ roles: ["astronaut", "generic"], countries: ["XX", "BJ"] }));
    expect(claims).toMatchObject({ ok: true, value: { roles: ["generic"], countries: ["BJ"] } });
  });
});

const X = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
const D = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A";
const jwk = (kid: string, over: Record<string, unknown> = {}) => ({ kty: "OKP", crv: "Ed25519", x: X, kid, ...over });
const set = (...keys: unknown[]) => JSON.stringify({ keys });

describe("the settings of the home", () => {
  it("may all be unset: the country is its own home", () => {
    expect(identityFaults({})).toEqual([]);
    expect(identityFaults({ IDENTITY_ORIGIN: "", IDENTITY_PUBLIC_KEYS: "" })).toEqual([]);
  });

  const ORIGIN = "https://staff.example.org";
  const privateKey = JSON.stringify(jwk("one", { d: D }));
  it.each([
    ["a home", { IDENTITY_ORIGIN: ORIGIN, IDENTITY_PRIVATE_KEY: privateKey }, []],
    ["another country", { IDENTITY_ORIGIN: ORIGIN, IDENTITY_PUBLIC_KEYS: set(jwk("one")) }, []],
    ["one where a key is rotated", { IDENTITY_ORIGIN: ORIGIN, IDENTITY_PUBLIC_KEYS: set(jwk("one"), jwk("two")) }, []],
    ["a laptop", { IDENTITY_ORIGIN: "http://127.0.0.1:8787", IDENTITY_PRIVATE_KEY: privateKey }, []],
    ["a home without a key", { IDENTITY_ORIGIN: ORIGIN }, ["IDENTITY_PUBLIC_KEYS is missing"]],
    ["keys without a home", { IDENTITY_PUBLIC_KEYS: set(jwk("one")) }, ["IDENTITY_ORIGIN is missing"]],
    [
      "a home over http",
      { IDENTITY_ORIGIN: "http://example.org", IDENTITY_PRIVATE_KEY: privateKey },
      ["IDENTITY_ORIGIN must"],
    ],
    [
      "a home that also takes",
      { IDENTITY_ORIGIN: ORIGIN, IDENTITY_PRIVATE_KEY: privateKey, IDENTITY_PUBLIC_KEYS: set(jwk("one")) },
      ["not both"],
    ],
    [
      "a public key as the private one",
      { IDENTITY_ORIGIN: ORIGIN, IDENTITY_PRIVATE_KEY: JSON.stringify(jwk("one")) },
      ["IDENTITY_PRIVATE_KEY must"],
    ],
    [
      "a text as the private one",
      { IDENTITY_ORIGIN: ORIGIN, IDENTITY_PRIVATE_KEY: "secret" },
      ["IDENTITY_PRIVATE_KEY must"],
    ],
  ])("of %s", (_, settings, faults) => {
    const found = identityFaults(settings);
    expect(found).toEqual(faults.map((fault) => expect.stringContaining(fault)));
    expect(found.join()).not.toContain(D);
  });

  it.each([
    ["a private key", set(jwk("one", { d: D }))],
    ["three keys", set(jwk("one"), jwk("two"), jwk("three"))],
    ["two keys of one name", set(jwk("one"), jwk("one"))],
    ["no key", set()],
    ["a key without a name", set(jwk(""))],
    ["a key of another kind", set(jwk("one", { crv: "X25519" }))],
    ["a key that is too short", set(jwk("one", { x: "abc" }))],
    ["a shared secret", set({ kty: "oct", k: X, kid: "one" })],
    ["one good and one bad", set(jwk("one"), 7)],
    ["what is no JSON", "{"],
  ])("takes no set of %s", (_, text) => {
    expect(publicKeysOf(text)).toBeNull();
  });
});
