import { env } from "cloudflare:workers";
import { COUNTRIES } from "../../src/domain/country.ts";
import type { AccountFacts } from "../../src/ports/accounts.ts";
import { ROAD_TILL } from "../../src/services/receive-payment.ts";
import type { Env } from "../../workers/env.ts";
import { sha256Hex } from "../../workers/keys.ts";
import { accountLocator, directoryOf, RECEIPT_SHARDS, shardOf, tillOf } from "../../workers/objects/locate.ts";
import { placed } from "./account-makers.ts";

/** Keys of this test deployment, drawn anew each run. */
export const KEYS = {
  ops: crypto.randomUUID(),
  gateway: crypto.randomUUID(),
  provider: crypto.randomUUID(),
  iot: crypto.randomUUID(),
};

const drawn = () => Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("hex");
/** Two, as while one is rotated. */
export const LINK_KEYS = `old:${drawn()},new:${drawn()}`;

/** The deployment's settings, with a database that nobody listens at: what needs it has to say so. */
export const settings: Env = {
  ...(env as Env),
  DATABASE_URL: "postgres://nobody:nothing@127.0.0.1:9/none",
  NEON_SQL_URL: "http://127.0.0.1:9/sql",
  OPS_KEY_SHA256: sha256Hex(KEYS.ops),
  GATEWAY_KEY_SHA256: sha256Hex(KEYS.gateway),
  PROVIDER_KEY_SHA256: sha256Hex(KEYS.provider),
  IOT_KEY_SHA256: sha256Hex(KEYS.iot),
  LINK_SIGNING_KEYS: LINK_KEYS,
  SIGN_IN_KEYS: `test:${drawn()}`,
  AWS_ACCESS_KEY_ID: "test",
  AWS_SECRET_ACCESS_KEY: "test",
};

export const facts = (account: string, change: Partial<AccountFacts> = {}): AccountFacts => ({
  accountId: Number(account.slice(0, 4)) + 1,
  account,
  status: "live",
  currency: "LSL",
  language: "en",
  holderPhone: "26650000101",
  phones: ["26650000101"],
  rates: [{ tariffId: 1, scope: "global", rateE4PerKwh: 50_000, validFrom: 0 }],
  meters: [placed({ meterNumber: "23099001", thing: "MAK-GW-0007" })],
  siteVendor: null,
  commissioned: true,
  terms: [],
  billFrom: 0,
  version: 1,
  ...change,
});

/** A country that has just gone live, with one account. */
export async function openCountry(accounts: AccountFacts[] = [facts("0045MAK")]) {
  await directoryOf(settings).putCutover(Date.now() - 30 * 86_400_000);
  await directoryOf(settings).open();
  for (let shard = 0; shard < RECEIPT_SHARDS; shard++) await shardOf(settings, shard).initialise();
  for (const [road, tillId] of Object.entries(ROAD_TILL))
    await tillOf(settings, tillId).configure({
      tillId,
      name: road,
      currency: "LSL",
      senders: [road],
      caps: COUNTRIES.LS.caps,
      utcOffsetMinutes: 120,
      version: 1,
    });
  for (const each of accounts) await accountLocator(settings, each.account).configure(each);
}
