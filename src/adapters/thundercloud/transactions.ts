import { z } from "zod";
import { readPayment } from "../../domain/vendor-payment.ts";
import type { FeedRefusal } from "../../ports/vendor-feeds.ts";
import type { VendorPayments } from "../../ports/vendor-payments.ts";
import { jsonOf, refusalOf, unreadable } from "../vendors/http.ts";
import type { ThunderCloud } from "./door.ts";

export const TRANSACTIONS_PAGE = 500;

const text = z.string().max(500);
const Transaction = z.object({
  id: text.nullish(),
  acct_type: text.nullish(),
  amount: z.union([z.number(), text]),
  created: text,
  external_id: z.union([text, z.number()]).nullish(),
  memo: text.nullish(),
  status: text.nullish(),
  to_data: z.object({ meter_serial: text.nullish(), customer_code: text.nullish() }).nullish(),
});
const Page = z.object({ transactions: z.array(z.unknown()).max(TRANSACTIONS_PAGE), total: z.number().nullish() });

/** The lines of one page, as they came, newest first. */
export async function transactionLines(
  thunder: ThunderCloud,
  number: number,
): Promise<{ lines: unknown[]; more: boolean } | FeedRefusal> {
  const { door, pages } = thunder;
  const from = number * TRANSACTIONS_PAGE;
  const reply = await pages?.get(`/transaction/transactions.json?start=${from}&length=${TRANSACTIONS_PAGE}`);
  if (reply === undefined || reply === "refused") return noPages(thunder);
  const refused = refusalOf(door, reply);
  if (refused !== null || reply.came !== "answer") return refused ?? unreadable(door, "no answer");
  const read = Page.safeParse(jsonOf(reply));
  if (!read.success) return unreadable(door, "the list of transactions has another shape");
  return { lines: read.data.transactions, more: read.data.transactions.length > 0 };
}

/** There is no login, or it is not taken. */
export const noPages = ({ door, pages }: ThunderCloud): FeedRefusal => ({
  refused: "unauthorised",
  retryAt: null,
  detail: pages === null ? `${door.name} has no login here for its pages` : `${door.name} does not take the login`,
});

/** All credits of the organisation, newest first, as the console lists them. */
export const thunderPayments = (thunder: ThunderCloud): VendorPayments => ({
  async page(number) {
    const got = await transactionLines(thunder, number);
    if ("refused" in got) return got;
    const { currency, minorDigits } = thunder.settings;
    const leftOut: Record<string, number> = {};
    const payments = got.lines.flatMap((raw) => {
      const line = Transaction.safeParse(raw);
      // A debt or a plan is another wallet than the one that is bought.
      const isOther = line.success && !/^credit$/i.test(line.data.acct_type ?? "credit");
      const read = !line.success
        ? "unreadable"
        : isOther
          ? "other_wallet"
          : readPayment(rowOf(line.data), currency, minorDigits);
      if (typeof read !== "string") return [read];
      leftOut[read] = (leftOut[read] ?? 0) + 1;
      return [];
    });
    return { payments, leftOut, more: got.more };
  },
});

const rowOf = (line: z.infer<typeof Transaction>) => ({
  id: line.id,
  externalId: line.external_id,
  code: line.to_data?.customer_code,
  serial: line.to_data?.meter_serial,
  amount: line.amount,
  currency: null,
  memo: line.memo,
  status: line.status,
  type: null,
  at: line.created,
});
