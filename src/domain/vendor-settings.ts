import { COUNTRIES, type Country } from "./country.ts";

/** What a country's deployment has to know of a vendor's platform, before anything is asked there. */

export type Pair = { id: string; secret: string };

/** "id:secret", read to the letter: a secret may hold colons and whatever a shell would not like. Null: it is no pair. */
export function pairOf(text: string): Pair | null {
  const at = text.indexOf(":");
  const [id, secret] = [text.slice(0, at), text.slice(at + 1)];
  return at < 1 || secret === "" || /[\r\n\0]/.test(text) ? null : { id, secret };
}

/** All or nothing of `needed`; what is optional needs them, and pairs are pairs. */
export type VendorShape = {
  url: string;
  /** The setting that names the country's organisation there; null: a login is one. */
  org: string | null;
  needed: readonly string[];
  optional: readonly string[];
  pairs: readonly string[];
};

export const VENDOR_SHAPES = {
  koios: {
    url: "KOIOS_URL",
    org: "KOIOS_ORG",
    needed: ["KOIOS_URL", "KOIOS_ORG", "KOIOS_READ_KEY"],
    optional: ["KOIOS_WRITE_KEY", "KOIOS_WEB_LOGIN"],
    pairs: ["KOIOS_READ_KEY", "KOIOS_WRITE_KEY", "KOIOS_WEB_LOGIN"],
  },
  thundercloud: {
    url: "THUNDERCLOUD_URL",
    org: "THUNDERCLOUD_ORG",
    needed: ["THUNDERCLOUD_URL", "THUNDERCLOUD_ORG", "THUNDERCLOUD_TOKEN"],
    optional: ["THUNDERCLOUD_LOGIN"],
    pairs: ["THUNDERCLOUD_LOGIN"],
  },
  steama: {
    url: "STEAMA_URL",
    org: null,
    needed: ["STEAMA_URL", "STEAMA_LOGIN"],
    optional: [],
    pairs: ["STEAMA_LOGIN"],
  },
} as const satisfies Record<string, VendorShape>;

type Settings = Record<string, string | undefined>;

/** Whether this country has that vendor at all. */
export const hasVendor = (settings: Settings, shape: VendorShape): boolean =>
  [...shape.needed, ...shape.optional].some((name) => Boolean(settings[name]));

/** What is wrong with them, by name and without a value. */
export function vendorFaults(settings: Settings): string[] {
  return Object.values(VENDOR_SHAPES).flatMap((shape: VendorShape) => {
    if (!hasVendor(settings, shape)) return [];
    const missing = shape.needed.filter((name) => !settings[name]).map((name) => `${name} is missing`);
    const malformed = shape.pairs
      .filter((name) => settings[name] && pairOf(settings[name]) === null)
      .map((name) => `${name} must hold id:secret`);
    const url = settings[shape.url];
    const isUrl = url === undefined || url === "" || /^https?:\/\/[^\s/?#@]+\/?$/.test(url);
    return [...missing, ...malformed, ...(isUrl ? [] : [`${shape.url} must be an origin, as https://vendor.example`])];
  });
}

/** Addresses where no vendor ever is: this machine, and names that nobody can have (RFC 2606). Organisations there are invented. */
const NOBODYS =
  /^https?:\/\/(?:localhost|127\.0\.0\.1|\[::1\]|(?:[^\s/?#@:]+\.)?(?:test|example|invalid|localhost))(?::\d+)?\/?$/i;

/** Organisations that the country's file names nobody of yet, by the names of their settings: none is taken, also not its own. */
export const unnamedOrganisations = (isSet: (name: string) => boolean, country: Country): string[] =>
  Object.entries(VENDOR_SHAPES).flatMap(([vendor, { org }]) =>
    org !== null && isSet(org) && country.vendors[vendor as keyof Country["vendors"]]?.organisations.length === 0
      ? [`${org} is set, and the file of ${country.name} names no organisation at ${vendor} yet: add it there first`]
      : [],
  );

/**
 * Settings that are another country's: a vendor that this one does not have, and an organisation that is not among those which
 * its file names.
 */
export function foreignVendors(settings: Settings, country: Country): string[] {
  return Object.entries(VENDOR_SHAPES).flatMap(([vendor, shape]: [string, VendorShape]) => {
    if (!hasVendor(settings, shape)) return [];
    const name = vendor as keyof Country["vendors"];
    const own = country.vendors[name];
    if (own === undefined) return [`${shape.url} is set, and ${country.name} has no ${vendor}`];
    const org = shape.org === null ? undefined : settings[shape.org];
    if (!org) return [];
    const owner = Object.values(COUNTRIES).find(({ vendors }) => vendors[name]?.organisations.includes(org));
    if (owner !== undefined && owner.code !== country.code) return [`${shape.org} is an organisation of ${owner.name}`];
    if (own.organisations.includes(org) || NOBODYS.test(settings[shape.url] ?? "")) return [];
    return own.organisations.length === 0
      ? unnamedOrganisations((each) => each === shape.org, country)
      : [`${shape.org} is none of ${country.name}'s: ${own.organisations.join(", ")}`];
  });
}
