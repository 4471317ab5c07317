import { draw } from "../iot/draw.ts";
import type { LoadKind } from "../iot/load.ts";

/** A customer on a vendor's platform, with the one meter that it counts with. */
export type VendorCustomer = {
  /** The account number: the vendor's customer code. */
  code: string;
  name: string;
  phone: string | null;
  /** Our site. */
  site: string;
  /** As on the case; null: nobody has attached a meter yet. */
  serial: string | null;
  kind: LoadKind;
  /** The tariff on the platform, in ten-thousandths of a currency unit per kWh. */
  rateE4PerKwh: number;
  /** What it was before, oldest first. */
  earlierRates?: readonly { until: number; rateE4PerKwh: number }[];
  /** What the wallet held when its story began. */
  openingMinor: number;
  /** Created, answered as created, and seen by nobody afterwards. */
  hidden?: boolean;
};

/** A site as a vendor knows it. */
export type VendorSite = { code: string; name: string };

/** The vendor's own id of something: the same for the same names. */
export function uuidOf(...names: (string | number)[]): string {
  const part = (index: number) =>
    draw(0x1_0000_0000, ...names, "uuid", index)
      .toString(16)
      .padStart(8, "0");
  const [a, b, c, d] = [part(0), part(1), part(2), part(3)];
  return `${a}-${b.slice(0, 4)}-4${b.slice(5)}-a${c.slice(1, 4)}-${c.slice(4)}${d}`;
}

/** Serials as SparkMeter writes them: the last four hex digits are the short id, and differ within a site. */
export function serialOf(vendor: "koios" | "thundercloud", site: string, index: number): string {
  const model = vendor === "koios" ? "SM16R-01" : "SMRSD-03";
  const hex = (value: number) => value.toString(16).toUpperCase().padStart(4, "0");
  return `${model}-${hex(draw(0xffff, vendor, site))}${hex((draw(0x8000, site) + index * 37 + 1) % 0x1_0000)}`;
}

const KINDS: readonly LoadKind[] = ["household", "household", "household", "shop", "household", "school", "household"];

/** A village of invented customers, for tests and measurements. */
export function villageOf(options: {
  vendor: "koios" | "thundercloud";
  site: string;
  count: number;
  rateE4PerKwh: number;
  openingMinor: number;
}): VendorCustomer[] {
  const { vendor, site, count, rateE4PerKwh, openingMinor } = options;
  return Array.from({ length: count }, (_, index) => ({
    code: `${String(1_000 + index).padStart(4, "0")}${site}`,
    name: `Customer ${index + 1} of ${site}`,
    phone: null,
    site,
    serial: serialOf(vendor, site, index),
    kind: KINDS[index % KINDS.length] ?? "household",
    rateE4PerKwh,
    openingMinor,
  }));
}
