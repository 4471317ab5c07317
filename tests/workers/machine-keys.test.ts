import { describe, expect, it } from "vitest";
import type { Env } from "../../workers/env.ts";
import { machineKeys } from "../../workers/machine-keys.ts";

const SECRET = "5e".repeat(32);
const env = {
  OPS_KEY_SHA256: `${SECRET}, ${"ab".repeat(32)}`,
  GATEWAY_KEY_SHA256: SECRET,
  IOT_KEY_SHA256: SECRET,
  LINK_SIGNING_KEYS: `k1:${SECRET}, k2:${SECRET}`,
  SIGN_IN_KEYS: `s1:${SECRET}`,
  KOIOS_READ_KEY: `id:${SECRET}`,
  AWS_ACCESS_KEY_ID: "AKIATEST",
} as unknown as Env;
const of = (name: string) => machineKeys(env).find((key) => key.name === name);

describe("the keys of machines", () => {
  it("are counted, two while one is rotated, and those that have names are named", () => {
    expect(of("ops")).toMatchObject({ configured: 2, ids: [], setting: "OPS_KEY_SHA256" });
    expect(of("links")).toMatchObject({ configured: 2, ids: ["k1", "k2"] });
    expect(of("koios_read")).toMatchObject({ configured: 1, ids: [] });
  });

  it("that are not configured are said, not left out", () => {
    for (const name of ["provider", "override", "iot_signing", "steama"])
      expect(of(name)).toMatchObject({ configured: 0, ids: [] });
  });

  it("are never told, nor a hash of one", () => {
    const told = JSON.stringify(machineKeys(env));
    expect(told).not.toContain(SECRET.slice(0, 8));
    expect(told).not.toContain("AKIATEST");
  });
});
