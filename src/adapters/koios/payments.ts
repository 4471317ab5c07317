import { z } from "zod";
import { readPayment } from "../../domain/vendor-payment.ts";
import type { VendorPayments } from "../../ports/vendor-payments.ts";
import { jsonOf, refusalOf, unreadable, type VendorDoor } from "../vendors/http.ts";
import { WebSession } from "../vendors/web-session.ts";
import type { KoiosSettings } from "./door.ts";

const PAGE_ROWS_MAX = 500;

const text = z.string().max(500);
const Payment = z.object({
  id: text.nullish(),
  external_id: z.union([text, z.number()]).nullish(),
  credited_at: text.nullish(),
  amount: z.object({ value: z.union([z.number(), text]), currency: text }),
  status: text.nullish(),
  type: text.nullish(),
  memo: text.nullish(),
  customer_code: text.nullish(),
  customer_meter_serial: text.nullish(),
});
const Page = z.object({ payments: z.array(z.unknown()).max(PAGE_ROWS_MAX), total_count: z.number().nullish() });

/** All credits of the organisation, newest first. The API refuses to list them; the page that people look at does not. */
export function koiosPayments(
  settings: KoiosSettings,
  login: { email: string; password: string },
  door: VendorDoor,
): VendorPayments {
  const session = new WebSession(door, { origin: settings.url, ...login });
  const base = `/sm/organizations/${encodeURIComponent(settings.org)}/payments`;
  return {
    async page(number) {
      const page = number + settings.firstWebPage;
      const reply = await session.get(`${base}?page=${page}&page_size=${PAGE_ROWS_MAX}`);
      if (reply === "refused")
        return { refused: "unauthorised", retryAt: null, detail: `${door.name} does not take the login of its pages` };
      const refused = refusalOf(door, reply);
      if (refused !== null || reply.came !== "answer") return refused ?? unreadable(door, "no answer");
      const read = Page.safeParse(jsonOf(reply));
      if (!read.success) return unreadable(door, "the list of payments has another shape");
      const leftOut: Record<string, number> = {};
      const payments = read.data.payments.flatMap((row) => {
        const line = Payment.safeParse(row);
        const got = line.success
          ? readPayment(rowOf(line.data), settings.currency, settings.minorDigits)
          : "unreadable";
        if (typeof got !== "string") return [got];
        leftOut[got] = (leftOut[got] ?? 0) + 1;
        return [];
      });
      // The page's size is the vendor's own affair: only an empty one is certainly the last.
      return { payments, leftOut, more: read.data.payments.length > 0 };
    },
  };
}

const rowOf = (line: z.infer<typeof Payment>) => ({
  id: line.id,
  externalId: line.external_id,
  code: line.customer_code,
  serial: line.customer_meter_serial,
  amount: line.amount.value,
  currency: line.amount.currency,
  memo: line.memo,
  status: line.status,
  type: line.type,
  at: line.credited_at,
});
