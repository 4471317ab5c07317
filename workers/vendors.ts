import { koiosBalances } from "../src/adapters/koios/balances.ts";
import { koiosCredits } from "../src/adapters/koios/credits.ts";
import { type KoiosSettings, koiosSecrets } from "../src/adapters/koios/door.ts";
import { koiosHistorical } from "../src/adapters/koios/historical.ts";
import { koiosPayments } from "../src/adapters/koios/payments.ts";
import { koiosReport } from "../src/adapters/koios/report.ts";
import { steama } from "../src/adapters/steama/steama.ts";
import { thunderCredits } from "../src/adapters/thundercloud/credits.ts";
import { thunderBalances } from "../src/adapters/thundercloud/customers.ts";
import { ThunderCloud, type ThunderCloudSettings, thunderCloudSecrets } from "../src/adapters/thundercloud/door.ts";
import { thunderHistory } from "../src/adapters/thundercloud/history.ts";
import { thunderPayments } from "../src/adapters/thundercloud/transactions.ts";
import type { VendorDoor } from "../src/adapters/vendors/http.ts";
import type { ImportSource } from "../src/domain/imports/source.ts";
import type { Vendor } from "../src/domain/vendor.ts";
import { hasVendor, pairOf, VENDOR_SHAPES } from "../src/domain/vendor-settings.ts";
import type { Steama } from "../src/ports/steama.ts";
import type { VendorBalances } from "../src/ports/vendor-balances.ts";
import type { VendorBudget } from "../src/ports/vendor-budget.ts";
import type { VendorCredits } from "../src/ports/vendor-credits.ts";
import type { VendorFeed } from "../src/ports/vendor-feeds.ts";
import type { VendorPayments } from "../src/ports/vendor-payments.ts";
import type { Env } from "./env.ts";
import { vendorBudgetOf } from "./objects/locate.ts";
import { clockOf, countryOf } from "./ports.ts";

/** What is not granted because the object could not be asked is asked for again so much later. */
const UNANSWERED_MS = 5_000;

/** The budget of one organisation, asked anew for each call. */
export const budgetOf = (env: Env, name: string): VendorBudget => ({
  take: (kind) =>
    vendorBudgetOf(env, name)
      .take(kind)
      .catch(() => ({ granted: false, because: "busy", retryAt: clockOf(env).now() + UNANSWERED_MS })),
  told: (kind, outcome, detail) => vendorBudgetOf(env, name).told(kind, outcome, detail),
  health: async () => ({ name, ...(await vendorBudgetOf(env, name).view()) }),
});

const doorOf = (env: Env, name: string, budget: string, secrets: readonly string[]): VendorDoor => ({
  name,
  secrets,
  budget: budgetOf(env, budget),
  now: () => clockOf(env).now(),
});

const loginOf = (text: string | undefined) => {
  const pair = pairOf(text ?? "");
  return pair === null ? null : { email: pair.id, password: pair.secret };
};

// Settings come from this deployment alone, never from a request: a country's job has no other's keys to reach for.
// Malformed ones never come so far (settingFaults).

function koiosOf(env: Env): { settings: KoiosSettings; door: VendorDoor } | null {
  const readKey = pairOf(env.KOIOS_READ_KEY ?? "");
  const { vendors, currency, minorDigits } = countryOf(env);
  if (!env.KOIOS_URL || !env.KOIOS_ORG || readKey === null || vendors.koios === undefined) return null;
  const settings: KoiosSettings = {
    url: env.KOIOS_URL,
    org: env.KOIOS_ORG,
    currency,
    minorDigits,
    firstWebPage: vendors.koios.firstWebPage,
    readKey,
    writeKey: pairOf(env.KOIOS_WRITE_KEY ?? ""),
    webLogin: loginOf(env.KOIOS_WEB_LOGIN),
  };
  return { settings, door: doorOf(env, "Koios", `koios:${settings.org}`, koiosSecrets(settings)) };
}

function thunderOf(env: Env): ThunderCloud | null {
  if (!env.THUNDERCLOUD_URL || !env.THUNDERCLOUD_ORG || !env.THUNDERCLOUD_TOKEN) return null;
  const { currency, minorDigits } = countryOf(env);
  const settings: ThunderCloudSettings = {
    url: env.THUNDERCLOUD_URL,
    org: env.THUNDERCLOUD_ORG,
    token: env.THUNDERCLOUD_TOKEN,
    login: loginOf(env.THUNDERCLOUD_LOGIN),
    currency,
    minorDigits,
  };
  const door = doorOf(env, "ThunderCloud", `thundercloud:${settings.org}`, thunderCloudSecrets(settings));
  return new ThunderCloud(settings, door);
}

