import { readCsv } from "../../../src/adapters/sheets/csv.ts";
import { readSheet } from "../../../src/adapters/sheets/sheet.ts";
import type { Sheet } from "../../../src/domain/registration/cell.ts";
import { type MadeCell, madeWorkbook } from "../../workbook.ts";

/** Statements as operators write them; everybody in them is invented. */

export const PREAMBLE: MadeCell[][] = [
  ["Account Holder:", "ONE POWER SAMPLE"],
  ["Short Code:", "12345"],
  ["Account:", "Merchant Account"],
  ["Time Period:", "From 10-04-2026 00:00:00 To 10-04-2026 23:59:59"],
  ["Operator:", "PALESA", "Report Date:", "11-04-2026 08:00:00"],
];
export const PORTAL_HEADER: MadeCell[] =
  "Receipt No.|Completion Time|Initiation Time|Details|Transaction Status|Currency|Paid In|Withdrawn|Balance|Reason Type|Opposite Party|Linked Transaction ID".split(
    "|",
  );

export type PortalRow = Partial<{
  receipt: string;
  time: string;
  details: string;
  status: string;
  currency: string;
  paidIn: string;
  withdrawn: string;
  balance: string;
  reason: string;
  party: string;
  linked: string;
}>;

export const portalRow = (over: PortalRow = {}): string[] => {
  const row = {
    receipt: "08XX0TESTA57",
    time: "10-04-2026 17:57:03",
    details: "Pay merchant from 26650000102 - PALESA SAMPLE - 0252SHG",
    status: "Completed",
    currency: "LSL",
    paidIn: "20.00",
    withdrawn: "",
    balance: "1204.55",
    reason: "Pay Merchant Online",
    party: "26650000102 - PALESA SAMPLE",
    linked: "",
    ...over,
  };
  return [
    row.receipt,
    row.time,
    row.time,
    row.details,
    row.status,
    row.currency,
    row.paidIn,
    row.withdrawn,
    row.balance,
    row.reason,
    row.party,
    row.linked,
  ];
};

const quoted = (rows: readonly (readonly MadeCell[])[]) =>
  rows.map((row) => row.map((cell) => `"${String(cell ?? "").replaceAll('"', '""')}"`).join(",")).join("\r\n");
export const bytesOf = (text: string) => new TextEncoder().encode(text);
export const sheetOf = (text: string): Sheet => {
  const read = readCsv(bytesOf(text));
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  return read.value;
};

/** As a text file: the portal's workbook that somebody saved as CSV reads the same. */
export const portalCsv = (rows: string[][], preamble = PREAMBLE) => quoted([...preamble, PORTAL_HEADER, ...rows]);
export function portalWorkbook(rows: string[][]): Sheet {
  const read = readSheet(madeWorkbook([{ name: "Sheet1", rows: [...PREAMBLE, PORTAL_HEADER, ...rows] }]));
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  return read.value;
}
