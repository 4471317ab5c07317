/** Keys of the staff's home, as settings hold them: Ed25519 as JSON Web Keys, each with a name (`kid`). */
export type PublicKey = { kty: "OKP"; crv: "Ed25519"; x: string; kid: string };
export type PrivateKey = PublicKey & { d: string };

/** Two are good at once while one is rotated. */
export const PUBLIC_KEYS_MAX = 2;

const KID = /^[\w.-]{1,64}$/;
/** 32 bytes in base64url: 43 characters. */
const BYTES_32 = /^[\w-]{43}$/;

function parsed(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

function publicOf(key: unknown): PublicKey | null {
  if (typeof key !== "object" || key === null) return null;
  const { kty, crv, x, kid } = key as Record<string, unknown>;
  if (kty !== "OKP" || crv !== "Ed25519" || typeof x !== "string" || !BYTES_32.test(x)) return null;
  return typeof kid === "string" && KID.test(kid) ? { kty, crv, x, kid } : null;
}

/** The key that signs; null: it is none. */
export function privateKeyOf(text: string): PrivateKey | null {
  const key = parsed(text);
  const known = publicOf(key);
  const d = key?.d;
  return known !== null && typeof d === "string" && BYTES_32.test(d) ? { ...known, d } : null;
}

/** One or two keys that tell whether the home has signed, as `{"keys":[…]}`; null: they are none, or one is the private one. */
export function publicKeysOf(text: string): PublicKey[] | null {
  const keys = parsed(text)?.keys;
  if (!Array.isArray(keys) || keys.length === 0 || keys.length > PUBLIC_KEYS_MAX) return null;
  const known = keys.map(publicOf).filter((key) => key !== null);
  const hasPrivate = keys.some((key) => typeof key === "object" && key !== null && "d" in key);
  const isDistinct = new Set(known.map(({ kid }) => kid)).size === keys.length;
  return hasPrivate || !isDistinct ? null : known;
}

type Settings = {
  IDENTITY_ORIGIN?: string | undefined;
  IDENTITY_PRIVATE_KEY?: string | undefined;
  IDENTITY_PUBLIC_KEYS?: string | undefined;
};

/** What is wrong with which of them are set, whatever they hold. */
export function identityGaps(isSet: (name: keyof Settings) => boolean): string[] {
  const [origin, own, theirs] = [
    isSet("IDENTITY_ORIGIN"),
    isSet("IDENTITY_PRIVATE_KEY"),
    isSet("IDENTITY_PUBLIC_KEYS"),
  ];
  const faults: string[] = [];
  if (!origin && (own || theirs)) faults.push("IDENTITY_ORIGIN is missing");
  if (origin && !own && !theirs)
    faults.push("IDENTITY_PUBLIC_KEYS is missing, or IDENTITY_PRIVATE_KEY where staff are at home");
  if (own && theirs)
    faults.push(
      "IDENTITY_PRIVATE_KEY and IDENTITY_PUBLIC_KEYS: staff are at home here, or in another country, not both",
    );
  return faults;
}

/** What is wrong with them, by name and without a value. All unset: the country is its own home. */
export function identityFaults(settings: Settings): string[] {
  const { IDENTITY_ORIGIN: origin, IDENTITY_PRIVATE_KEY: own, IDENTITY_PUBLIC_KEYS: theirs } = settings;
  const faults: string[] = [];
  if (origin && !isOrigin(origin))
    faults.push("IDENTITY_ORIGIN must be an https address, as https://portal.example.org");
  faults.push(...identityGaps((name) => Boolean(settings[name])));
  if (own && privateKeyOf(own) === null)
    faults.push("IDENTITY_PRIVATE_KEY must hold an Ed25519 key as JWK, with d and kid");
  if (theirs && publicKeysOf(theirs) === null)
    faults.push(
      'IDENTITY_PUBLIC_KEYS must hold one or two Ed25519 keys as {"keys":[…]}, each with its own kid and none with d',
    );
  return faults;
}

/** It is a name more than an address: nobody is asked there. On a laptop also http. */
function isOrigin(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : null;
  const isHere = url?.hostname === "127.0.0.1" || url?.hostname === "localhost";
  return url !== null && (url.protocol === "https:" || isHere) && text.length <= 200 && !/\s/.test(text);
}
