import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { withClient } from "../../dev/database-server.ts";
import { MedicPhone } from "../../dev/phones.ts";
import { type SamplePayment, type SampleSms, SampleTill } from "../../dev/samples.ts";
import { receiptShard } from "../../src/domain/receipt.ts";
import { wipeObject } from "./objects.ts";
import { ask, sleep, startWorld, until } from "./world.ts";

const PORT = 24_787;
const DATA = ".data/story-cut-over";
const OPS = fileURLToPath(new URL("../../dev/ops.ts", import.meta.url));
const DRAIN_MS_MAX = 90_000;
const SHARDS = 16;
const DAY = 86_400_000;
/** More than one page of the move-in. */
const OLD_PAYMENTS = 520;

type Country = "LS" | "BJ";
type Old = { sms: SampleSms; payment: SamplePayment };

let world: Awaited<ReturnType<typeof startWorld>> | null = null;
let cutover = 0;
const folder = mkdtempSync(join(tmpdir(), "cc-cut-over-"));
const start = async (reset: boolean) => {
  world = await startWorld({ firstPort: PORT, data: DATA, reset });
};
const stop = async () => {
  await world?.stop();
  world = null;
};

beforeAll(async () => {
  await start(true);
  cutover = Date.now() - 20 * 60_000;
  for (const code of ["LS", "BJ"] as const) {
    const { url } = country(code);
    const at = new Date(cutover).toISOString();
    expect((await ask(`${url}/api/ops/init`, { json: { cutoverAt: at }, headers: keys(code) })).status).toBe(200);
  }
});
afterAll(async () => {
  await stop();
  rmSync(folder, { recursive: true, force: true });
});

const country = (code: Country) => {
  if (world === null) throw new Error("the world is stopped");
  return world.local.countries[code];
};
const keys = (code: Country) => ({ "X-Ops-Key": country(code).opsKey, "X-Actor": "story" });

/** A command as it is typed, at the door of this story's world; its lines. */
async function run(code: Country, ...args: string[]): Promise<string[]> {
  const door = { [`OPS_URL_${code}`]: country(code).url, [`OPS_KEY_${code}`]: country(code).opsKey };
  const command = [OPS, ...args, "--env", code.toLowerCase()];
  const { stdout } = await promisify(execFile)(process.execPath, command, { env: { ...process.env, ...door } });
  return stdout.trim().split("\n");
}
const counts = (lines: string[]) =>
  JSON.parse(/^\{.*?\}/.exec(lines.at(-1) ?? "")?.[0] ?? "{}") as Record<string, number>;

const sql = async <T extends object>(code: Country, query: string): Promise<T[]> =>
  withClient(country(code).databaseUrl, async (client) => (await client.query<T>(query)).rows);
const count = async (code: Country, query: string) =>
  Number((await sql<{ n: string }>(code, `SELECT count(*) AS n FROM ${query}`))[0]?.n);

type Status = { database: string; depths: Record<string, number> };
const status = async (code: Country) =>
  (await ask<Status>(`${country(code).url}/api/ops/status`, { headers: keys(code) })).body;
const drained = (code: Country) =>
  until(
    "everything drained",
    DRAIN_MS_MAX,
    () => status(code),
    ({ database, depths }) =>
      database === "up" && Object.entries(depths).every(([name, depth]) => depth === 0 || name === "outgoingSms"),
  );

/** A month and what the old system's own table says of it. */
const live = (code: Country) => country(code).customers.filter(({ status: is }) => is === "live");
function month(): Old[] {
  const tills = [new SampleTill({ operator: "mpesa", seed: 71 }), new SampleTill({ operator: "ecocash", seed: 72 })];
  const customers = live("LS");
  return Array.from({ length: OLD_PAYMENTS }, (_, n) => {
    const customer = customers[n % customers.length];
    const at = cutover - 31 * DAY + n * Math.floor((30 * DAY) / OLD_PAYMENTS);
    const named = { account: n % 3 === 0 ? null : (customer?.account ?? null), phone: customer?.phone ?? "" };
    const till = tills[n % 2] ?? new SampleTill({ operator: "mpesa", seed: 73 });
    return till.pay({ ...named, amountMinor: 500 * (1 + (n % 9)), at });
  });
}
const isUnknown = (n: number) => n % 50 === 49;
const rowsOf = (old: Old[]) =>
  old.map(({ payment }, n) => [
    n + 1,
    payment.account ?? "",
    (payment.amountMinor / 100).toFixed(4),
    new Date(payment.at).toISOString(),
    n % 2 === 0 ? payment.receipt : payment.receipt.toLowerCase(),
    payment.phone.slice(3),
    "t",
  ]);
