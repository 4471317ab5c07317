import { COUNTRIES, type CountryCode } from "./country.ts";
import { ROLES, type Role } from "./permission.ts";
import { err, ok, type Result } from "./result.ts";
import { canonicalEmail } from "./sign-in.ts";

/**
 * What the home of staff says to another country about a member of staff, for a few minutes. Who is removed at home gets no
 * further word, so that nowhere they work longer than a token lives and the clocks differ: together less than five minutes.
 */
export const TOKEN = {
  livesMs: 4 * 60_000,
  /** No longer than this, whoever signed it. */
  livesMsMax: 5 * 60_000,
  /** How far the home's clock may be ahead of ours. */
  aheadMsMax: 30_000,
  charsMax: 4_000,
} as const;

/** Of whom a token speaks. */
export type Told = {
  /** The person's number at home. */
  subject: string;
  email: string;
  name: string;
  /** In the country that is told, and at which of its sites a registrar registers; null: at any. */
  roles: Role[];
  site: string | null;
  countries: CountryCode[];
  /** When the second factor was shown at home, UTC ms; null: it was not. */
  secondFactorAt: number | null;
};
export type Claims = Told & { jti: string; toldAt: number; expiresAt: number };

/** forged: not what the home writes. foreign: of another home, or for another country. early: from a time to come. */
export type ClaimsRefusal = "forged" | "foreign" | "expired" | "early";

type Here = { issuer: string; country: CountryCode };

/** What is signed. Seconds are the standard's; `told_at` is the same instant in full. */
export function payloadOf(told: Told, { issuer, country, jti, at }: Here & { jti: string; at: number }) {
  const { subject, email, name, roles, site, countries, secondFactorAt } = told;
  return {
    iss: issuer,
    aud: country,
    sub: subject,
    jti,
    iat: Math.floor(at / 1_000),
    exp: Math.floor((at + TOKEN.livesMs) / 1_000),
    told_at: at,
    ...{ email, name, roles, site, countries },
    second_factor_at: secondFactorAt,
  };
}

const JTI = /^[\w-]{16,64}$/;
const SUBJECT = /^[1-9]\d{0,14}$/;
const SITE = /^[A-Z]{3}$/;
const NAME_CHARS_MAX = 100;
const isInstant = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) > 0;
const isText = (value: unknown): value is string => typeof value === "string";
const textsOf = (value: unknown): string[] | null => (Array.isArray(value) && value.every(isText) ? value : null);

/**
 * What a signed payload says here and now. Everything is looked at, also what only a mistaken home could have written. A role
 * or a country that is not known here, since the home is newer, is nothing here.
 */
export function readClaims(
  payload: unknown,
  { issuer, country, now }: Here & { now: number },
): Result<Claims, ClaimsRefusal> {
  if (typeof payload !== "object" || payload === null) return err("forged");
  const said = payload as Record<string, unknown>;
  const { iss, aud, sub, jti, iat, exp, told_at: toldAt, email, name, site, second_factor_at: secondFactorAt } = said;
  const [roles, countries] = [textsOf(said.roles), textsOf(said.countries)];
  if (!isInstant(iat) || !isInstant(exp) || !isInstant(toldAt) || Math.floor(toldAt / 1_000) !== iat)
    return err("forged");
  if (!isText(jti) || !JTI.test(jti) || !isText(sub) || !SUBJECT.test(sub)) return err("forged");
  if (!isText(email) || canonicalEmail(email) !== email || !isText(name) || !isName(name)) return err("forged");
  if (roles === null || countries === null) return err("forged");
  if (site !== null && (!isText(site) || !SITE.test(site))) return err("forged");
  if (secondFactorAt !== null && !isInstant(secondFactorAt)) return err("forged");
  if (iss !== issuer || aud !== country || !countries.includes(country)) return err("foreign");
  const expiresAt = exp * 1_000;
  if (expiresAt <= now) return err("expired");
  if (toldAt > now + TOKEN.aheadMsMax) return err("early");
  if (expiresAt <= toldAt || expiresAt - toldAt > TOKEN.livesMsMax) return err("forged");
  return ok({
    ...{ jti, subject: sub, email, name, site, secondFactorAt, toldAt, expiresAt },
    roles: ROLES.filter((role) => roles.includes(role)),
    countries: (Object.keys(COUNTRIES) as CountryCode[]).filter((code) => countries.includes(code)),
  });
}

const isName = (name: string) => name.trim() !== "" && name.length <= NAME_CHARS_MAX && !/\p{Cc}/u.test(name);
