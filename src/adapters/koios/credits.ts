import { decimalText } from "../../domain/decimal.ts";
import type { VendorCredits } from "../../ports/vendor-credits.ts";
import { rawOf, type VendorDoor } from "../vendors/http.ts";
import { askKoios, KOIOS_LOOKUP_MS_MAX, KOIOS_WRITE_MS_MAX, type KoiosKey, type KoiosSettings } from "./door.ts";

const PATIENCE_MS = 5_000;

/** Credits of wallets (Koios v1). What an answer means, its caller judges: here it is only carried. */
export function koiosCredits(settings: KoiosSettings, writeKey: KoiosKey, door: VendorDoor): VendorCredits {
  const ask = async (method: string, path: string, timeoutMs: number, json?: unknown) =>
    rawOf(
      door,
      await askKoios(door, settings.url, writeKey, {
        kind: "credit",
        method,
        path: `/api/v1${path}`,
        timeoutMs,
        patienceMs: PATIENCE_MS,
        ...(json === undefined ? {} : { json }),
      }),
    );
  return {
    async send({ externalId, customerCode, amountMinor, currency, memo }) {
      if (currency !== settings.currency)
        throw new RangeError(`this organisation's wallets are in ${settings.currency}`);
      if (amountMinor <= 0) throw new RangeError("a credit is above zero");
      // Texts with exactly the currency's decimals: a number is not taken, and XOF with decimals is refused.
      const amount = decimalText(amountMinor, settings.minorDigits);
      const json = { customer_code: customerCode, amount, memo, external_id: externalId };
      return ask("POST", "/payments", KOIOS_WRITE_MS_MAX, json);
    },
    find: (externalId) => ask("GET", `/payments?external_id=${encodeURIComponent(externalId)}`, KOIOS_LOOKUP_MS_MAX),
    reverse: (vendorId) => ask("POST", `/payments/${encodeURIComponent(vendorId)}/reverse`, KOIOS_WRITE_MS_MAX, {}),
  };
}
