import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Vendor } from "../src/domain/vendor.ts";
import {
  type DemoCountry,
  demoKoiosOrgs,
  demoSiteRows,
  demoThunderCloudOrg,
  platformVars,
  split,
  utcOffsetMinutesOf,
} from "./demo-platforms.ts";
import { demoClinics } from "./demo-vendors.ts";
import type { LocalKeys } from "./keys.ts";
import { startKoios } from "./koios.ts";
import { startSteama } from "./steama.ts";
import { startThunderCloud } from "./thundercloud.ts";
import { dayOf, dayStart } from "./vendors/energy.ts";
import type { WalletState } from "./vendors/wallets.ts";

/** How long before the first start the wallets' story begins: so many days can be fetched and agree. */
const OPENED_BEFORE_MS = 7 * 86_400_000;
const SAVE_LOOK_MS = 1_000;
const STEAMA_FIRST_ID = 4_711;

type Saved = { openedAt: number; koios: Record<string, WalletState>; thundercloud: WalletState | null };

export type Vendors = {
  koios: string;
  thundercloud: string;
  steama: string;
  /** From when on the wallets fall with what is used. */
  openedAt: number;
  /** What the country's Worker must know of its vendors. */
  envOf(country: DemoCountry): Record<string, string>;
  /** The rows of `vendor_sites`. */
  sitesOf(country: DemoCountry): { site: string; vendor: Vendor; vendorSiteId: string }[];
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
      orgs: demoKoiosOrgs(keys, !quiet),
    }),
    startThunderCloud({
      port: ports.thundercloud,
      now,
      openedAt,
      saved: saved?.thundercloud ?? null,
      org: demoThunderCloudOrg(keys, !quiet),
    }),
    startSteama({
      port: ports.steama,
      now,
      login: { username: steamaLogin.id, password: steamaLogin.secret },
      meters: demoClinics("LS").map(({ reference, name }, index) => ({
        ...{ id: STEAMA_FIRST_ID + index, reference, name },
        utcOffsetMinutes: utcOffsetMinutesOf("LS"),
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
      platformVars(country, keys[country], { koios: koios.url, thundercloud: thundercloud.url, steama: steama.url }),
    sitesOf: (country) => demoSiteRows(country, keys),
    close: async () => {
      clearInterval(timer);
      await Promise.all([koios.close(), thundercloud.close(), steama.close()]);
      await save();
    },
  };
}
