import { energyForMoney } from "../src/domain/energy.ts";
import type { Vendor } from "../src/domain/vendor.ts";
import type { LoadKind } from "./iot/load.ts";
import { serialOf, type VendorCustomer } from "./vendors/people.ts";

/** The demo's customers whose meter and wallet are on a vendor's platform. */
export type DemoVendorCustomer = {
  account: string;
  site: string;
  vendor: Vendor;
  name: string;
  phone: string;
  language: "st" | "en" | "fr";
  /** SparkMeter's serial. */
  meter: string;
  kind: LoadKind;
  /** What both books say the customer had when the demo's story began. */
  openingMinor: number;
  openingWh: number;
};

type Village = { site: string; vendor: Vendor; rateE4PerKwh: number; first: number; names: readonly string[] };

const VILLAGES: Record<"LS" | "BJ", readonly Village[]> = {
  LS: [
    {
      site: "MAT",
      vendor: "koios",
      rateE4PerKwh: 50_000,
      first: 301,
      names: [
        "Motlatsi Ranthimo", "Mathabo Qhobela", "Seeiso Makoa", "Keneuoe Letuka", "Lehlohonolo Pitso", "Mareabetsoe Nkuebe",
      ],
    },
    {
      site: "KET",
      vendor: "koios",
      rateE4PerKwh: 45_000,
      first: 321,
      names: [
        "Tsietsi Maluke", "Nkeane Moshabesha", "Polo Chabeli", "Mamosa Tsehlo", "Thuso Ramakatsa", "Itumeleng Sefali",
      ],
    },
    {
      site: "MAK",
      vendor: "thundercloud",
      rateE4PerKwh: 50_000,
      first: 341,
      names: [
        "Hlompho Matete", "Mookho Lekhanya", "Ralebona Tjapela", "Selloane Moeti", "Paballo Khasu", "Likeleko Monaheng",
      ],
    },
  ],
  BJ: [
    {
      site: "GBO",
      vendor: "koios",
      rateE4PerKwh: 1_600_000,
      first: 301,
      names: [
        "Romuald Tokpanou", "Edwige Amadji", "Barnabé Sossou", "Cica Hodonou", "Moussa Gounou", "Pélagie Atindehou",
      ],
    },
    {
      site: "SAM",
      vendor: "koios",
      rateE4PerKwh: 1_600_000,
      first: 321,
      names: [
        "Gratien Loko", "Honorine Zannou", "Séverin Hessou", "Fidélia Akplogan", "Alassane Worou", "Rolande Bocovo",
      ],
    },
  ],
}; // biome-ignore format: a village's people stand together

/** By place in the village. */
const KINDS: readonly LoadKind[] = ["household", "household", "shop", "household", "clinic", "household"];
/** Enough for some weeks, in minor units. */
const OPENING_MINOR: Record<"LS" | "BJ", Partial<Record<LoadKind, number>>> = {
  LS: { household: 18_000, shop: 54_000, clinic: 117_000 },
  BJ: { household: 6_400, shop: 19_200, clinic: 41_600 },
};
const PHONE = { LS: "26650001", BJ: "2290197000" };
const MINOR_DIGITS = { LS: 2, BJ: 0 } as const;

export function demoVendorCustomers(country: "LS" | "BJ"): DemoVendorCustomer[] {
  return VILLAGES[country].flatMap(({ site, vendor, rateE4PerKwh, first, names }) =>
    names.map((name, index) => {
      const kind = KINDS[index % KINDS.length] ?? "household";
      const openingMinor = OPENING_MINOR[country][kind] ?? 0;
      return {
        account: `0${first + index}${site}`,
        site,
        vendor,
        name,
        phone: `${PHONE[country]}${first + index}`,
        language: country === "LS" ? "st" : "fr",
        meter: serialOf(vendor, site, index),
        kind,
        openingMinor,
        openingWh: energyForMoney(openingMinor, MINOR_DIGITS[country], rateE4PerKwh),
      };
    }),
  );
}

/** The same people as their platform has them; `withOpening`: with what they had. */
export function demoOnPlatform(country: "LS" | "BJ", vendor: Vendor, withOpening: boolean): VendorCustomer[] {
  const rates = new Map(VILLAGES[country].map(({ site, rateE4PerKwh }) => [site, rateE4PerKwh]));
  return demoVendorCustomers(country)
    .filter((customer) => customer.vendor === vendor)
    .map(({ account, name, phone, site, meter, kind, openingMinor }) => ({
      code: account,
      name,
      phone: `+${phone}`,
      site,
      serial: meter,
      kind,
      rateE4PerKwh: rates.get(site) ?? 0,
      openingMinor: withOpening ? openingMinor : 0,
    }));
}

/** Clinics with a three-phase meter of SteamaCo, which pay later; their meters' numbers begin with zeros there. */
export type DemoClinic = {
  account: string;
  name: string;
  phone: string;
  language: "st";
  meter: string;
  reference: string;
};
const CLINICS = [
  { account: "0361MAS", name: "Mashai Health Centre" },
  { account: "0362SHG", name: "Sehonghong Health Centre" },
];
export const demoClinics = (country: "LS" | "BJ"): DemoClinic[] =>
  (country === "LS" ? CLINICS : []).map(({ account, name }, index) => {
    const meter = String(990_001_230_057 + index);
    return { account, name, phone: `${PHONE.LS}${361 + index}`, language: "st", meter, reference: `0${meter}` };
  });

/** The sites that have customers on a vendor's platform. */
export const demoVendorSites = (country: "LS" | "BJ") =>
  VILLAGES[country].map(({ site, vendor }) => ({ site, vendor }));
