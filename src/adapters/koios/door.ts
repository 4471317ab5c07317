import type { Currency } from "../../domain/country.ts";
import { askVendor, type VendorCall, type VendorDoor, type VendorReply } from "../vendors/http.ts";

export type KoiosKey = { id: string; secret: string };

/** One organisation, which is one country: its keys see nothing of another's. */
export type KoiosSettings = {
  url: string;
  org: string;
  /** What its wallets are counted in: anything else comes from another country. */
  currency: Currency;
  minorDigits: 0 | 2;
  /** Pages for people count from 1 in some organisations and from 0 in others. */
  firstWebPage: 0 | 1;
  readKey: KoiosKey;
  /** Null: nothing is credited on this platform by this deployment. */
  writeKey: KoiosKey | null;
  /** For what the API refuses; null: that cannot be read. */
  webLogin: { email: string; password: string } | null;
};

export const KOIOS_LOOKUP_MS_MAX = 15_000;
export const KOIOS_WRITE_MS_MAX = 90_000;
export const KOIOS_DATA_MS_MAX = 60_000;

export const koiosSecrets = (settings: KoiosSettings): string[] =>
  [
    settings.readKey.secret,
    settings.readKey.id,
    settings.writeKey?.secret,
    settings.writeKey?.id,
    settings.webLogin?.password,
    settings.webLogin?.email,
  ].filter((each) => each !== undefined);

type ApiCall = Omit<VendorCall, "url" | "headers" | "body" | "expects"> & { path: string; json?: unknown };

/** One request of the REST API under this key. */
export const askKoios = (door: VendorDoor, url: string, key: KoiosKey, call: ApiCall): Promise<VendorReply> =>
  askVendor(door, {
    ...call,
    url: `${url.replace(/\/+$/, "")}${call.path}`,
    headers: {
      accept: "application/json",
      "x-api-key": key.id,
      "x-api-secret": key.secret,
      ...(call.json === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(call.json === undefined ? {} : { body: JSON.stringify(call.json) }),
    expects: "data",
  });
