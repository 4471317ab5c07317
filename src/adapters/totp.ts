import { Secret, TOTP } from "otpauth";

/** What every authenticator app understands without being told: six digits, half a minute, SHA-1. */
const STEP_SECONDS = 30;
const SECRET_BYTES = 20;
/** A phone's clock may be so many steps off. */
const STEPS_OFF_MAX = 1;

const totpOf = (secret: string, label: string, issuer: string) =>
  new TOTP({ issuer, label, secret: Secret.fromBase32(secret), digits: 6, period: STEP_SECONDS, algorithm: "SHA1" });

export const drawTotpSecret = () => new Secret({ size: SECRET_BYTES }).base32;

/** What the app scans: `otpauth://totp/…`. */
export const provisioningUri = (secret: string, label: string, issuer: string) =>
  totpOf(secret, label, issuer).toString();

/** The number that the app shows at that instant. */
export const totpCode = (secret: string, now: number) => totpOf(secret, "x", "x").generate({ timestamp: now });

/** The half minute that this number belongs to; null: it is none of now. */
export function totpStepOf(secret: string, code: string, now: number): number | null {
  const digits = code.replace(/\s/g, "");
  if (!/^\d{6}$/.test(digits)) return null;
  const off = totpOf(secret, "x", "x").validate({ token: digits, timestamp: now, window: STEPS_OFF_MAX });
  return off === null ? null : Math.floor(now / 1_000 / STEP_SECONDS) + off;
}
