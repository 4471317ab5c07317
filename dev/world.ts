import { type DemoClinic, type DemoVendorCustomer, demoClinics, demoVendorCustomers } from "./demo-vendors.ts";
import { LOAD_KINDS, type LoadKind } from "./iot/load.ts";
import type { MeterSpec } from "./iot/meter.ts";

/** The demo world: invented people, the same at every start. Its answer key is what tests compare with. */

export type DemoCustomer = {
  account: string;
  site: string;
  name: string;
  phone: string;
  language: "st" | "en" | "fr";
  meter: string;
  thing: string;
  status: "live" | "postpaid" | "terminated";
  /** What the electricity is for. */
  kind: LoadKind;
  /** What the register showed when the demo began. */
  registerWh: number;
  /** Whether there was light then. */
  lit: boolean;
};

export type DemoPhone = { phoneId: string; name: string; tillId: string; channel: "electricity" | "fees" };
export type DemoTill = { tillId: string; name: string; senders: string[] };

export type DemoWorld = {
  country: "LS" | "BJ";
  sites: { code: string; name: string; district: string }[];
  tills: DemoTill[];
  phones: DemoPhone[];
  customers: DemoCustomer[];
  /** Those whose meter and wallet are on a vendor's platform. */
  vendorCustomers: DemoVendorCustomer[];
  /** Those that pay later and whose meter is SteamaCo's. */
  clinics: DemoClinic[];
  /** Old channel ids and the accounts they stood for. */
  aliases: { alias: string; account: string }[];
  rates: { scope: "global" | "site" | "account"; subject: string | null; rateE4PerKwh: number; validFrom: string }[];
};

const LS_NAMES = [
  "Thabo Mokoena", "Palesa Letsie", "Neo Ramaili", "Lineo Khalane", "Tau Sekhonyana", "Puleng Motsoene", "Mpho Lerotholi",
  "Kabelo Nthako", "Rethabile Sello", "Teboho Maphathe", "Lerato Phiri", "Tumelo Ntsane", "Masechaba Thamae", "Khotso Ralebitso",
  "Nthabiseng Makhetha", "Bokang Seeiso", "Limpho Tsolo", "Sello Mahao", "Relebohile Kolane", "Tsepo Mofolo", "Refiloe Hlalele",
  "Katleho Monyane", "Malefu Posholi", "Pitso Tlali", "Mamello Sehloho", "Thato Lesenya",
]; // biome-ignore format: one list
const BJ_NAMES = [
  "Ayaba Dossou", "Koffi Hounkpatin", "Afi Agbodjan", "Sena Gbaguidi", "Mahugnon Zinsou", "Codjo Ahouansou", "Bio Orou",
  "Fifamè Kpodékon", "Yao Tossou", "Nadège Adjovi", "Rachidi Chabi", "Sika Houessou", "Gildas Ayivi", "Prudence Soglo",
  "Ablawa Mensah", "Dêdjinnou Kakpo", "Euloge Amoussou", "Bénédicte Lokossou", "Toussaint Adandé", "Viviane Quenum",
  "Issiaka Bani", "Chantal Vodounou",
]; // biome-ignore format: one list

const LS_SITES = [
  { code: "MAK", name: "Ha Makebe", district: "Berea" },
  { code: "MAS", name: "Mashai", district: "Thaba-Tseka" },
  { code: "SHG", name: "Sehonghong", district: "Thaba-Tseka" },
  { code: "MAT", name: "Matsoaing", district: "Mokhotlong" },
  { code: "KET", name: "Ketane", district: "Mohale's Hoek" },
];
const BJ_SITES = [
  { code: "GBO", name: "Gbowélé", district: "Zou" },
  { code: "SAM", name: "Samionta", district: "Zou" },
];

/** Who is no household, by place in the list. Every eighth has no light until somebody pays. */
const KINDS: Partial<Record<number, LoadKind>> = {
  3: "shop",
  6: "school",
  10: "shop",
  13: "clinic",
  17: "mill",
  20: "shop",
};
const DARK_EVERY = 8;
const METER_SEED = 1;
const OFFSET_MINUTES = { LS: 120, BJ: 60 };

const pad = (value: number, digits: number) => String(value).padStart(digits, "0");

export function demoWorld(country: "LS" | "BJ"): DemoWorld {
  return country === "LS" ? lesotho() : benin();
}

const electricity = (index: number, isCustomer: boolean) => ({
  kind: KINDS[index] ?? LOAD_KINDS[0],
  registerWh: 96_000 + index * 37_310,
  lit: isCustomer && index % DARK_EVERY !== DARK_EVERY - 1,
});

