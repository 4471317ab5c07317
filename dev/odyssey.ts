import { z } from "zod";
import type { MetricRecord, PaymentRecord } from "../src/domain/odyssey.ts";

/**
 * A funder's platform, as it pulls: a day at a time, page after page, each row judged by the standard. It shares no code with what
 * answers it, so that a mistake there is not made here again.
 */
export type Ask = (url: string, headers: Record<string, string>) => Promise<Response>;
export type Dataset = "electricity-payment" | "meter-metrics";
type Source = { base: string; key: string; ask: Ask };
type Wanted = { from: number; to: number; pageSize?: number };

const STEP_MS = 24 * 3_600_000;
/** More than a year of days in pages of one row would be a loop that does not end. */
const PAGES_MAX = 20_000;

const nullable = z.string().min(1).nullable();
const latitude = z.number().min(-90).max(90).nullable();
const longitude = z.number().min(-180).max(180).nullable();
/** At most so many decimals, and never below nothing. */
const decimal = (digits: number) =>
  z
    .number()
    .nonnegative()
    .refine((value) => (String(value).split(".")[1] ?? "").length <= digits && !/e/i.test(String(value)), {
      message: `at most ${digits} decimals`,
    });
const whose = {
  customer_id: z.number().int().positive(),
  customer_name: z.string().min(1),
  account_number: z.string().regex(/^[0-9]{4}[A-Z]{3}$/),
  meter_serial: nullable,
  site_id: z.string().regex(/^[A-Z]{3}$/),
  latitude,
  longitude,
};
const Payment = z.strictObject({
  external_id: z.string().min(1),
  transaction_id: z.string().min(1),
  timestamp: z.iso.datetime(),
  amount: decimal(2),
  currency: z.string().regex(/^[A-Z]{3}$/),
  kwh_value: decimal(3).nullable(),
  payment_type: z.enum(["mobile_money", "cash", "manual", "system", "other"]),
  source: nullable,
  payment_reference: nullable,
  agent_id: z.null(),
  customer_phone: z
    .string()
    .regex(/^\+[0-9]{7,15}$/)
    .nullable(),
  ...whose,
});
const Metric = z
  .strictObject({
    external_id: z.string().regex(/^.+-\d{4}-\d{2}-\d{2}$/),
    timestamp: z.iso.datetime(),
    interval: z.literal("P1D"),
    kwh_delivered: decimal(3).nullable(),
    reading_count: z.number().int().nonnegative(),
    error_type: z.enum(["normal", "offline"]),
    ...whose,
  })
  .refine((row) => (row.error_type === "offline") === (row.reading_count === 0), "offline is a day without a reading")
  .refine((row) => row.reading_count > 0 || row.kwh_delivered === null, "what was not read is null, never 0");
const ROWS = { "electricity-payment": Payment, "meter-metrics": Metric } as const;

const Envelope = z.strictObject({
  dataset: z.string(),
  program: z.string().min(1),
  country: z.string().regex(/^[A-Z]{2}$/),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  page: z.number().int(),
  page_size: z.number().int(),
  total: z.number().int().nonnegative(),
  count: z.number().int().nonnegative(),
  data: z.array(z.unknown()),
  next_page: z.url().nullable(),
});

export type Pulled<Row> = { rows: Row[]; pages: number; faults: string[] };
type RowOf = { "electricity-payment": PaymentRecord; "meter-metrics": MetricRecord };

/** Pulls from one instant to another, a day at a time. What is wrong with an answer or a row is said, and the pull goes on. */
export async function pull<Name extends Dataset>(
  source: Source,
  dataset: Name,
  { from, to, pageSize = 500 }: Wanted,
): Promise<Pulled<RowOf[Name]>> {
  const found: Pulled<RowOf[Name]> = { rows: [], pages: 0, faults: [] };
  const named = new Set<string>();
  for (let at = from; at < to; at += STEP_MS) {
    const window = { from: at, to: Math.min(at + STEP_MS, to) };
    let next: string | null = addressOf(source.base, dataset, window, pageSize);
    for (let page = 1; next !== null; page++) {
      if (++found.pages > PAGES_MAX) throw new Error(`more than ${PAGES_MAX} pages`);
      const response = await source.ask(next, { Authorization: `Bearer ${source.key}` });
      if (response.status !== 200) throw new Error(`${next} answered ${response.status}: ${await response.text()}`);
      next = takePage(await response.json(), { dataset, window, page, pageSize }, named, found);
    }
  }
  return found;
}

