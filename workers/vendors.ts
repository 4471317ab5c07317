import { type KoiosSettings, koiosSecrets } from "../src/adapters/koios/door.ts";
import { koiosHistorical } from "../src/adapters/koios/historical.ts";
import { koiosReport } from "../src/adapters/koios/report.ts";
import type { VendorDoor } from "../src/adapters/vendors/http.ts";
import type { ImportSource } from "../src/domain/imports/source.ts";
import { hasVendor, pairOf, VENDOR_SHAPES } from "../src/domain/vendor-settings.ts";
import type { VendorBudget } from "../src/ports/vendor-budget.ts";
import type { VendorFeed } from "../src/ports/vendor-feeds.ts";
import type { Env } from "./env.ts";
import { vendorBudgetOf } from "./objects/locate.ts";
import { clockOf } from "./ports.ts";

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

/** This country's organisation at Koios; null: it has none. Malformed settings never come so far (settingFaults). */
export function koiosSettings(env: Env): KoiosSettings | null {
  const readKey = pairOf(env.KOIOS_READ_KEY ?? "");
  if (!env.KOIOS_URL || !env.KOIOS_ORG || readKey === null) return null;
  const login = pairOf(env.KOIOS_WEB_LOGIN ?? "");
  return {
    url: env.KOIOS_URL,
    org: env.KOIOS_ORG,
    readKey,
    writeKey: pairOf(env.KOIOS_WRITE_KEY ?? ""),
    webLogin: login === null ? null : { email: login.id, password: login.secret },
  };
}

export const koiosBudgetName = (settings: KoiosSettings) => `koios:${settings.org}`;
const koiosDoor = (env: Env, settings: KoiosSettings) =>
  doorOf(env, "Koios", koiosBudgetName(settings), koiosSecrets(settings));

/** Sources of interval energy, by name. */
export const FEEDS = ["koios", "koios_report"] as const;
export type FeedName = (typeof FEEDS)[number];

/** Null: this country does not have that vendor. */
export function feedOf(env: Env, name: FeedName): VendorFeed | null {
  const settings = koiosSettings(env);
  if (settings === null) return null;
  const door = koiosDoor(env, settings);
  const historical = koiosHistorical(settings, door);
  return name === "koios"
    ? historical
    : { page: (unit) => koiosReport(settings, door).day(unit), freshness: () => historical.freshness() };
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

/** The budgets of the organisations that this country has. */
export const budgetNames = (env: Env): string[] => {
  const koios = koiosSettings(env);
  return koios === null ? [] : [koiosBudgetName(koios)];
};

/** The feed of a source of imports; null: this country does not have it, or nobody can fetch it. */
export const importFeedOf = (env: Env, source: ImportSource): VendorFeed | null => {
  const name = FEEDS.find((each) => each === source);
  return name === undefined ? null : feedOf(env, name);
};
