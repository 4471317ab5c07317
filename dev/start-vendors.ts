import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Vendor } from "../src/domain/vendor.ts";
import { demoClinics, demoOnPlatform, demoVendorSites } from "./demo-vendors.ts";
import type { LocalKeys, VendorKeys } from "./keys.ts";
import { koiosSiteId } from "./koios/org.ts";
import { startKoios } from "./koios.ts";
import { startSteama } from "./steama.ts";
import { startThunderCloud } from "./thundercloud.ts";
import { dayOf, dayStart } from "./vendors/energy.ts";
import type { WalletState } from "./vendors/wallets.ts";
import { demoWorld } from "./world.ts";

type Country = "LS" | "BJ";

/** How long before the first start the wallets' story begins: so many days can be fetched and agree. */
const OPENED_BEFORE_MS = 7 * 86_400_000;
const SAVE_LOOK_MS = 1_000;
const THUNDERCLOUD_BASE = "SMB-MAK-0001";
const STEAMA_FIRST_ID = 4_711;

const COUNTRY = {
  LS: { name: "Lesotho", currency: "LSL", minorDigits: 2, utcOffsetMinutes: 120 },
  BJ: { name: "Benin", currency: "XOF", minorDigits: 0, utcOffsetMinutes: 60 },
} as const;

type Saved = { openedAt: number; koios: Record<string, WalletState>; thundercloud: WalletState | null };

export type Vendors = {
  koios: string;
  thundercloud: string;
  steama: string;
  /** From when on the wallets fall with what is used. */
  openedAt: number;
  /** What the country's Worker must know of its vendors. */
  envOf(country: Country): Record<string, string>;
  /** The rows of `vendor_sites`. */
  sitesOf(country: Country): { site: string; vendor: Vendor; vendorSiteId: string }[];
  close(): Promise<void>;
};

/**
 * The vendors of the demo world: its customers' wallets and meters on Koios, one organisation a country, and on
 * ThunderCloud. What was paid into the wallets is kept in a file, so that a second start finds them as they were.
 */
export async function startVendors(options: {
  ports: { koios: number; thundercloud: number; steama: number };
  keys: LocalKeys["vendors"];
  dataDir: string;
  now: () => number;
  /** Nobody has anything yet. */
  quiet: boolean;
}): Promise<Vendors> {
  const { ports, keys, dataDir, now, quiet } = options;
  const file = join(dataDir, "vendors.json");
  const saved = await readFile(file, "utf8").then(
    (text) => JSON.parse(text) as Saved,
    () => null,
  );
  const openedAt = saved?.openedAt ?? dayStart(dayOf(now() - OPENED_BEFORE_MS)) ?? 0;
  const steamaLogin = split(keys.LS.steama);
  const [koios, thundercloud, steama] = await Promise.all([
    startKoios({
      port: ports.koios,
      now,
      openedAt,
      saved: saved?.koios ?? null,
      orgs: (["LS", "BJ"] as const).map((country) => ({
        ...COUNTRY[country],
        country,
        org: keys[country].koios.org,
        keys: [
          { ...split(keys[country].koios.read), grant: "read" },
          { ...split(keys[country].koios.write), grant: "manage" },
        ],
        login: loginOf(keys[country].koios.web),
        sites: sitesAt(country, "koios"),
        customers: demoOnPlatform(country, "koios", !quiet),
      })),
    }),
    startThunderCloud({
      port: ports.thundercloud,
      now,
      openedAt,
      saved: saved?.thundercloud ?? null,
      org: {
        ...COUNTRY.LS,
        country: "LS",
        org: keys.LS.thundercloud.org,
        token: keys.LS.thundercloud.token,
        login: loginOf(keys.LS.thundercloud.login),
        bases: sitesAt("LS", "thundercloud").map(({ code }) => ({ serial: THUNDERCLOUD_BASE, site: code })),
        customers: demoOnPlatform("LS", "thundercloud", !quiet),
      },
    }),
    startSteama({
      port: ports.steama,
      now,
      login: { username: steamaLogin.id, password: steamaLogin.secret },
      meters: demoClinics("LS").map(({ reference, name }, index) => ({
        ...{ id: STEAMA_FIRST_ID + index, reference, name },
        utcOffsetMinutes: COUNTRY.LS.utcOffsetMinutes,
      })),
    }),
  ]);

  let written = -1;
  const save = async () => {
    const changes = koios.changes() + thundercloud.changes();
    if (changes === written) return;
    const state: Saved = { openedAt, koios: koios.save(), thundercloud: thundercloud.save() };
    await writeFile(`${file}.new`, JSON.stringify(state));
    await rename(`${file}.new`, file);
    written = changes;
  };
  await save();
  const timer = setInterval(() => void save().catch(() => undefined), SAVE_LOOK_MS);

  return {
    koios: koios.url,
    thundercloud: thundercloud.url,
    steama: steama.url,
    openedAt,
    envOf: (country) =>
      envOf(country, keys[country], { koios: koios.url, thundercloud: thundercloud.url, steama: steama.url }),
    sitesOf: (country) =>
      demoVendorSites(country).map(({ site, vendor }) => ({
        site,
        vendor,
        vendorSiteId: vendor === "koios" ? koiosSiteId(keys[country].koios.org, site) : THUNDERCLOUD_BASE,
      })),
    close: async () => {
      clearInterval(timer);
      await Promise.all([koios.close(), thundercloud.close(), steama.close()]);
      await save();
    },
  };
}

/** Benin has nothing at ThunderCloud and SteamaCo. */
function envOf(country: Country, keys: VendorKeys, urls: Pick<Vendors, "koios" | "thundercloud" | "steama">) {
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
          STEAMA_URL: urls.steama,
          STEAMA_LOGIN: keys.steama,
        }
      : {}),
  };
}

function sitesAt(country: Country, vendor: Vendor) {
  const codes = demoVendorSites(country).flatMap((each) => (each.vendor === vendor ? [each.site] : []));
  return demoWorld(country).sites.filter(({ code }) => codes.includes(code));
}

function split(key: string): { id: string; secret: string } {
  const at = key.indexOf(":");
  return { id: key.slice(0, at), secret: key.slice(at + 1) };
}

function loginOf(login: string): { email: string; password: string } {
  const { id, secret } = split(login);
  return { email: id, password: secret };
}
