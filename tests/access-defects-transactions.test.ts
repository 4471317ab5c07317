/** Defects planted in the transactions of the Access files, met as the answer key says: row by row. */
import { describe, expect, it } from "vitest";
import { moved } from "./access-files.ts";
import {
  because,
  cameAs,
  defects,
  type KeyRow,
  leftOut,
  main,
  minor,
  named,
  namedByKey,
  taken,
} from "./access-rows.ts";

describe("a planted defect of a transaction", () => {
  it("the same transaction in both history tables: one is taken, the other names it", () => {
    const { rows, count } = defects.same_transaction_in_both_history_tables;
    expect(rows).toHaveLength(count);
    for (const [newer, older] of rows as [number, number][]) {
      const refs = [`tblaccounthistory1 ${newer}`, `tblaccounthistoryOriginal ${older}`];
      const out = refs.flatMap((ref) => leftOut.get(ref) ?? []);
      const parked = out.filter(({ reason }) => reason === "account_unknown");
      // Both copies of a row whose account nobody knows are parked: there is no copy to take.
      if (parked.length > 0) expect(parked).toHaveLength(2);
      else {
        expect(refs.filter((ref) => taken.has(ref))).toHaveLength(1);
        expect(out.map(({ sameAs }) => `${sameAs?.table} ${sameAs?.row}`)).toEqual(
          refs.filter((ref) => taken.has(ref)),
        );
      }
    }
  });

  it("day and month swapped: exactly these rows are parked, whatever day is taken for the end of the data", () => {
    const { rows, count } = defects.swapped_day_and_month;
    expect(named(because("date_swapped"))).toEqual(namedByKey(rows));
    expect(rows).toHaveLength(count);
    expect(rows.filter((row: KeyRow) => taken.has(`${row.table} ${row.ID}`))).toEqual([]);
    const later = moved(Date.UTC(2026, 10, 28)).main;
    expect(named(later.notTaken.filter(({ reason }) => reason === "date_swapped"))).toEqual(namedByKey(rows));
    expect(later.transactions).toHaveLength(main.transactions.length);
  });

  it("a swapped row whose other copy has the right date: the transaction is taken, with that date", () => {
    const onlyOne = defects.swapped_day_and_month.rows.filter(({ how }: { how: string }) =>
      how.startsWith("one of the two"),
    );
    expect(onlyOne).toHaveLength(7);
    for (const row of onlyOne) {
      const came = cameAs(row);
      expect(came?.account).toBe(row.accountnumber.toUpperCase());
      expect(came?.wallMs).toBe(Date.parse(`${row.trueDate.replace(" ", "T")}Z`));
    }
  });

  it("kWh NULL on payments: the energy is unknown, not 0", () => {
    const { rows, count, transactions } = defects.null_kwh_on_payments;
    expect(rows).toHaveLength(count);
    for (const row of rows)
      expect(cameAs(row)).toMatchObject({ kind: "payment", energyWh: null, amountMinor: minor(row.amount) });
    expect(main.transactions.filter(({ kind, energyWh }) => kind === "payment" && energyWh === null)).toHaveLength(
      transactions,
    );
  });

  it("consumption rows with kWh in the column of money: energy, and no money", () => {
    const { transactions } = defects.consumption_rows_with_kwh_in_money_column;
    const used = main.transactions.filter(({ kind }) => kind === "consumption");
    expect(used.filter(({ amountMinor, energyWh }) => amountMinor !== null || energyWh === null)).toEqual([]);
    const parked = main.parked.filter(({ kind, isTakenElsewhere }) => kind === "consumption" && !isTakenElsewhere);
    expect(used.length + parked.length).toBe(transactions);
    // Whole watt-hours each: the sum lies within half a watt-hour a row of the old books' own.
    const kwh = used.reduce((sum, { energyWh }) => sum + (energyWh ?? 0), 0) / 1_000;
    const said = Number(defects.consumption_rows_with_kwh_in_money_column.kwhInMoneyColumnTaken);
    expect(Math.abs(kwh - said)).toBeLessThan(used.length * 0.0005);
  });

  it("payment false with money and energy both filled: of unknown kind, in no sum", () => {
    const { rows, count } = defects.flag_false_with_money_and_kwh;
    expect(rows).toHaveLength(count);
    const unknown = main.transactions.filter(({ kind }) => kind === "unknown");
    expect(unknown.map(({ table, id }) => `${table} ${id}`).sort()).toEqual(namedByKey(rows));
    for (const row of rows)
      expect(cameAs(row)).toMatchObject({
        amountMinor: minor(row.amount),
        energyWh: Math.round(Number(row.kwh) * 1_000),
      });
  });

  it("negative amounts: a payment taken back keeps its sign, of money and of energy", () => {
    const { rows, count, transactions } = defects.negative_amounts;
    expect(rows).toHaveLength(count);
    for (const row of rows) {
      const came = cameAs(row);
      expect(came).toMatchObject({ kind: "payment", amountMinor: minor(row.amount) });
      expect(came?.energyWh).toBeLessThan(0);
    }
    expect(main.transactions.filter(({ amountMinor }) => (amountMinor ?? 0) < 0)).toHaveLength(transactions);
  });

  it("amounts as currency and as double with binary noise: whole minor units", () => {
    const { rows, doublesWithNoise } = defects.amount_types;
    expect(rows).toHaveLength(doublesWithNoise);
    for (const row of rows) expect(cameAs(row)?.amountMinor).toBe(minor(row.amount));
    expect(main.transactions.filter(({ amountMinor }) => !Number.isSafeInteger(amountMinor ?? 0))).toEqual([]);
  });

  it("repeat purchases that look like duplicates: both stay", () => {
    const { rows, count } = defects.repeat_purchases_that_are_not_duplicates;
    expect(rows).toHaveLength(count);
    for (const { accountnumber, amount, dates } of rows)
      for (const date of dates) {
        const wallMs = Date.parse(`${date.replace(" ", "T")}Z`);
        const found = main.transactions.filter((each) => each.account === accountnumber && each.wallMs === wallMs);
        expect(found.map(({ amountMinor }) => amountMinor)).toContain(minor(amount));
      }
  });
});
