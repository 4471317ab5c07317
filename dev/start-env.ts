/** What each country's Worker of a local world is told of the world around it. */
import type { CountryCode } from "../src/domain/country.ts";
import { type keysIn, sha256Hex } from "./keys.ts";

type Around = {
  country: CountryCode;
  keys: Awaited<ReturnType<typeof keysIn>>;
  databaseUrl: string;
  sqlUrl: string;
  urls: Record<"onCall" | "cm" | "iot" | "legacy", string>;
  portalOrigins: string;
  clockOffsetMs: number;
  /** What other systems and vendors are told about, and who is at home where. */
  more: Record<string, string>;
};

export const workerEnv = ({
  country,
  keys,
  databaseUrl,
  sqlUrl,
  urls,
  portalOrigins,
  clockOffsetMs,
  more,
}: Around) => ({
  DATABASE_URL: databaseUrl,
  NEON_SQL_URL: sqlUrl,
  OPS_KEY_SHA256: sha256Hex(keys[country].ops),
  GATEWAY_KEY_SHA256: sha256Hex(keys[country].gateway),
  PROVIDER_KEY_SHA256: sha256Hex(keys[country].provider),
  IOT_KEY_SHA256: sha256Hex(keys[country].iot),
  BRIDGE_KEY_SHA256: sha256Hex(keys[country].bridge),
  OVERRIDE_KEY_SHA256: sha256Hex(keys[country].override),
  LINK_SIGNING_KEYS: keys[country].links,
  SIGN_IN_KEYS: keys[country].signIn,
  ON_CALL_URL: urls.onCall,
  ON_CALL_SECRET: keys.onCall,
  CM_URL: `${urls.cm}/v1.0/message`,
  CM_TOKEN: keys.cm,
  CM_SENDER: "1PWR",
  PORTAL_ORIGINS: portalOrigins,
  IOT_ENDPOINT: urls.iot,
  IOT_REGION: "eu-west-1",
  AWS_ACCESS_KEY_ID: keys.aws.id,
  AWS_SECRET_ACCESS_KEY: keys.aws.secret,
  CLOCK_OFFSET_MS: String(clockOffsetMs),
  // Benin has no old system to feed.
  ...(country === "LS"
    ? { LEGACY_SMS_URL: `${urls.legacy}/receive.php`, LEGACY_FEES_SMS_URL: `${urls.legacy}/fees/receive.php` }
    : {}),
  ...more,
});
