/**
 * Every setting of a deployment by its name: what the Worker refuses to start without, what `npm run secrets:check` looks
 * for, and what docs/deploy.md tells. A name that the Worker reads and that is not here does not compile (workers/keys.ts).
 */
import { vendorFaults } from "./vendor-settings.ts";

export type Setting = {
  /** Where it comes from: a secret of the deployment, `wrangler.toml`, the deploy command, or only a laptop and tests. */
  from: "secret" | "vars" | "deploy" | "laptop";
  /** Without it nobody is served. */
  needed: boolean;
  /** Which come together: where one is set, the others are missing. */
  with?: readonly string[];
};

const needed = { from: "secret", needed: true } as const satisfies Setting;
const optional = { from: "secret", needed: false } as const satisfies Setting;
const laptop = { from: "laptop", needed: false } as const satisfies Setting;
const own = { from: "vars", needed: true } as const satisfies Setting;

export const SETTINGS = {
  COUNTRY: own,
  IOT_ENDPOINT: own,
  IOT_REGION: own,
  DATABASE_URL: needed,
  OPS_KEY_SHA256: needed,
  GATEWAY_KEY_SHA256: needed,
  IOT_KEY_SHA256: needed,
  LINK_SIGNING_KEYS: needed,
  SIGN_IN_KEYS: needed,
  AWS_ACCESS_KEY_ID: needed,
  AWS_SECRET_ACCESS_KEY: needed,
  IOT_SIGNING_KEYS: optional,
  PORTAL_ORIGINS: optional,
  IDENTITY_ORIGIN: { ...optional, with: ["IDENTITY_PRIVATE_KEY", "IDENTITY_PUBLIC_KEYS"] },
  IDENTITY_PRIVATE_KEY: optional,
  IDENTITY_PUBLIC_KEYS: optional,
  BRIDGE_KEY_SHA256: optional,
  MODEL_URL: { ...optional, with: ["MODEL_TOKEN"] },
  MODEL_TOKEN: { ...optional, with: ["MODEL_URL"] },
  OVERRIDE_KEY_SHA256: optional,
  PROVIDER_KEY_SHA256: optional,
  DYNAMODB_TABLE: { ...optional, with: ["DYNAMODB_REGION"] },
  DYNAMODB_REGION: { ...optional, with: ["DYNAMODB_TABLE"] },
  KOIOS_URL: optional,
  KOIOS_ORG: optional,
  KOIOS_READ_KEY: optional,
  KOIOS_WRITE_KEY: optional,
  KOIOS_WEB_LOGIN: optional,
  THUNDERCLOUD_URL: optional,
  THUNDERCLOUD_ORG: optional,
  THUNDERCLOUD_TOKEN: optional,
  THUNDERCLOUD_LOGIN: optional,
  STEAMA_URL: optional,
  STEAMA_LOGIN: optional,
  OM_URL: { ...optional, with: ["OM_KEY"] },
  OM_KEY: { ...optional, with: ["OM_URL"] },
  CM_URL: { ...optional, with: ["CM_TOKEN", "CM_SENDER"] },
  CM_TOKEN: { ...optional, with: ["CM_URL", "CM_SENDER"] },
  CM_SENDER: { ...optional, with: ["CM_URL", "CM_TOKEN"] },
  UGP_URL: { ...optional, with: ["UGP_LOGIN"] },
  UGP_LOGIN: { ...optional, with: ["UGP_URL"] },
  HR_URL: { ...optional, with: ["HR_API_KEY"] },
  HR_API_KEY: { ...optional, with: ["HR_URL"] },
  ON_CALL_PHONES: optional,
  ON_CALL_URL: { ...optional, with: ["ON_CALL_SECRET"] },
  ON_CALL_SECRET: { ...optional, with: ["ON_CALL_URL"] },
  LEGACY_SMS_URL: optional,
  LEGACY_FEES_SMS_URL: optional,
  RELEASE: { from: "deploy", needed: false },
  NEON_SQL_URL: laptop,
  DYNAMODB_ENDPOINT: laptop,
  CLOCK_OFFSET_MS: laptop,
} as const satisfies Record<string, Setting>;

export type SettingName = keyof typeof SETTINGS;

const TABLE: Record<string, Setting> = SETTINGS;
const namesOf = (is: (setting: Setting) => boolean) =>
  Object.entries(TABLE).flatMap(([name, setting]) => (is(setting) ? [name] : []));

export const NEEDED = namesOf((setting) => setting.needed) as SettingName[];
export const SECRETS = namesOf(({ from }) => from === "secret");
const NEEDED_SECRETS = SECRETS.filter((name) => TABLE[name]?.needed === true);

export type SecretsReport = {
  /** With any of these the deployment serves nobody, or does half of what it was set up for. */
  missing: string[];
  /** Set, and must never be in a deployment. */
  forbidden: string[];
  /** Set, and known to no line of this code: left from before, or mistyped. */
  unknown: string[];
  /** Not set, and nothing is wrong with that. */
  unset: string[];
};

/** What the names of a deployment's secrets say. Values nobody can read back, so that only names are looked at. */
export function secretsReport(names: readonly string[]): SecretsReport {
  const set = new Set(names);
  // Well-formed whatever it holds: a value's faults are told by the Worker itself.
  const asSettings = Object.fromEntries(
    names.map((name) => [name, name.endsWith("_URL") ? "https://set.example" : "a:b"]),
  );
  const vendors = vendorFaults(asSettings).map((fault) => fault.replace(/ is missing$/, ""));
  const together = SECRETS.filter((name) => !set.has(name) && TABLE[name]?.with?.some((other) => set.has(other)));
  const missing = [...new Set([...NEEDED_SECRETS.filter((name) => !set.has(name)), ...vendors, ...together])];
  const isSecret = (name: string) => SECRETS.includes(name);
  return {
    missing,
    forbidden: names.filter((name) => Object.hasOwn(TABLE, name) && !isSecret(name)),
    unknown: names.filter((name) => !Object.hasOwn(TABLE, name)),
    unset: SECRETS.filter((name) => !set.has(name) && !missing.includes(name)),
  };
}
