/** The two vendors' platforms of a simulated world, on a good day: who they are, and their wallets. */
import type { Vendor } from "../../src/domain/vendor.ts";
import { koiosSim } from "../koios/app.ts";
import { koiosSiteId } from "../koios/org.ts";
import { thunderCloudSim } from "../thundercloud/app.ts";
import type { SimFetch } from "../vendors/http.ts";
import type { Wallets } from "../vendors/wallets.ts";
import type { Machine } from "./machine.ts";
import { VENDOR_OF, vendorOf } from "./plan.ts";

const ORG = "simulated";
const sitesAt = (vendor: Vendor) => Object.keys(VENDOR_OF).filter((site) => VENDOR_OF[site] === vendor);
/** Whose platform has the meters and wallets of a site, and what the site is called there. */
export const VENDOR_SITES = Object.entries(VENDOR_OF).map(([site, vendor]) => ({
  ...{ site, vendor },
  vendorSiteId: vendor === "koios" ? koiosSiteId(ORG, site) : `${ORG}-${site.toLowerCase()}`,
}));
/** As on the case of a meter that is on a vendor's platform. */
export const serialOf = (account: string) =>
  `${vendorOf(account) === "thundercloud" ? "SMRSD-03" : "SM16R-01"}-${account.slice(0, 4)}0001`;

/** Some payments wait at Koios before the wallet has them, on good days too. */
const PENDING = { permille: 300, seconds: 60 };
/** And all of them at ThunderCloud, which says it to the base station first. */
const DELAY = { seconds: 60 };

export type Platform = { url: string; vars: Record<string, string>; fetch: SimFetch; wallets: Wallets };

/** `secrets`: of the key that reads and of the one that credits. */
export function koiosOf(machine: Machine, seed: number, secrets: { read: string; write: string }): Platform {
  const url = "http://koios.test";
  const sim = koiosSim({
    orgs: [
      {
        ...{ org: ORG, name: "Simulated", country: "LS", currency: "LSL", minorDigits: 2, utcOffsetMinutes: 120 },
        keys: [
          { id: "read", secret: secrets.read, grant: "read" },
          { id: "write", secret: secrets.write, grant: "manage" },
        ],
        login: { email: "", password: secrets.write },
        sites: sitesAt("koios").map((code) => ({ code, name: code })),
        customers: [],
      },
    ],
    seed,
    now: () => machine.now(),
  });
  const [org] = sim.orgs;
  // Its readings never come: what a vendor's days do is asked elsewhere, and here they would only take time.
  const refusal = sim.board.set({ unlimited: true, freshness_null: true, report_404: true, pending: PENDING });
  if (org === undefined || refusal !== null) throw new Error(refusal ?? "no organisation");
  const vars = {
    KOIOS_URL: url,
    KOIOS_ORG: ORG,
    KOIOS_READ_KEY: `read:${secrets.read}`,
    KOIOS_WRITE_KEY: `write:${secrets.write}`,
  };
  return { url, vars, fetch: sim.fetch, wallets: org.wallets };
}

/** Without a login for its console: whatever is asked for there has to be found in one question. */
export function thunderCloudOf(machine: Machine, seed: number, token: string): Platform {
  const url = "http://thundercloud.test";
  const sim = thunderCloudSim({
    org: {
      ...{ org: ORG, country: "LS", minorDigits: 2, utcOffsetMinutes: 120, token },
      login: { email: "", password: token },
      bases: sitesAt("thundercloud").map((site) => ({ serial: `base-${site}`, site })),
      customers: [],
    },
    seed,
    now: () => machine.now(),
    openedAt: machine.now(),
  });
  const refusal = sim.board.set({ delay: DELAY });
  if (refusal !== null) throw new Error(refusal);
  const vars = { THUNDERCLOUD_URL: url, THUNDERCLOUD_ORG: ORG, THUNDERCLOUD_TOKEN: token };
  return { url, vars, fetch: sim.fetch, wallets: sim.state.wallets };
}
