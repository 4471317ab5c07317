import { parquetWriteBuffer } from "hyparquet-writer";
import { DAY_MS, INTERVAL_MS, mixed } from "../vendors/energy.ts";
import { hasGap } from "../vendors/gaps.ts";
import { shortId, type TcState } from "./state.ts";

/** Column names of each release of ThunderCloud. */
const RELEASES = [
  { meter: "meter", at: "timestamp", kwh: "kilowatt_hours", code: "snapshot_customer_code" },
  { meter: "meter", at: "reading_time", kwh: "kilowatt_hours", code: "snapshot_customer_id" },
  { meter: "meter", at: "datetime", kwh: "kilowatt_hours", code: "snapshot_customer_code" },
  { meter: "meter", at: "date", kwh: "kilowatt_hours", code: "snapshot_customer_id" },
] as const;

const GARBAGE_KWH = 1.66e12;
const FUTURE_MS = 3 * DAY_MS;

type Row = { meter: number; at: number; kwh: number; cost: number; credit: number; code: string | null };

/** A base station's readings of a UTC day as a parquet file: uncompressed, one group of rows. */
export function readingsFile(tc: TcState, site: string, dayAt: number): Uint8Array {
  const { board } = tc;
  if (board.strikes("tiny_file", dayAt) !== null) return new TextEncoder().encode("PAR1PAR1");
  const rows = rowsOf(tc, site, dayAt);
  const renamed = board.strikes("renamed_columns", site, dayAt);
  const release = RELEASES[(Number(renamed?.release ?? 1) - 1) % RELEASES.length] ?? RELEASES[0];
  const isText = board.strikes("text_times", site, dayAt) !== null;
  const areTexts = board.strikes("text_meters", site, dayAt) !== null;
  const base = dayAt / INTERVAL_MS;
  const times = isText
    ? { name: release.at, data: rows.map(({ at }) => new Date(at).toISOString()) }
    : { name: release.at, data: rows.map(({ at }) => BigInt(at) * 1_000n) };
  const buffer = parquetWriteBuffer({
    codec: "UNCOMPRESSED",
    schema: [
      { name: "root", num_children: 7 },
      { name: "heartbeat_id", type: "INT64", repetition_type: "REQUIRED" },
      areTexts
        ? { name: release.meter, type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "REQUIRED" }
        : { name: release.meter, type: "INT32", repetition_type: "REQUIRED" },
      isText
        ? { name: release.at, type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "REQUIRED" }
        : { name: release.at, type: "INT64", converted_type: "TIMESTAMP_MICROS", repetition_type: "REQUIRED" },
      { name: release.kwh, type: "DOUBLE", repetition_type: "REQUIRED" },
      { name: "cost", type: "DOUBLE", repetition_type: "REQUIRED" },
      { name: "acct_credit", type: "DOUBLE", repetition_type: "REQUIRED" },
      { name: release.code, type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "OPTIONAL" },
    ],
    columnData: [
      { name: "heartbeat_id", data: rows.map((_, index) => BigInt(base) * 10_000n + BigInt(index)) },
      { name: release.meter, data: rows.map(({ meter }) => (areTexts ? String(meter) : meter)) },
      times,
      { name: release.kwh, data: rows.map(({ kwh }) => kwh) },
      { name: "cost", data: rows.map(({ cost }) => cost) },
      { name: "acct_credit", data: rows.map(({ credit }) => credit) },
      { name: release.code, data: rows.map(({ code }) => code ?? undefined) },
    ],
    rowGroupSize: Math.max(1, rows.length),
  });
  return new Uint8Array(buffer);
}

function rowsOf(tc: TcState, site: string, dayAt: number): Row[] {
  const { board, wallets } = tc;
  const scale = 10 ** wallets.options.minorDigits;
  const duplicates = board.strikes("duplicates", site, dayAt);
  const garbage = board.strikes("garbage", site, dayAt);
  const rows: Row[] = [];
  for (const customer of tc.metered(site)) {
    const serial = customer.serial ?? "";
    const energy = wallets.energyOf(customer);
    const code = board.strikes("missing_code", serial, dayAt) === null ? customer.code : null;
    const told = wallets.payments.filter(({ code }) => code === customer.code);
    for (let at = dayAt; at < dayAt + DAY_MS; at += INTERVAL_MS) {
      const wh = energy?.intervalWh(at) ?? 0;
      if (hasGap(board.strikes("gaps", serial, dayAt), serial, at)) continue;
      const paid = told.filter((payment) => wallets.isProcessed(payment, at + INTERVAL_MS));
      const paidMinor = paid.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
      const credit = customer.openingMinor + paidMinor - wallets.costMinor(customer, at + INTERVAL_MS);
      const cost = Number(((wh * customer.rateE4PerKwh) / 10_000_000).toFixed(4));
      const kwh = Number(((energy?.writtenTenthsWh(at) ?? 0) / 10_000).toFixed(4));
      const row = { meter: shortId(serial), at, kwh, cost, credit: credit / scale, code };
      const index = rows.length;
      if (garbage !== null && mixed(index, dayAt / DAY_MS) % 1_000 < Number(garbage.perMille))
        rows.push({ ...row, kwh: GARBAGE_KWH });
      for (let time = 0; time < Math.max(1, Number(duplicates?.times ?? 1)); time++) rows.push(row);
    }
  }
  const [first] = rows;
  if (first !== undefined && board.strikes("future_row", site, dayAt) !== null)
    rows.push({ ...first, at: dayAt + DAY_MS + FUTURE_MS, kwh: 1 });
  return rows;
}
