import { neonCreditWriters } from "../src/adapters/neon/credit-writers.ts";
import { connect } from "../src/adapters/neon/database.ts";
import type { Vendor } from "../src/domain/vendor.ts";
import type { DemoVendorCustomer } from "./demo-vendors.ts";

/** Long enough ago for the silence after a switch to be over. */
const SWITCHED_BEFORE_MS = 86_400_000;
const TRIES_MAX = 20;
const TRY_PAUSE_MS = 500;
const ACTOR = "demo world";

export type DemoVendors = {
  sites: { site: string; vendor: Vendor; vendorSiteId: string }[];
  /** The cut-over, and from when on the wallets fall with what is used. */
  startsAt: number;
  /** False: nobody has anything yet. */
  hasOpenings: boolean;
  /** The database as the Worker reaches it. */
  database: { url: string; sqlUrl: string };
};
type Ask = <T>(path: string, body: unknown) => Promise<T>;

/** Which sites are whose, and that we credit their wallets, since a day before the demo: the silence of a switch is over. */
export async function seedVendorSites(ask: Ask, { sites, database }: DemoVendors, now: number): Promise<void> {
  const writers = neonCreditWriters(connect(database.url, database.sqlUrl));
  for (const { site, vendor, vendorSiteId } of sites) {
    const by = { actor: ACTOR, reason: "the demo's platforms are ours to credit", at: now - SWITCHED_BEFORE_MS };
    await ask("/vendor-sites", { site, vendor, vendorSiteId, reason: by.reason });
    if ((await writers.list(site)).length > 0) continue;
    const put = await writers.put(site, "ours", by);
    if (!put.ok) throw new Error(`${site} cannot be switched: ${put.error.detail}`);
    // The Workers' own copy of who writes comes with this call, which changes nothing more.
    await ask("/credit-writers", { site, writer: "ours", reason: by.reason });
  }
}

/** Our books open with what the platform's wallets held. */
export async function openWallets(ask: Ask, customers: readonly DemoVendorCustomer[], at: number): Promise<void> {
  const openings = customers.map(({ account, openingWh: energyWh, meter }) => ({
    ...{ account, energyWh, at: new Date(at).toISOString() },
    document: `the wallet of ${meter} on its platform`,
  }));
  for (let tries = 1; tries <= TRIES_MAX; tries++) {
    const { results } = await ask<{ results: { status: string }[] }>("/openings", { openings });
    if (results.every(({ status }) => status !== "not_ready")) return;
    await new Promise((resolve) => setTimeout(resolve, TRY_PAUSE_MS));
  }
  throw new Error("the accounts on the vendors' platforms were not ready to be opened");
}