type Asked = { dataset: Dataset; window: { from: number; to: number }; page: number; pageSize: number };

function takePage<Row>(body: unknown, asked: Asked, named: Set<string>, found: Pulled<Row>): string | null {
  const where = `${asked.dataset} ${new Date(asked.window.from).toISOString()} page ${asked.page}`;
  const read = Envelope.safeParse(body);
  if (!read.success) {
    found.faults.push(`${where}: ${z.prettifyError(read.error)}`);
    return null;
  }
  const envelope = read.data;
  const isAsked =
    envelope.dataset === asked.dataset &&
    Date.parse(envelope.from) === asked.window.from &&
    Date.parse(envelope.to) === asked.window.to &&
    envelope.page === asked.page &&
    envelope.page_size === asked.pageSize;
  if (!isAsked) found.faults.push(`${where}: the answer is to another question`);
  if (envelope.count !== envelope.data.length || envelope.count > asked.pageSize)
    found.faults.push(`${where}: ${envelope.data.length} rows, said to be ${envelope.count}`);
  const isLast = asked.page * asked.pageSize >= envelope.total;
  if (isLast !== (envelope.next_page === null))
    found.faults.push(`${where}: ${envelope.total} rows and a wrong next page`);
  for (const row of envelope.data) takeRow(row, where, asked, named, found);
  return envelope.next_page;
}

function takeRow<Row>(row: unknown, where: string, { dataset, window }: Asked, named: Set<string>, found: Pulled<Row>) {
  const read = ROWS[dataset].safeParse(row);
  if (!read.success) return void found.faults.push(`${where}: ${z.prettifyError(read.error)}`);
  const { external_id: id, timestamp } = read.data;
  if (Date.parse(timestamp) < window.from || Date.parse(timestamp) >= window.to)
    found.faults.push(`${where}: ${id} is of ${timestamp}, outside the window`);
  // A row that comes while pages are turned may push one onto the next page: the same again, never another.
  if (named.has(id)) return void found.faults.push(`${where}: ${id} comes twice`);
  named.add(id);
  found.rows.push(row as Row);
}

const addressOf = (base: string, dataset: Dataset, { from, to }: { from: number; to: number }, pageSize: number) =>
  `${base}/${dataset}?${new URLSearchParams({
    ...{ from: new Date(from).toISOString(), to: new Date(to).toISOString() },
    ...{ page: "1", page_size: String(pageSize) },
  })}`;

const HOUR_MS = 3_600_000;

/** What the door has to refuse, asked for: each that is not refused as the standard says is named. */
export async function refusals({ base, key, ask }: Source, at: number): Promise<string[]> {
  const [day, next] = [new Date(at).toISOString(), new Date(at + STEP_MS).toISOString()];
  const late = new Date(at + 26 * HOUR_MS).toISOString();
  const wrong: string[] = [];
  const cases: [string, string, string | null, number[]][] = [
    ["no key", `from=${day}&to=${next}`, null, [401]],
    ["a key of nobody", `from=${day}&to=${next}`, `ody_${"x".repeat(43)}`, [401]],
    ["no window", "", key, [400]],
    ["no end", `from=${day}`, key, [400]],
    ["a beginning that is no instant", `from=yesterday&to=${next}`, key, [400]],
    ["an end before the beginning", `from=${next}&to=${day}`, key, [400]],
    ["26 hours", `from=${day}&to=${late}`, key, [400]],
    ["page 0", `from=${day}&to=${next}&page=0`, key, [400, 422]],
    ["1,001 rows a page", `from=${day}&to=${next}&page_size=1001`, key, [400, 422]],
  ];
  for (const dataset of Object.keys(ROWS))
    for (const [name, search, shown, expected] of cases) {
      const headers: Record<string, string> = shown === null ? {} : { Authorization: `Bearer ${shown}` };
      const { status } = await ask(`${base}/${dataset}?${search}`, headers);
      if (!expected.includes(status)) wrong.push(`${dataset}, ${name}: ${status} and not ${expected.join(" or ")}`);
    }
  return wrong;
}