const TYPES: Record<LoadKind, string> = { household: "HH1", shop: "SME", school: "SCH", clinic: "CLI", mill: "IND" };
/** Every third household is of the second tier. */
const SECOND_TIER_EVERY = 3;

/** The customer type of each account. */
export function typesOf({ customers, vendorCustomers, clinics }: DemoWorld): ReadonlyMap<string, string> {
  const known = [...customers, ...vendorCustomers].map(({ account, kind }, index): [string, string] => [
    account,
    kind === "household" && index % SECOND_TIER_EVERY === SECOND_TIER_EVERY - 1 ? "HH2" : TYPES[kind],
  ]);
  return new Map([...known, ...clinics.map(({ account }): [string, string] => [account, TYPES.clinic])]);
}

/** The demo customers' meters, as the simulator runs them. */
export const demoMeters = (country: "LS" | "BJ"): MeterSpec[] =>
  demoWorld(country).customers.map(({ thing, meter, kind, registerWh, lit }) => ({
    thing,
    meterNumber: meter,
    country,
    kind,
    seed: METER_SEED,
    utcOffsetMinutes: OFFSET_MINUTES[country],
    registerWh,
    connected: lit,
  }));

function lesotho(): DemoWorld {
  const customers = LS_NAMES.map((name, index): DemoCustomer => {
    const site = LS_SITES[index % LS_SITES.length]?.code ?? "MAK";
    return {
      account: `${pad(45 + index * 7, 4)}${site}`,
      site,
      name,
      phone: `2665000${pad(101 + index, 4)}`,
      language: index % 6 === 5 ? "en" : "st",
      meter: String(23_099_001 + index),
      thing: `${site}-GW-${pad(7 + index, 4)}`,
      status: index === 24 ? "terminated" : index === 25 ? "postpaid" : "live",
      ...electricity(index, index !== 24),
    };
  });
  return {
    country: "LS",
    sites: LS_SITES,
    tills: [
      { tillId: "ls-till-north", name: "Northern villages", senders: ["MPESA", "M-PESA", "199"] },
      { tillId: "ls-till-south", name: "Southern villages", senders: ["MPESA", "M-PESA", "199"] },
    ],
    phones: [
      { phoneId: "ls-north-a", name: "Northern till, first phone", tillId: "ls-till-north", channel: "electricity" },
      { phoneId: "ls-north-b", name: "Northern till, second phone", tillId: "ls-till-north", channel: "electricity" },
      { phoneId: "ls-south-a", name: "Southern till", tillId: "ls-till-south", channel: "electricity" },
      { phoneId: "ls-fees-a", name: "Contract fees", tillId: "ls-till-north", channel: "fees" },
    ],
    customers,
    vendorCustomers: demoVendorCustomers("LS"),
    clinics: demoClinics("LS"),
    aliases: [
      { alias: "315103084", account: customers[1]?.account ?? "0052MAS" },
      { alias: "516000021", account: customers[2]?.account ?? "0059SHG" },
    ],
    rates: [
      { scope: "global", subject: null, rateE4PerKwh: 50_000, validFrom: "2020-01-01T00:00:00+02:00" },
      { scope: "site", subject: "KET", rateE4PerKwh: 45_000, validFrom: "2024-03-01T00:00:00+02:00" },
    ],
  };
}

function benin(): DemoWorld {
  const customers = BJ_NAMES.map((name, index): DemoCustomer => {
    const site = BJ_SITES[index % BJ_SITES.length]?.code ?? "GBO";
    return {
      account: `${pad(45 + index * 3, 4)}${site}`,
      site,
      name,
      phone: `2290197000${pad(101 + index, 3)}`,
      language: index % 8 === 7 ? "en" : "fr",
      meter: String(23_199_001 + index),
      thing: `${site}-GW-${pad(7 + index, 4)}`,
      status: index === 21 ? "terminated" : "live",
      ...electricity(index, index !== 21),
    };
  });
  return {
    country: "BJ",
    sites: BJ_SITES,
    tills: [{ tillId: "bj-till-momo", name: "MoMo", senders: ["MTN", "MobileMoney", "MTN MoMo"] }],
    phones: [
      { phoneId: "bj-momo-a", name: "MoMo, first phone", tillId: "bj-till-momo", channel: "electricity" },
      { phoneId: "bj-momo-b", name: "MoMo, second phone", tillId: "bj-till-momo", channel: "electricity" },
    ],
    customers,
    vendorCustomers: demoVendorCustomers("BJ"),
    clinics: demoClinics("BJ"),
    aliases: [],
    rates: [{ scope: "global", subject: null, rateE4PerKwh: 1_600_000, validFrom: "2020-01-01T00:00:00+01:00" }],
  };
}
