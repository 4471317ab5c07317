import { z } from "zod";
import { wholeUnits } from "../../domain/decimal.ts";
import { vendorInstant } from "../../domain/vendor-time.ts";
import type { VendorBalances } from "../../ports/vendor-balances.ts";
import type { VendorCallKind } from "../../ports/vendor-budget.ts";
import { jsonOf, refusalOf, unreadable, type VendorReply } from "../vendors/http.ts";
import { TC_LOOKUP_MS_MAX, type ThunderCloud } from "./door.ts";

const PATIENCE_MS = 3_000;

const text = z.string().max(200);
const Customer = z.object({
  id: z.union([text, z.number()]).transform(String),
  code: text,
  // Currency, whatever the console's label says.
  credit_balance: z.union([z.number(), text]),
  meters: z
    .array(z.object({ serial: text.nullish() }))
    .max(20)
    .nullish(),
});
const Found = z.object({ customers: z.array(Customer).max(50), status: text.nullish(), error: z.unknown() });

export type ThunderCustomer = z.infer<typeof Customer>;

/** The customer of a code, which is compared to the letter there: accounts are in upper case. */
export const askCustomer = (thunder: ThunderCloud, kind: VendorCallKind, code: string): Promise<VendorReply> =>
  thunder.ask({
    kind,
    method: "GET",
    path: `/api/v0/customer/${encodeURIComponent(code)}`,
    timeoutMs: TC_LOOKUP_MS_MAX,
    patienceMs: PATIENCE_MS,
  });

/** `unreadable`: the answer has another shape; `null`: it says that there is none. */
export function customerIn(
  reply: Extract<VendorReply, { came: "answer" }>,
  code: string,
): ThunderCustomer | null | "unreadable" {
  const read = Found.safeParse(jsonOf(reply));
  if (!read.success) return "unreadable";
  return read.data.customers.find((each) => each.code.trim().toUpperCase() === code) ?? null;
}

/** Wallets as the platform has them now. */
export const thunderBalances = (thunder: ThunderCloud): VendorBalances => ({
  async balance(customerCode) {
    const { door } = thunder;
    const reply = await askCustomer(thunder, "balance", customerCode);
    if (reply.came === "answer" && reply.status === 404) return "unknown";
    const refused = refusalOf(door, reply);
    if (refused !== null || reply.came !== "answer") return refused ?? unreadable(door, "no answer");
    const customer = customerIn(reply, customerCode);
    if (customer === "unreadable") return unreadable(door, "a customer has another shape");
    if (customer === null) return "unknown";
    const balanceMinor = wholeUnits(customer.credit_balance, thunder.settings.minorDigits);
    if (balanceMinor === null) return unreadable(door, "a balance that is no amount");
    const serials = (customer.meters ?? []).flatMap(({ serial }) => (serial ? [serial.toUpperCase()] : []));
    return { customerCode, balanceMinor, serials, rateE4PerKwh: null };
  },
});

const Base = z.object({
  serial: text.nullish(),
  id: z.union([text, z.number()]).nullish(),
  last_sync_date: text.nullish(),
});
const Info = z.array(Base).max(1_000);

/** When each base station last spoke: credits for one that is offline sit pending until it is back. */
export async function baseStations(thunder: ThunderCloud) {
  const { door } = thunder;
  const reply = await thunder.ask({
    kind: "metadata",
    method: "GET",
    path: "/api/v0/system-info",
    timeoutMs: TC_LOOKUP_MS_MAX,
    patienceMs: PATIENCE_MS,
  });
  const refused = refusalOf(door, reply);
  if (refused !== null || reply.came !== "answer") return refused ?? unreadable(door, "no answer");
  const read = Info.safeParse(jsonOf(reply));
  if (!read.success) return unreadable(door, "the list of base stations has another shape");
  return {
    bases: read.data.map(({ serial, id, last_sync_date }) => ({
      serial: serial ?? String(id ?? ""),
      lastSync: last_sync_date ? vendorInstant(last_sync_date) : null,
    })),
  };
}
