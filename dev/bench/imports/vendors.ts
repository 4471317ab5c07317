/** The platforms of a bench: their simulators behind sockets, with the time that they themselves take. */
import { koiosSim } from "../../koios/app.ts";
import { koiosSiteId } from "../../koios/org.ts";
import { thunderCloudSim } from "../../thundercloud/app.ts";
import { DAY_MS } from "../../vendors/energy.ts";
import { type SimFetch, serveSim } from "../../vendors/http.ts";
import { type VendorCustomer, villageOf } from "../../vendors/people.ts";

const ORG = "33333333-3333-4333-8333-333333333333";
const READ = { id: "bench", secret: "reads" };
const LOGIN = { email: "bench@example.org", password: "bench" };
const BASE = "SMB-BENCH-1";

export type BenchVendor = {
  customers: readonly VendorCustomer[];
  sites: { site: string; vendor: "koios" | "thundercloud"; vendorSiteId: string }[];
  vars: Record<string, string>;
  /** Milliseconds that the platform has taken for its answers, and how many it gave. */
  spent(): { ms: number; requests: number };
  /** What its meters truly used from an instant to another. */
  truthWh(from: number, to: number): number;
  close(): Promise<void>;
};

/** Villages of so many customers each, at Koios. */
export async function benchKoios(port: number, sites: readonly string[], customersEach: number): Promise<BenchVendor> {
  const customers = sites.flatMap((site) => village("koios", site, customersEach));
  const sim = koiosSim({
    orgs: [
      {
        ...{ org: ORG, name: "Bench", country: "LS", currency: "LSL", minorDigits: 2, utcOffsetMinutes: 120 },
        keys: [{ ...READ, grant: "read" }],
        login: LOGIN,
        sites: sites.map((code) => ({ code, name: code })),
        customers,
      },
    ],
  });
  const [org] = sim.orgs;
  if (org === undefined) throw new Error("no organisation");
  return served(port, sim, customers, {
    sites: sites.map((site) => ({ site, vendor: "koios", vendorSiteId: koiosSiteId(ORG, site) })),
    vars: (url) => ({ KOIOS_URL: url, KOIOS_ORG: ORG, KOIOS_READ_KEY: `${READ.id}:${READ.secret}` }),
    energyOf: (customer) => org.wallets.energyOf(customer),
  });
}

/** One base station of so many meters, at ThunderCloud. */
export async function benchThunderCloud(port: number, site: string, meters: number): Promise<BenchVendor> {
  const customers = village("thundercloud", site, meters);
  const sim = thunderCloudSim({
    org: {
      ...{ org: "bench", country: "LS", minorDigits: 2, utcOffsetMinutes: 120, token: "bench-token", login: LOGIN },
      bases: [{ serial: BASE, site }],
      customers,
    },
  });
  return served(port, sim, customers, {
    sites: [{ site, vendor: "thundercloud", vendorSiteId: BASE }],
    vars: (url) => ({
      ...{ THUNDERCLOUD_URL: url, THUNDERCLOUD_ORG: "bench", THUNDERCLOUD_TOKEN: "bench-token" },
      THUNDERCLOUD_LOGIN: `${LOGIN.email}:${LOGIN.password}`,
    }),
    energyOf: (customer) => sim.state.wallets.energyOf(customer),
  });
}

const village = (vendor: "koios" | "thundercloud", site: string, count: number) =>
  villageOf({ vendor, site, count, rateE4PerKwh: 50_000, openingMinor: 50_000 });

type Shape = {
  sites: BenchVendor["sites"];
  vars: (url: string) => Record<string, string>;
  energyOf: (customer: VendorCustomer) => { betweenWh(from: number, to: number): number } | null;
};

async function served(
  port: number,
  sim: { fetch: SimFetch; clock: { close(): void } },
  customers: readonly VendorCustomer[],
  { sites, vars, energyOf }: Shape,
): Promise<BenchVendor> {
  const spent = { ms: 0, requests: 0 };
  const server = await serveSim(port, async (request) => {
    const began = performance.now();
    const answer = await sim.fetch(request);
    const bytes = await answer.arrayBuffer();
    spent.ms += performance.now() - began;
    spent.requests += 1;
    return new Response(bytes.byteLength === 0 ? null : bytes, { status: answer.status, headers: answer.headers });
  });
  return {
    customers,
    sites,
    vars: vars(server.url),
    spent: () => ({ ...spent }),
    truthWh: (from, to) => customers.reduce((sum, customer) => sum + (energyOf(customer)?.betweenWh(from, to) ?? 0), 0),
    close: async () => {
      sim.clock.close();
      await server.close();
    },
  };
}

export const dayAt = (daysAgo: number) => Math.floor(Date.now() / DAY_MS - daysAgo) * DAY_MS;
