import type { Env } from "./env.ts";

/** What a machine shows here, or what this deployment shows to another: a secret of the deployment, never of the database. */
const HASHED = {
  ops: "OPS_KEY_SHA256",
  gateway: "GATEWAY_KEY_SHA256",
  provider: "PROVIDER_KEY_SHA256",
  iot: "IOT_KEY_SHA256",
  bridge: "BRIDGE_KEY_SHA256",
  override: "OVERRIDE_KEY_SHA256",
} as const satisfies Record<string, keyof Env>;
const NAMED = {
  iot_signing: "IOT_SIGNING_KEYS",
  links: "LINK_SIGNING_KEYS",
  sign_in: "SIGN_IN_KEYS",
} as const satisfies Record<string, keyof Env>;
const HELD = {
  koios_read: "KOIOS_READ_KEY",
  koios_write: "KOIOS_WRITE_KEY",
  koios_login: "KOIOS_WEB_LOGIN",
  thundercloud: "THUNDERCLOUD_TOKEN",
  thundercloud_login: "THUNDERCLOUD_LOGIN",
  steama: "STEAMA_LOGIN",
  om: "OM_KEY",
  cm: "CM_TOKEN",
  aws: "AWS_ACCESS_KEY_ID",
} as const satisfies Record<string, keyof Env>;

export type MachineKeyName = keyof typeof HASHED | keyof typeof NAMED | keyof typeof HELD;
export type MachineKey = {
  name: MachineKeyName;
  setting: string;
  /** How many are good now: two while one is being rotated. */
  configured: number;
  /** Of keys that have names: those, the newest last. */
  ids: string[];
};

const parts = (setting: string | undefined) => (setting ?? "").split(",").filter((part) => part.trim() !== "");

/** Which machine keys this deployment has: how many and their names, nothing that opens a door and no hash of it. */
export function machineKeys(env: Env): MachineKey[] {
  const of = (
    names: Partial<Record<MachineKeyName, keyof Env>>,
    read: (setting: string) => Omit<MachineKey, "name" | "setting">,
  ) =>
    Object.entries(names).map(([name, setting]) => ({
      name: name as MachineKeyName,
      setting,
      ...read(String(env[setting] ?? "")),
    }));
  return [
    ...of(HASHED, (setting) => ({ configured: parts(setting).length, ids: [] })),
    ...of(NAMED, (setting) => {
      const ids = parts(setting).map((part) => part.trim().split(":")[0] ?? "");
      return { configured: ids.length, ids };
    }),
    ...of(HELD, (setting) => ({ configured: setting === "" ? 0 : 1, ids: [] })),
  ];
}
