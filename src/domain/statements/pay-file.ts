import type { Country, Operator } from "../country.ts";
import type { FieldFault } from "../customer.ts";
import { canonicalPhone } from "../phone.ts";
import { canonicalReceipt } from "../receipt.ts";
import { fileFault, type Sheet } from "../registration/cell.ts";
import { err, ok, type Result } from "../result.ts";
import { ISO, readDate } from "./dates.ts";
import type { RowRead, StatementLine } from "./line.ts";
import { amountIn } from "./words.ts";

/** Who a sender is; others were never the operators'. */
const SENDERS = new Map<string, Operator>([
  ["MPESA", "mpesa"],
  ["199", "ecocash"],
]);
const CELLS = 5;

/** A line of the old gateway's payment files, with its operator: one file may hold those of both. */
export type PayLine = StatementLine & { provider: Operator };

/**
 * `PAY_….txt` of the old gateway: time, receipt, amount, phone, sender, without a header. It is that system's copy of an SMS
 * and no operator's list: it settles no day, and names no account.
 */
export function readPayFile(sheet: Sheet, country: Country): Result<RowRead<PayLine>[], FieldFault[]> {
  const rows: RowRead<PayLine>[] = [];
  for (const { row, cells } of sheet.rows) {
    const [time = "", id = "", amount = "", phone = "", sender = "", ...more] = cells.map(
      (cell) => cell?.text.trim() ?? "",
    );
    if (cells.every((cell) => cell === null)) continue;
    const refuse = (field: string, value: unknown, expected: string) =>
      rows.push({ row, fault: { field, value, expected } });
    if (cells.length < CELLS || more.some((text) => text !== ""))
      return err(
        fileFault(`row ${row} with ${cells.length} cells`, "time, receipt, amount, phone and sender in each line"),
      );
    const at = readDate(time, ISO, country);
    if (at === null) return err([{ field: `row ${row}`, value: time, expected: ISO.expected }]);
    const receipt = canonicalReceipt(id);
    const amountMinor = amountIn(amount, country);
    const provider = SENDERS.get(sender.toUpperCase());
    if (receipt === null) refuse("receipt", id, "the operator's receipt");
    else if (amountMinor === null || amountMinor === 0)
      refuse("amount", amount, `an amount of ${country.currency} above 0`);
    else if (provider === undefined || !country.operators.includes(provider)) refuse("sender", sender, "MPESA or 199");
    else
      rows.push({
        row,
        line: {
          row,
          receipt,
          kind: "payment",
          amountMinor,
          at,
          balanceMinor: null,
          payerPhone: canonicalPhone(phone, country),
          text: "",
          linked: null,
          linkedMinor: null,
          provider,
        },
      });
  }
  return rows.length === 0 ? err(fileFault("nothing", "a line for each payment")) : ok(rows);
}