function write(name: string, rows: (string | number)[][]): string {
  const header = "id,account_number,transaction_amount,transaction_date,payment_reference,sms_payer_phone,is_payment";
  writeFileSync(join(folder, name), `${header}\n${rows.map((row) => row.join(",")).join("\n")}\n`);
  return join(folder, name);
}

const shuffled = <T>(all: readonly T[]): T[] =>
  all
    .map((each, n) => ({ each, at: (n * 379 + 11) % all.length }))
    .sort((a, b) => a.at - b.at)
    .map(({ each }) => each);

async function send(code: Country, phone: number, texts: readonly SampleSms[]) {
  const through = new MedicPhone({ url: country(code).phones[phone]?.medicUrl ?? "" });
  for (const sms of texts) through.store(sms);
  await until(
    "the phone empty",
    DRAIN_MS_MAX,
    async () => {
      await through.wake();
      return through.waiting;
    },
    (waiting) => waiting === 0,
  );
}

it("a month of old SMS, replayed after the move-in, credits nothing; new ones do; a lost shard changes nothing of it", async () => {
  const all = month();
  const texts = all.map(({ sms }) => sms);
  const known = all.filter((_, n) => !isUnknown(n));
  const unknown = all.filter((_, n) => isUnknown(n));
  const file = write("transactions.csv", rowsOf(known));
  const claim = (...more: string[]) =>
    run("LS", "legacy:claim", "--file", file, "--source", "transactions", "--actor", "story", ...more);

  const dry = await claim("--dry-run");
  expect(dry).toHaveLength(known.length + 1);
  expect(counts(dry)).toEqual({ added: 0, claimed: known.length });
  expect(await count("LS", "legacy_transactions")).toBe(0);
  // A page whose answer was lost is sent again, and then finds what it has done: known.
  const { claimed = 0, known: again = 0, ...others } = counts(await claim());
  expect([claimed + again, Object.keys(others)]).toEqual([known.length, ["added"]]);
  expect(await count("LS", "legacy_transactions")).toBe(known.length);
  expect(counts(await claim())).toEqual({ added: 0, known: known.length });
  await drained("LS");

  await send("LS", 0, texts);
  await send("LS", 1, shuffled(texts));
  await drained("LS");
  expect(await count("LS", "ledger_entries WHERE account_id IS NOT NULL")).toBe(0);
  expect(await count("LS", "payments WHERE holder_kind = 'legacy'")).toBe(known.length);
  expect(await count("LS", "suspense_cases WHERE because = 'before_cutover' AND state = 'open'")).toBe(unknown.length);
  expect(await count("LS", "suspense_cases WHERE because <> 'before_cutover'")).toBe(0);

  const customers = live("LS").slice(0, 3);
  const till = new SampleTill({ operator: "mpesa", seed: 74 });
  const fresh = customers.map(({ account }) => till.pay({ account, amountMinor: 2_000, at: Date.now() }));
  await send("LS", 1, [...fresh.map(({ sms }) => sms), ...texts.slice(0, 50)]);
  await drained("LS");
  expect(await count("LS", "ledger_entries WHERE account_id IS NOT NULL")).toBe(customers.length);

  // A later export: what is held here is listed and left alone, what is new is claimed.
  const late = till.pay({ account: customers[0]?.account ?? "", amountMinor: 700, at: cutover - DAY });
  const more = [...known, late, ...unknown.slice(0, 1), ...fresh.slice(0, 1)];
  const said = await run(
    "LS",
    "legacy:claim",
    "--file",
    write("later.csv", rowsOf(more)),
    "--source",
    "transactions",
    "--actor",
    "story",
  );
  expect(counts(said)).toEqual({ added: 3, claimed: 1, known: known.length, difference: 2 });
  expect(said.filter((line) => line.includes("held_by_another"))).toHaveLength(2);
  expect(said.some((line) => line.endsWith(`held by ${fresh[0]?.payment.account}`))).toBe(true);

  // A receipt of the old books: a provider's webhook is told that it is known; nobody moves it.
  const receipt = known[0]?.payment.receipt ?? "";
  const move = await ask<{ error: { kind: string } }>(`${country("LS").url}/api/ops/receipts/${receipt}/assign`, {
    json: { expectedGeneration: 1, account: customers[0]?.account, reason: "the customer asks" },
    headers: keys("LS"),
  });
  expect(move.status).toBe(409);
  await drained("LS");
  expect(await differences("LS")).toEqual([]);

  const switched = ["--site", "MAS", "--writer", "ours", "--reason", "the old writer is off", "--actor", "Mpho"];
  expect((await run("LS", "credit-writer", ...switched)).join()).toContain("MAS  ours  since");
  const listed = await run("LS", "credit-writer", "--list");
  expect(listed.find((line) => line.startsWith("MAS"))).toContain("neither sends before");
  expect(listed.find((line) => line.startsWith("SHG"))).toBe("SHG  legacy  never switched");
  expect(await count("LS", "mutations WHERE action = 'credit_writer.put' AND actor = 'Mpho'")).toBe(1);

  await stop();
  const shard = `shard-${String(receiptShard(receipt, SHARDS)).padStart(2, "0")}`;
  expect(wipeObject(DATA, "ls", "ReceiptBook", shard)).toBe(true);
  expect(wipeObject(DATA, "ls", "Directory", "directory")).toBe(true);
  await start(false);
  await send("LS", 1, shuffled(texts).slice(0, 200));
  await drained("LS");
  expect(await count("LS", "ledger_entries WHERE account_id IS NOT NULL")).toBe(customers.length);
  expect(await differences("LS")).toEqual([]);
});

