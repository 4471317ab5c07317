import { decimalText } from "../../src/domain/decimal.ts";
import { BYTE_ORDER_MARK, csvLine, endLine, harmless } from "../../src/domain/export/csv.ts";
import {
  listPayments,
  PAYMENTS_CSV_MAX,
  PAYMENTS_CSV_PAGE,
  type PaymentListed,
  type PaymentsCursor,
  type PaymentsFilter,
} from "../../src/queries/payments.ts";
import type { Env } from "../env.ts";
import { countryOf, readerOf } from "../ports.ts";

const HEADS = ["paid at (local)", "receipt", "provider", "amount", "currency", "holder", "accounts", "customer"];
const MORE_HEADS = ["energy Wh", "payer", "till", "road", "blocked"];

/** Page by page, so that a long file holds no more than a page in memory; a last line says that it is whole. */
export async function* paymentLines(env: Env, filter: PaymentsFilter): AsyncGenerator<string> {
  const { utcOffsetMinutes, minorDigits } = countryOf(env);
  yield BYTE_ORDER_MARK + csvLine([...HEADS, ...MORE_HEADS]);
  let before: PaymentsCursor | null = null;
  for (let rows = 0; ; ) {
    const page: PaymentListed[] = await listPayments(readerOf(env), filter, before, PAYMENTS_CSV_PAGE);
    rows += page.length;
    if (page.length > 0) yield page.map((row) => lineOf(row, utcOffsetMinutes, minorDigits)).join("");
    const last = page.at(-1);
    if (last === undefined || page.length < PAYMENTS_CSV_PAGE) return yield `${endLine(rows)}\r\n`;
    if (rows >= PAYMENTS_CSV_MAX) return yield `# only the newest ${rows} rows; ask for fewer days\r\n`;
    before = { paidAt: last.paidAt, receipt: last.receipt };
  }
}

function lineOf(row: PaymentListed, utcOffsetMinutes: number, minorDigits: 0 | 2): string {
  const local = new Date(row.paidAt + utcOffsetMinutes * 60_000).toISOString().slice(0, 19).replace("T", " ");
  const cells = [
    ...[local, row.receipt, row.provider, decimalText(row.amountMinor, minorDigits), row.currency, row.holderKind],
    ...[row.accounts.join(" "), row.name, row.energyWh === null ? null : String(row.energyWh), row.payerPhone],
    ...[row.tillId, row.road, row.blocked ? "yes" : ""],
  ];
  return csvLine(cells.map((cell) => (cell === null ? null : harmless(cell))));
}
