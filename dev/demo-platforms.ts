/** The demo world at the meter vendors: whose organisations, sites and customers the simulators have. */
import type { Vendor } from "../src/domain/vendor.ts";
import { demoOnPlatform, demoVendorSites } from "./demo-vendors.ts";
import type { LocalKeys, VendorKeys } from "./keys.ts";
import { type KoiosOrg, koiosSiteId } from "./koios/org.ts";
import type { ThunderCloudOrg } from "./thundercloud/state.ts";
import { demoWorld } from "./world.ts";

export type DemoCountry = "LS" | "BJ";

export const THUNDERCLOUD_BASE = "SMB-MAK-0001";

const COUNTRY = {
  LS: { name: "Lesotho", currency: "LSL", minorDigits: 2, utcOffsetMinutes: 120 },
  BJ: { name: "Benin", currency: "XOF", minorDigits: 0, utcOffsetMinutes: 60 },
} as const;

/** Whether people were invented for it; the others start with nobody but staff. */
export const hasDemo = (country: string): country is DemoCountry => Object.hasOwn(COUNTRY, country);

export const utcOffsetMinutesOf = (country: DemoCountry) => COUNTRY[country].utcOffsetMinutes;

export const demoKoiosOrgs = (keys: LocalKeys["vendors"], withOpening: boolean): KoiosOrg[] =>
  (["LS", "BJ"] as const).map((country) => ({
    ...COUNTRY[country],
    country,
    org: keys[country].koios.org,
    keys: [
      { ...split(keys[country].koios.read), grant: "read" },
      { ...split(keys[country].koios.write), grant: "manage" },
    ],
    login: loginOf(keys[country].koios.web),
    sites: sitesAt(country, "koios"),
    customers: demoOnPlatform(country, "koios", withOpening),
  }));

export const demoThunderCloudOrg = (keys: LocalKeys["vendors"], withOpening: boolean): ThunderCloudOrg => ({
  ...COUNTRY.LS,
  country: "LS",
  org: keys.LS.thundercloud.org,
  token: keys.LS.thundercloud.token,
  login: loginOf(keys.LS.thundercloud.login),
  bases: sitesAt("LS", "thundercloud").map(({ code }) => ({ serial: THUNDERCLOUD_BASE, site: code })),
  customers: demoOnPlatform("LS", "thundercloud", withOpening),
});

/** The rows of `vendor_sites`. */
export const demoSiteRows = (country: DemoCountry, keys: LocalKeys["vendors"]) =>
  demoVendorSites(country).map(({ site, vendor }) => ({
    site,
    vendor,
    vendorSiteId: vendor === "koios" ? koiosSiteId(keys[country].koios.org, site) : THUNDERCLOUD_BASE,
  }));

/** What a country's Worker must know of its vendors. Benin has nothing at ThunderCloud and SteamaCo. */
export function platformVars(
  country: DemoCountry,
  keys: VendorKeys,
  urls: { koios: string; thundercloud: string; steama: string | null },
): Record<string, string> {
  const { koios, thundercloud } = keys;
  return {
    KOIOS_URL: urls.koios,
    KOIOS_ORG: koios.org,
    KOIOS_READ_KEY: koios.read,
    KOIOS_WRITE_KEY: koios.write,
    KOIOS_WEB_LOGIN: koios.web,
    ...(country === "LS"
      ? {
          THUNDERCLOUD_URL: urls.thundercloud,
          THUNDERCLOUD_ORG: thundercloud.org,
          THUNDERCLOUD_TOKEN: thundercloud.token,
          THUNDERCLOUD_LOGIN: thundercloud.login,
        }
      : {}),
    ...(country === "LS" && urls.steama !== null ? { STEAMA_URL: urls.steama, STEAMA_LOGIN: keys.steama } : {}),
  };
}

function sitesAt(country: DemoCountry, vendor: Vendor) {
  const codes = demoVendorSites(country).flatMap((each) => (each.vendor === vendor ? [each.site] : []));
  return demoWorld(country).sites.filter(({ code }) => codes.includes(code));
}

/** "id:secret" */
export function split(key: string): { id: string; secret: string } {
  const at = key.indexOf(":");
  return { id: key.slice(0, at), secret: key.slice(at + 1) };
}

function loginOf(login: string): { email: string; password: string } {
  const { id, secret } = split(login);
  return { email: id, password: secret };
}
