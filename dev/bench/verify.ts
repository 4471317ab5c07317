/** A run that lost, doubled or moved a cent is red, however fast it was. */
import type { LegacyRequest } from "../legacy.ts";
import { asRecord, parseJson } from "../serve.ts";
import type { BenchCountry } from "./country.ts";
import type { Expected, Texts } from "./texts.ts";

const COMPLAINTS_MAX = 20;
const ACCOUNTS_ASKED = 25;
/** 5.00 a kWh: two watt-hours a minor unit. */
const WH_PER_MINOR = 2;

type PaymentRow = { receipt: string; account: string | null; amount: string; generation: number; seen: string };

/** Everything that is not as it must be; empty: all is well. */
export async function complaints(
  country: BenchCountry,
  texts: readonly Texts[],
  forwarded: readonly LegacyRequest[] | null,
): Promise<string[]> {
  const found: string[] = [];
  const say = (line: string) => {
    if (found.length < COMPLAINTS_MAX) found.push(line);
  };
  const expected = new Map(texts.flatMap(({ payments }) => payments).map((payment) => [payment.receipt, payment]));
  const repeats = texts.reduce((sum, text) => sum + text.repeats, 0);
  const sms = texts.reduce((sum, text) => sum + text.sms, 0);
  await paymentsAgree(country, expected, repeats, say);
  await booksAgree(country, expected, say);
  const [counted] = await rowsOf<Record<"sms" | "results" | "duplicates" | "suspense" | "cases" | "dead", string>>(
    country,
    `SELECT (SELECT count(*) FROM sms_inbound) AS sms, (SELECT count(*) FROM sms_results) AS results,
      (SELECT count(*) FROM sms_results WHERE outcome = 'duplicate') AS duplicates,
      (SELECT count(*) FROM suspense_cases) AS suspense, (SELECT count(*) FROM reconciliation_cases) AS cases,
      (SELECT count(*) FROM dead_letters) AS dead`,
  );
  const wanted = { sms, results: sms, duplicates: repeats, suspense: 0, cases: 0, dead: 0 };
  for (const [name, count] of Object.entries(wanted))
    if (Number(asRecord(counted)[name]) !== count) say(`${name}: ${asRecord(counted)[name]} rows, not ${count}`);
  if (forwarded !== null) forwardedOnce(forwarded, sms, say);
  return found;
}

async function paymentsAgree(
  country: BenchCountry,
  expected: ReadonlyMap<string, Expected>,
  repeats: number,
  say: (line: string) => void,
) {
  const rows = await rowsOf<PaymentRow>(
    country,
    `SELECT p.receipt, a.account_number AS account, p.amount_minor AS amount, p.generation,
      (SELECT count(*) FROM payment_sightings s WHERE s.receipt = p.receipt) AS seen
     FROM payments p LEFT JOIN accounts a ON a.id = p.account_id`,
  );
  if (rows.length !== expected.size) say(`${rows.length} payments, not ${expected.size}`);
  let seenAgain = 0;
  for (const row of rows) {
    const payment = expected.get(row.receipt);
    seenAgain += Number(row.seen) - 1;
    if (payment === undefined) say(`${row.receipt} was never paid`);
    else if (row.generation !== 1 || row.account !== payment.account || Number(row.amount) !== payment.amountMinor)
      say(`${row.receipt} is ${row.amount} of ${row.account} (generation ${row.generation})`);
  }
  if (seenAgain !== repeats) say(`${seenAgain} receipts were seen again, not ${repeats}`);
}

async function booksAgree(country: BenchCountry, expected: ReadonlyMap<string, Expected>, say: (line: string) => void) {
  const entries = await rowsOf<{ receipt: string; amount: string; wh: string; times: string }>(
    country,
    `SELECT receipt, sum(amount_minor) AS amount, sum(energy_wh) AS wh, count(*) AS times FROM ledger_entries
     WHERE book = 'customer_energy' GROUP BY receipt`,
  );
  if (entries.length !== expected.size) say(`${entries.length} receipts are credited, not ${expected.size}`);
  for (const { receipt, amount, wh, times } of entries) {
    const minor = expected.get(receipt)?.amountMinor ?? 0;
    if (times !== "1" || Number(amount) !== minor || Number(wh) !== minor * WH_PER_MINOR)
      say(`${receipt} is credited ${times} times, ${amount} minor units, ${wh} Wh, for ${minor}`);
  }
  const [sums] = await rowsOf<{ energy: string; money: string }>(
    country,
    "SELECT coalesce(sum(energy_wh), 0) AS energy, coalesce(sum(amount_minor), 0) AS money FROM ledger_entries",
  );
  if (sums?.energy !== "0" || sums.money !== "0") say(`the books add up to ${sums?.energy} Wh and ${sums?.money}`);

  const owed = new Map<string, number>();
  for (const { account, amountMinor } of expected.values()) owed.set(account, (owed.get(account) ?? 0) + amountMinor);
  const balances = await rowsOf<{ account: string; wh: string }>(
    country,
    `SELECT a.account_number AS account, b.balance_wh AS wh FROM account_balances b JOIN accounts a ON a.id = b.account_id`,
  );
  if (balances.length !== owed.size) say(`${balances.length} accounts have a balance, not ${owed.size}`);
  for (const { account, wh } of balances)
    if (Number(wh) !== (owed.get(account) ?? 0) * WH_PER_MINOR) say(`${account} has ${wh} Wh in Postgres`);
  for (const [account, minor] of [...owed].slice(0, ACCOUNTS_ASKED)) {
    const { balanceWh } = await country.account(account);
    if (balanceWh !== minor * WH_PER_MINOR) say(`${account} has ${balanceWh} Wh in its object`);
  }
}

/** Each message id in one confirmed request, and in no second one. */
function forwardedOnce(requests: readonly LegacyRequest[], sms: number, say: (line: string) => void) {
  const times = new Map<string, number>();
  for (const id of confirmedIds(requests)) times.set(id, (times.get(id) ?? 0) + 1);
  if (times.size !== sms) say(`the old endpoint confirmed ${times.size} SMS, not ${sms}`);
  for (const [id, count] of times) if (count !== 1) say(`the old endpoint confirmed ${id} ${count} times`);
}

export function confirmedIds(requests: readonly LegacyRequest[]): string[] {
  return requests.flatMap(({ method, status, body }) => {
    if (method !== "POST" || status === null || status < 200 || status > 299) return [];
    const { messages } = asRecord(parseJson(Buffer.from(body, "base64").toString("utf8")));
    return Array.isArray(messages) ? messages.map((message) => String(asRecord(message).id)) : [];
  });
}

async function rowsOf<T extends object>(country: BenchCountry, text: string): Promise<T[]> {
  return (await country.database.query<T & Record<string, unknown>>(text)).rows;
}
