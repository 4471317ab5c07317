/** What a simulated world looks like from outside: what is still owed, and what stands in the objects and in the database. */
import type { MedicPhone } from "../medic-phone.ts";
import { asRecord } from "../serve.ts";
import type { Seen } from "./invariants.ts";
import { ACCOUNTS, AT_VENDOR, PAYERS, PHONES } from "./plan.ts";
import type { World } from "./world.ts";

const HEADS_PAGES_MAX = 50;
/** Nothing is waited for any more; what else a credit may be in the end is for the sentences about it. */
const CREDIT_ENDS = ["confirmed", "rejected", "withdrawn", "taken_back", "dead"];

export async function owedNow(world: World, phones: readonly MedicPhone[]): Promise<string[]> {
  const waiting = phones.reduce((sum, phone) => sum + phone.waiting + phone.updatesWaiting, 0);
  if (waiting > 0) return [`${waiting} with phones`];
  const { status, body } = await world.ops("GET", "/status");
  if (status !== 200) return [`status: ${status}`];
  const deep = Object.entries(asRecord(asRecord(body).depths)).filter(([name, n]) => n !== 0 && name !== "outgoingSms");
  if (deep.length > 0) return deep.map(([name, n]) => `${name}: ${n}`);
  const views = await Promise.all(PAYERS.map((account) => world.ops("GET", `/accounts/${account}`)));
  return views.flatMap(({ status: told, body: view }, index) => {
    const { copyWaiting, commands, credits } = asRecord(view);
    const openCommands = (Array.isArray(commands) ? commands : []).filter((each) =>
      /queued|published|wanted/.test(String(asRecord(each).state)),
    );
    const openCredits = listOf(credits).filter((credit) => !CREDIT_ENDS.includes(String(asRecord(credit).state)));
    return told === 200 && copyWaiting === 0 && openCommands.length === 0 && openCredits.length === 0
      ? []
      : [
          `${PAYERS[index]}: ${told}, ${copyWaiting} rows, ${openCommands.length} commands, ${openCredits.length} credits`,
        ];
  });
}

