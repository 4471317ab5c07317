import { z } from "zod";
import { wholeUnits } from "../../domain/decimal.ts";
import type { VendorBalance, VendorBalances } from "../../ports/vendor-balances.ts";
import type { FeedRefusal } from "../../ports/vendor-feeds.ts";
import { jsonOf, refusalOf, unreadable, type VendorDoor } from "../vendors/http.ts";
import { askKoios, KOIOS_LOOKUP_MS_MAX, type KoiosSettings } from "./door.ts";

const PATIENCE_MS = 3_000;
const RATE_DECIMALS = 4;

const text = z.string().max(200);
const decimal = z.union([z.number(), text]);
const Customer = z.object({
  code: text,
  balances: z.object({ credit: z.object({ value: decimal, currency: text }) }),
  meters: z
    .array(
      z.object({
        serial: text.nullish(),
        tariff: z
          .object({ rate_amount: decimal.nullish(), electricity_rate: z.object({ value: decimal }).nullish() })
          .nullish(),
      }),
    )
    .max(20)
    .nullish(),
});
const Found = z.object({ data: z.array(Customer).max(50) });

/** Wallets as the platform has them now (Koios v1, the customer of a code). */
export const koiosBalances = (settings: KoiosSettings, door: VendorDoor): VendorBalances => ({
  async balance(customerCode) {
    const reply = await askKoios(door, settings.url, settings.readKey, {
      kind: "balance",
      method: "GET",
      path: `/api/v1/customers?code=${encodeURIComponent(customerCode)}`,
      timeoutMs: KOIOS_LOOKUP_MS_MAX,
      patienceMs: PATIENCE_MS,
    });
    if (reply.came === "answer" && reply.status === 404) return "unknown";
    const refused = refusalOf(door, reply);
    if (refused !== null || reply.came !== "answer") return refused ?? unreadable(door, "no answer");
    const read = Found.safeParse(jsonOf(reply));
    if (!read.success) return unreadable(door, "a customer has another shape");
    // By code and no other: a filter that was ignored would answer with somebody else's wallet.
    const found = read.data.data.find(({ code }) => code.trim().toUpperCase() === customerCode);
    return found === undefined ? "unknown" : balanceOf(settings, door, customerCode, found);
  },
});

function balanceOf(
  { currency, minorDigits }: KoiosSettings,
  door: VendorDoor,
  customerCode: string,
  { balances, meters }: z.infer<typeof Customer>,
): VendorBalance | FeedRefusal {
  // The keys of another country would show its wallets.
  if (balances.credit.currency !== currency) return unreadable(door, `a wallet in ${balances.credit.currency}`);
  const balanceMinor = wholeUnits(balances.credit.value, minorDigits);
  if (balanceMinor === null) return unreadable(door, "a balance that is no amount");
  const tariff = meters?.[0]?.tariff;
  const rate = tariff?.electricity_rate?.value ?? tariff?.rate_amount ?? null;
  return {
    customerCode,
    balanceMinor,
    serials: (meters ?? []).flatMap(({ serial }) => (serial ? [serial.toUpperCase()] : [])),
    rateE4PerKwh: rate === null ? null : wholeUnits(rate, RATE_DECIMALS),
  };
}