it("an undated payment is looked for in the old books for 30 days, and waits while nobody can look", async () => {
  const [one, two, three] = live("BJ");
  const old = [1, one?.account ?? "", 5_000, new Date(cutover - DAY).toISOString(), "", two?.phone.slice(3) ?? "", "t"];
  const claimed = await run(
    "BJ",
    "legacy:claim",
    "--file",
    write("benin.csv", [old]),
    "--source",
    "transactions",
    "--actor",
    "story",
  );
  expect(counts(claimed)).toEqual({ added: 1, no_receipt: 1 });
  const till = new SampleTill({ operator: "momo", seed: 75 });
  const pay = (customer: typeof one, amountMinor: number) =>
    till.pay({ account: customer?.account ?? "", phone: customer?.phone ?? "", amountMinor, at: Date.now() });
  const paid = [pay(one, 5_000), pay(two, 5_000), pay(three, 5_000), pay(one, 4_500)];
  await send(
    "BJ",
    0,
    paid.map(({ sms }) => sms),
  );
  await drained("BJ");
  const holders = async (payments: Old[]) => {
    const rows = await sql<{ receipt: string; holder: string }>(
      "BJ",
      `SELECT p.receipt, coalesce(l.because, l.holder_kind) AS holder FROM payments p JOIN payment_allocations l USING (receipt, generation)`,
    );
    return payments.map(({ payment }) => rows.find((row) => row.receipt === payment.receipt)?.holder);
  };
  expect(await holders(paid)).toEqual(["legacy_twin", "legacy_twin", "account", "account"]);

  await ask(`${world?.local.simulators.database}/down`, { json: { seconds: 15 } });
  const waiting = [pay(one, 5_000), pay(three, 3_000)];
  await send(
    "BJ",
    1,
    waiting.map(({ sms }) => sms),
  );
  await sleep(3_000);
  expect((await status("BJ")).depths.unprocessedSms).toBe(2);
  await drained("BJ");
  expect(await holders(waiting)).toEqual(["legacy_twin", "account"]);
});

async function differences(code: Country): Promise<unknown[]> {
  const found: unknown[] = [];
  for (let cursor: string | null = null, first = true; first || cursor !== null; first = false) {
    const { body }: { body: { differences: unknown[]; next: string | null } } = await ask(
      `${country(code).url}/api/ops/heads`,
      { json: { since: null, cursor }, headers: keys(code) },
    );
    found.push(...body.differences);
    cursor = body.next;
  }
  return found;
}