/** A country has one login there. */
const STEAMA_BUDGET = "steama:clinics";

/** Sources of interval energy that are fetched, by name. */
export const FEEDS = ["koios", "koios_report", "thundercloud"] as const;
export type FeedName = (typeof FEEDS)[number];

/** Null: this country does not have that vendor. */
export function feedOf(env: Env, name: FeedName): VendorFeed | null {
  if (name === "thundercloud") {
    const thunder = thunderOf(env);
    return thunder === null ? null : thunderHistory(thunder);
  }
  const koios = koiosOf(env);
  if (koios === null) return null;
  const historical = koiosHistorical(koios.settings, koios.door);
  return name === "koios"
    ? historical
    : { page: (unit) => koiosReport(koios.settings, koios.door).day(unit), freshness: () => historical.freshness() };
}

/** The vendor's wallets of this country; null: it has no key that may credit them. */
export function vendorCreditsOf(env: Env, vendor: Vendor): VendorCredits | null {
  if (vendor === "thundercloud") {
    const thunder = thunderOf(env);
    return thunder === null ? null : thunderCredits(thunder);
  }
  const koios = koiosOf(env);
  const writeKey = koios?.settings.writeKey ?? null;
  return koios === null || writeKey === null ? null : koiosCredits(koios.settings, writeKey, koios.door);
}

/** Null: this country does not have that vendor. */
export function vendorBalancesOf(env: Env, vendor: Vendor): VendorBalances | null {
  if (vendor === "thundercloud") {
    const thunder = thunderOf(env);
    return thunder === null ? null : thunderBalances(thunder);
  }
  const koios = koiosOf(env);
  return koios === null ? null : koiosBalances(koios.settings, koios.door);
}

/** Null: this country does not have that vendor, or no login for the pages that list them. */
export function vendorPaymentsOf(env: Env, vendor: Vendor): VendorPayments | null {
  if (vendor === "thundercloud") {
    const thunder = thunderOf(env);
    return thunder?.settings.login == null ? null : thunderPayments(thunder);
  }
  const koios = koiosOf(env);
  const login = koios?.settings.webLogin ?? null;
  return koios === null || login === null ? null : koiosPayments(koios.settings, login, koios.door);
}

/** Clinics' meters; null: this country has none there. */
export function steamaOf(env: Env): Steama | null {
  const login = pairOf(env.STEAMA_LOGIN ?? "");
  if (!env.STEAMA_URL || login === null) return null;
  const door = doorOf(env, "SteamaCo", STEAMA_BUDGET, [login.id, login.secret]);
  return steama({ url: env.STEAMA_URL, username: login.id, password: login.secret }, door);
}

/** What this country has of each vendor, without a secret. */
export function vendorsHere(env: Env) {
  const settings = env as unknown as Record<string, string | undefined>;
  return Object.entries(VENDOR_SHAPES).map(([vendor, shape]) => ({
    vendor,
    configured: hasVendor(settings, shape),
    set: [...shape.needed, ...shape.optional].filter((name) => Boolean(settings[name])),
    unset: [...shape.needed, ...shape.optional].filter((name) => !settings[name]),
  }));
}

/** The vendors that this deployment reads. */
export const vendorsRead = (env: Env): string[] =>
  vendorsHere(env).flatMap(({ vendor, configured }) => (configured ? [vendor] : []));

/** The budgets of the organisations that this country has. */
export const budgetNames = (env: Env): string[] => [
  ...(env.KOIOS_ORG ? [`koios:${env.KOIOS_ORG}`] : []),
  ...(env.THUNDERCLOUD_ORG ? [`thundercloud:${env.THUNDERCLOUD_ORG}`] : []),
  ...(env.STEAMA_URL ? [STEAMA_BUDGET] : []),
];

/** Questions about balances that were put to this vendor today; 0: it is not here. */
export async function balancesAskedToday(env: Env, vendor: Vendor): Promise<number> {
  const name = budgetNames(env).find((each) => each.startsWith(`${vendor}:`));
  return name === undefined ? 0 : (await budgetOf(env, name).health()).used.balance;
}

/** The feed of a source of imports; null: this country does not have it, or nobody can fetch it. */
export const importFeedOf = (env: Env, source: ImportSource): VendorFeed | null => {
  const name = FEEDS.find((each) => each === source);
  return name === undefined ? null : feedOf(env, name);
};
