import { beforeAll, describe, expect, it } from "vitest";
import { machineSecrets } from "../../src/adapters/secrets.ts";
import { signingKeys } from "../../src/domain/signature.ts";
import type { Env } from "../../workers/env.ts";
import { sha256Hex } from "../../workers/keys.ts";
import { settings } from "../workers/country.ts";
import { Browser, country, memberWithPhone, ops } from "./country.ts";

/** A secret's life: in use alone, beside its successor while both sides are changed, gone. */
const drawn = () => Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("hex");
const OLD = drawn();
const NEW = drawn();

/** Doors that compare a key with hashes of the deployment: how each is asked, and what says that the key was not taken. */
const DOORS = [
  ["OPS_KEY_SHA256", "GET", "/api/ops/status", (key: string) => ({ "X-Ops-Key": key, "X-Actor": "Lineo" })],
  ["GATEWAY_KEY_SHA256", "GET", "/api/payments/gateway/balance/0045MAK", (key: string) => ({ "X-Gateway-Key": key })],
  ["PROVIDER_KEY_SHA256", "POST", "/api/payments/webhook", (key: string) => ({ "X-Gateway-Key": key })],
  ["IOT_KEY_SHA256", "POST", "/api/meters/readings", (key: string) => ({ "X-IoT-Key": key })],
  ["BRIDGE_KEY_SHA256", "GET", "/api/bridge/notices", (key: string) => ({ "X-Bridge-Key": key })],
] as const;

const isRefused = async (env: Env, method: string, path: string, headers: Record<string, string>) => {
  const { status } = await new Browser(env).ask(method, path, method === "GET" ? undefined : {}, { headers });
  expect([status, path]).not.toEqual([404, path]);
  return status === 401 || status === 403;
};

describe("a machine's key", () => {
  it.each(DOORS)(
    "is taken under the old and the new one at the same time, and no more under the old one when it is taken out: %s",
    async (setting, method, path, headers) => {
      const under = (...keys: string[]): Env => ({ ...settings, [setting]: keys.map(sha256Hex).join(",") });
      const refused = async (env: Env, key: string) => isRefused(env, method, path, headers(key));
      expect([await refused(under(OLD), OLD), await refused(under(OLD), NEW)]).toEqual([false, true]);
      // At no moment of the change is a caller refused that has either key.
      expect([await refused(under(OLD, NEW), OLD), await refused(under(OLD, NEW), NEW)]).toEqual([false, false]);
      expect([await refused(under(NEW), OLD), await refused(under(NEW), NEW)]).toEqual([true, false]);
    },
  );
});

describe("a gateway phone's token", () => {
  let phone = { id: "", token: "" };
  beforeAll(async () => {
    await ops("POST", "/sites", { sites: [{ code: "MAK", name: "Ha Makebe", district: "Berea" }] });
    await ops("POST", "/tills", { tillId: "ls-till-rotation", name: "North", senders: ["MPESA"] });
    const added = await ops("POST", "/phones", {
      name: "Shop",
      tillId: "ls-till-rotation",
      channel: "electricity",
      smssyncSecret: null,
    });
    const url = new URL(String(added.body.medicUrl));
    phone = { id: url.username, token: url.password };
  });
  const rotate = async () => new URL(String((await ops("POST", `/phones/${phone.id}/rotate`)).body.medicUrl)).password;
  const brings = async (token: string, id: string) => {
    const at = String(Date.now());
    const messages = [{ id, from: "MPESA", content: `no payment ${id}`, sms_sent: at, sms_received: at }];
    const headers = { Authorization: `Basic ${btoa(`${phone.id}:${token}`)}` };
    return (await new Browser().ask("POST", "/api/sms/incoming", { messages, updates: [] }, { headers })).status;
  };

  it("is good beside the next one, so that no SMS is refused while somebody types it in, and ends with the one after", async () => {
    expect(await brings(phone.token, "sms-1")).toBe(200);
    const second = await rotate();
    expect([await brings(phone.token, "sms-2"), await brings(second, "sms-3")]).toEqual([200, 200]);
    const third = await rotate();
    expect([await brings(phone.token, "sms-4"), await brings(second, "sms-4"), await brings(third, "sms-5")]).toEqual([
      401, 200, 200,
    ]);
  });
});

describe("the keys that seal and sign", () => {
  const keys = (text: string) => signingKeys(text) ?? [];
  it("open what the old one sealed while both are there, and the new one alone opens what was sealed since", () => {
    const [old, both, next] = [`a:${OLD}`, `a:${OLD},b:${NEW}`, `b:${NEW}`].map((text) =>
      machineSecrets(keys(text), "1PWR"),
    );
    const before = old?.seal("staff:7", "a second factor") ?? "";
    const since = both?.seal("staff:7", "a second factor") ?? "";
    expect([both?.unseal("staff:7", before), both?.unseal("staff:7", since)]).toEqual([
      "a second factor",
      "a second factor",
    ]);
    expect([next?.unseal("staff:7", before), next?.unseal("staff:7", since)]).toEqual([null, "a second factor"]);
  });

  it("leave everybody signed in while they change", async () => {
    const { browser } = await memberWithPhone();
    const changed = { ...country, SIGN_IN_KEYS: `${country.SIGN_IN_KEYS},next:${NEW}` };
    expect((await browser.ask("GET", "/api/me", undefined, { env: changed })).status).toBe(200);
    expect(
      (await browser.ask("GET", "/api/me", undefined, { env: { ...country, SIGN_IN_KEYS: `next:${NEW}` } })).status,
    ).toBe(200);
  });
});

describe("the database's password", () => {
  it("that is changed before the deployment has it is an outage like another: 503, nothing is lost and nobody is told a stack", async () => {
    const url = new URL(country.DATABASE_URL);
    url.password = "another";
    const { status, body } = await new Browser({ ...country, DATABASE_URL: url.href }).ask("POST", "/api/sign-in", {
      email: "x@example.org",
      password: "nine brown kettles",
    });
    expect([status, body.error?.kind]).toEqual([503, "database_down"]);
  });
});
