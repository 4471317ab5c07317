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
  needed: readonly string[];
  optional: readonly string[];
  pairs: readonly string[];
};

export const VENDOR_SHAPES = {
  koios: {
    url: "KOIOS_URL",
    needed: ["KOIOS_URL", "KOIOS_ORG", "KOIOS_READ_KEY"],
    optional: ["KOIOS_WRITE_KEY", "KOIOS_WEB_LOGIN"],
    pairs: ["KOIOS_READ_KEY", "KOIOS_WRITE_KEY", "KOIOS_WEB_LOGIN"],
  },
  thundercloud: {
    url: "THUNDERCLOUD_URL",
    needed: ["THUNDERCLOUD_URL", "THUNDERCLOUD_ORG", "THUNDERCLOUD_TOKEN"],
    optional: ["THUNDERCLOUD_LOGIN"],
    pairs: ["THUNDERCLOUD_LOGIN"],
  },
  steama: { url: "STEAMA_URL", needed: ["STEAMA_URL", "STEAMA_LOGIN"], optional: [], pairs: ["STEAMA_LOGIN"] },
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