/** What all compare when they are asked to; whoever lacks something is sent it. `since`: the moment that anything was set back to. */
export async function headsNow(world: World, since: number | null = null): Promise<string[]> {
  const found: string[] = [];
  const from = since === null ? null : new Date(since).toISOString();
  let cursor: unknown = null;
  for (let page = 0; page < HEADS_PAGES_MAX; page++) {
    const { status, body } = await world.ops("POST", "/heads", { since: from, cursor });
    const { differences, next } = asRecord(body);
    if (status !== 200) return [...found, `heads: ${status}`];
    found.push(...listOf(differences).map((each) => JSON.stringify(each)));
    if (typeof next !== "string") return found;
    cursor = next;
  }
  return [...found, `more than ${HEADS_PAGES_MAX} pages`];
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** What is wrong with the chain of who did what. */
async function auditNow(world: World): Promise<string[]> {
  const { status, body } = await world.ops("GET", "/audit/chain?limit=1000");
  const { broken, lost, isEnd } = asRecord(body);
  if (status !== 200 || isEnd !== true) return [`it could not be walked: ${status} ${JSON.stringify(body)}`];
  return [...(broken === null ? [] : [JSON.stringify(broken)]), ...listOf(lost).map((each) => JSON.stringify(each))];
}

/** As the built-in text says of which payment it is. */
const RECEIPT_SMS = /for account (\S+): .* Receipt (\S+)\.$/;

/** SMS about payments that these phones have really sent. */
export const receiptSmsOf = (phones: readonly MedicPhone[]): Seen["receiptSms"] =>
  phones.flatMap((phone, index) =>
    [...phone.outgoing.values()].flatMap(({ to, content, timesSent }) => {
      const [, account, receipt] = RECEIPT_SMS.exec(content) ?? [];
      if (account === undefined || receipt === undefined || timesSent === 0) return [];
      return [{ phone: PHONES[index] ?? "", to, account, receipt, times: timesSent }];
    }),
  );

/** What the play itself knows. */
export type Known = Pick<Seen, "plan" | "beganAt" | "owed" | "acked" | "lastRead" | "receiptSms" | "forgetful">;

export async function seenNow(world: World, known: Known): Promise<Seen> {
  const views = await Promise.all(
    ACCOUNTS.map(async (account) => asRecord((await world.ops("GET", `/accounts/${account}`)).body)),
  );
  const { postgres } = world;
  const recorded = await postgres.read<{ externalId: string; state: string }>(
    `SELECT external_id AS "externalId", state FROM vendor_credits`,
  );
  const atVendor = await Promise.all(
    AT_VENDOR.map(async (account) => asRecord((await world.ops("GET", `/accounts/${account}`)).body)),
  );
  return {
    ...known,
    accounts: views.map((view, index) => ({
      account: ACCOUNTS[index] ?? "",
      balanceWh: Number(view.balanceWh),
      seq: Number(view.seq),
      availableWh: Number(view.availableWh),
      meters: listOf(view.meters).map((meter) => {
        const { registerWh, unpostedWh } = asRecord(meter);
        return { registerWh: Number(registerWh), unpostedWh: Number(unpostedWh) };
      }),
    })),
    differences: await headsNow(world),
    audit: await auditNow(world),
    sms: await postgres.read(`SELECT phone_id AS phone, external_id AS id, content FROM sms_inbound`),
    payments: await postgres.read(
      `SELECT receipt, amount_minor AS "amountMinor", holder_kind AS "holderKind", a.account_number AS account, generation
       FROM payments p LEFT JOIN accounts a ON a.id = p.account_id`,
    ),
    shares: await postgres.read(
      `SELECT l.receipt, sum(l.amount_minor)::bigint AS "amountMinor", max(l.because) AS because FROM payment_allocations l
       JOIN payments p USING (receipt, generation) GROUP BY 1`,
    ),
    entries: await postgres.read(
      `SELECT e.receipt, e.entry_key AS key, e.posting_id AS posting, e.book, e.amount_minor AS "amountMinor", e.energy_wh AS "energyWh", a.account_number AS account,
        e.kind, floor(extract(epoch FROM e.accepted_at) * 1000)::bigint AS "acceptedAt"
       FROM ledger_entries e LEFT JOIN accounts a ON a.id = e.account_id`,
    ),
    balances: await postgres.read(
      `SELECT a.account_number AS account, b.balance_wh AS "balanceWh", b.seq FROM account_balances b JOIN accounts a ON a.id = b.account_id`,
    ),
    orders: await postgres.read(
      `SELECT r.id, a.account_number AS account, r.action, r.because, floor(extract(epoch FROM r.requested_at) * 1000)::bigint AS "requestedAt"
       FROM relay_commands r JOIN accounts a ON a.id = r.account_id ORDER BY r.requested_at, r.seq`,
    ),
    published: world.published,
    forwarded: world.old.came,
    moves: [...world.moves],
    wallets: Object.values(world.vendors).flatMap((vendor) => vendor.wallets()),
    cases: (
      await postgres.read<{ key: string }>(
        "SELECT case_key AS key FROM reconciliation_cases WHERE case_kind = 'vendor_credit' AND state = 'open' ORDER BY 1",
      )
    ).map(({ key }) => key.replace("vendor_credit:", "")),
    credits: atVendor.flatMap(({ credits }, index) =>
      listOf(credits).map((credit) => {
        const { externalId, state } = asRecord(credit);
        return {
          account: AT_VENDOR[index] ?? "",
          externalId: String(externalId),
          state: String(state),
          recorded: recorded.find((row) => row.externalId === externalId)?.state ?? null,
        };
      }),
    ),
  };
}
