/** Looks at everything of a batch once it is quiet, and parts it by seed. */
import { setTimeout as wait } from "node:timers/promises";
import { withClient } from "../database-server.ts";
import { asRecord } from "../serve.ts";
import type { Lane } from "./lane.ts";
import type { Acked, Said } from "./players.ts";
import type { Script } from "./script.ts";
import { SHARED } from "./shots.ts";
import type {
  AccountSeen,
  AllocationSeen,
  Book,
  CaseSeen,
  CreditSeen,
  EntrySeen,
  PaymentSeen,
  PhoneSeen,
  ResultSeen,
  SmsSeen,
  Snapshot,
  SuspenseSeen,
} from "./snapshot.ts";

/** Four seconds: nearly a minute of the fast clock, and a debt that is on its way needs a few seconds of it. */
const LOOKS_MAX = 16;
const LOOK_PAUSE_MS = 250;

export type Played = {
  script: Script;
  acked: Acked[];
  mirrored: string[];
  said: Said[];
  phonesWaiting: number;
  /** Machine instants of crashes and evictions. */
};

type Rows = {
  payments: PaymentSeen[];
  allocations: AllocationSeen[];
  entries: EntrySeen[];
  balances: { account: string; seq: number; balanceWh: number }[];
  sms: SmsSeen[];
  results: ResultSeen[];
  cases: CaseSeen[];
  suspense: (SuspenseSeen & { till: string | null })[];
  credits: { externalId: string; state: string }[];
};

export async function collect(
  lane: Lane,
  played: readonly Played[],
  batch: { stuck: string[]; differences: string[]; disturbances: number[] },
): Promise<Snapshot[]> {
  const receipts = played.flatMap(({ script }) => script.expected.map(({ receipt }) => receipt));
  const accounts = played.flatMap(({ script }) => script.accounts.map(({ account }) => account));
  const phones = played.flatMap(({ script }) => Object.values(script.phones));
  const rows = await rowsOf(lane.ownerUrl, receipts, accounts, phones);
  const phonesSeen = await phonesOf(lane);
  return Promise.all(
    played.map(async ({ script, acked, mirrored, said, phonesWaiting }): Promise<Snapshot> => {
      const ownReceipts = new Set(script.expected.map(({ receipt }) => receipt));
      const ownAccounts = new Set(script.accounts.map(({ account }) => account));
      // Our own side of a fee that is charged names neither receipt nor account.
      const ownPostings = new Set(
        rows.entries.flatMap(({ receipt, account, postingId }) =>
          ownReceipts.has(receipt ?? "") || ownAccounts.has(account ?? "") ? [postingId] : [],
        ),
      );
      const ownPhones = new Set<string>(Object.values(script.phones));
      const ids = new Set(acked.map(({ id }) => id).concat(mirrored));
      const own = String(script.place);
      const atVendor = script.accounts.filter(({ atVendor }) => atVendor).map(({ account }) => account);
      const did = lane.did.filter(({ owner }) => owner === own || owner === SHARED);
      return {
        seed: script.seed,
        till: script.till,
        expected: script.expected,
        textLost: script.textLost,
        books: await booksOf(lane, [...ownReceipts]),
        payments: rows.payments.filter(({ receipt }) => ownReceipts.has(receipt)),
        allocations: rows.allocations.filter(({ receipt }) => ownReceipts.has(receipt)),
        entries: rows.entries.filter(({ postingId }) => ownPostings.has(postingId)),
        accounts: await accountsOf(lane, script, rows),
        atVendor,
        credits: await creditsOf(lane, atVendor, rows),
        wallets: lane.vendor.payments(new Set(atVendor)),
        acked,
        mirrored,
        sms: rows.sms.filter(({ phoneId }) => ownPhones.has(phoneId)),
        results: rows.results.filter(({ phoneId }) => ownPhones.has(phoneId)),
        phones: phonesSeen.filter(({ phoneId }) => ownPhones.has(phoneId)),
        phonesWaiting,
        posts: lane.old.posts().filter(({ items }) => items.some(({ id }) => ids.has(id))),
        notes: lane.notes.filter(({ phoneId }) => ownPhones.has(phoneId)),
        disturbances: [...did.map(({ at }) => at), ...batch.disturbances],
        mpesaGaps: await gapsOf(lane, script.till),
        cases: rows.cases.filter(
          ({ subject }) =>
            subject === script.till ||
            ownPhones.has(subject) ||
            ownReceipts.has(subject) ||
            [...ownAccounts].some((account) => subject.includes(account)),
        ),
        suspense: rows.suspense.filter(({ receipt, till }) => ownReceipts.has(receipt ?? "") || till === script.till),
        said,
        did,
        headsDifferences: batch.differences,
        stuck: batch.stuck,
      };
    }),
  );
}

async function rowsOf(url: string, receipts: string[], accounts: string[], phones: string[]): Promise<Rows> {
  return withClient(url, async (client) => {
    const rows = async <T>(text: string, values: unknown[]): Promise<T[]> =>
      (await client.query<{ row: T }>(`SELECT row_to_json(q) AS row FROM (${text}) q`, values)).rows.map(
        ({ row }) => row,
      );
    return {
      payments: await rows<PaymentSeen>(
        `SELECT receipt, amount_minor AS "amountMinor", holder_kind AS "holderKind", a.account_number AS account, generation, blocked
         FROM payments p LEFT JOIN accounts a ON a.id = p.account_id WHERE receipt = ANY($1)`,
        [receipts],
      ),
      allocations: await rows<AllocationSeen>(
        `SELECT receipt, generation, share, holder_kind AS "holderKind", a.account_number AS account, amount_minor AS "amountMinor"
         FROM payment_allocations p LEFT JOIN accounts a ON a.id = p.account_id WHERE receipt = ANY($1)`,
        [receipts],
      ),
      entries: await rows<EntrySeen>(
        `SELECT entry_key AS "entryKey", posting_id AS "postingId", book, kind, energy_wh AS "energyWh",
           amount_minor AS "amountMinor", currency, a.account_number AS account, seq, balance_after_wh AS "balanceAfterWh", receipt, hash
         FROM ledger_entries e LEFT JOIN accounts a ON a.id = e.account_id
         WHERE posting_id IN (SELECT posting_id FROM ledger_entries x LEFT JOIN accounts b ON b.id = x.account_id
           WHERE receipt = ANY($1) OR b.account_number = ANY($2))`,
        [receipts, accounts],
      ),
      balances: await rows<Rows["balances"][number]>(
        `SELECT a.account_number AS account, b.seq, b.balance_wh AS "balanceWh" FROM account_balances b JOIN accounts a ON a.id = b.account_id
         WHERE a.account_number = ANY($1)`,
        [accounts],
      ),
      sms: (
        await rows<SmsSeen & { raw: string }>(
          `SELECT phone_id AS "phoneId", external_id AS id, encode(content_raw, 'base64') AS raw, quarantine IS NOT NULL AS quarantined
           FROM sms_inbound WHERE phone_id = ANY($1)`,
          [phones],
        )
      ).map(({ raw, ...sms }) => ({ ...sms, text: Buffer.from(raw, "base64").toString("utf8") })),
      results: await rows<ResultSeen>(
        `SELECT phone_id AS "phoneId", external_id AS id, outcome, receipt FROM sms_results WHERE phone_id = ANY($1)`,
        [phones],
      ),
      cases: await rows<CaseSeen>(`SELECT case_kind AS kind, subject, state FROM reconciliation_cases`, []),
      credits: await rows<Rows["credits"][number]>(`SELECT external_id AS "externalId", state FROM vendor_credits`, []),
      suspense: await rows<Rows["suspense"][number]>(
        `SELECT case_key AS "caseKey", receipt, amount_minor AS "amountMinor", state, till_id AS till FROM suspense_cases`,
        [],
      ),
    };
  });
}

async function booksOf(lane: Lane, receipts: string[]): Promise<Book[]> {
  const answers = await Promise.all(receipts.map((receipt) => lane.look(`/receipts/${receipt}`)));
  return answers.flatMap(({ status, body }) => (status === 200 ? [bookOf(body)] : []));
}

function bookOf(body: unknown): Book {
  const state = asRecord(body);
  const shares = Array.isArray(state.shares) ? state.shares.map(asRecord) : [];
  return {
    receipt: String(state.receipt),
    amountMinor: Number(state.amountMinor),
    generation: Number(state.generation),
    phase: String(state.phase),
    blocked: state.blocked === true,
    shares: shares.map((share) => {
      const holder = asRecord(share.holder);
      return {
        kind: String(holder.kind),
        account: typeof holder.account === "string" ? holder.account : null,
        amountMinor: Number(share.amountMinor),
        entryKey: String(share.entryKey),
        posting: String(share.posting),
      };
    }),
  };
}

/**
 * An account as it is when its rows have been copied, if they are soon: a command that nobody answered is given anew half an
 * hour later by the fast clock, and that may be while somebody looks.
 */
async function accountView(lane: Lane, account: string): Promise<{ status: number; body: unknown }> {
  for (let looks = 1; ; looks++) {
    const seen = await lane.look(`/accounts/${account}`);
    if (asRecord(seen.body).copyWaiting === 0 || looks >= LOOKS_MAX) return seen;
    await wait(LOOK_PAUSE_MS);
  }
}

async function accountsOf(lane: Lane, script: Script, rows: Rows): Promise<AccountSeen[]> {
  const published = lane.iot.published().map(({ topic, payload }) => `${topic} ${asRecord(payload).action}`);
  return Promise.all(
    script.accounts.map(async ({ account, thing }): Promise<AccountSeen> => {
      const { status, body } = await accountView(lane, account);
      const view = asRecord(body);
      const list = (value: unknown) => (Array.isArray(value) ? value.map(asRecord) : []);
      const recorded = rows.balances.find((row) => row.account === account);
      return {
        account,
        thing,
        seq: status === 200 ? Number(view.seq) : -1,
        balanceWh: Number(view.balanceWh),
        copyWaiting: Number(view.copyWaiting),
        entries: list(view.entries).map((entry) => ({
          entryKey: String(entry.entryKey),
          seq: Number(entry.seq),
          energyWh: Number(entry.energyWh),
          amountMinor: Number(entry.amountMinor),
          hash: typeof entry.hash === "string" ? entry.hash : null,
        })),
        connects: list(view.commands).filter(({ action }) => action === "connect").length,
        published: published.filter((line) => thing !== null && line === `oneMeter/${thing}/cmd/relay close`).length,
        recorded: recorded === undefined ? null : { seq: recorded.seq, balanceWh: recorded.balanceWh },
      };
    }),
  );
}

async function creditsOf(lane: Lane, accounts: readonly string[], rows: Rows): Promise<CreditSeen[]> {
  const views = await Promise.all(accounts.map((account) => lane.look(`/accounts/${account}`)));
  return views.flatMap(({ body }, index) =>
    creditsIn(body).map(({ externalId, amountMinor, state, because }) => ({
      ...{ account: accounts[index] ?? "", externalId, amountMinor, state, because },
      recorded: rows.credits.find((row) => row.externalId === externalId)?.state ?? null,
    })),
  );
}

export type CreditShown = {
  externalId: string;
  amountMinor: number;
  state: string;
  because: string | null;
  waiting: boolean;
  attempts: number;
  /** UTC ms of the fast clock; null: nobody tries it by himself. */
  nextAt: number | null;
  error: string | null;
};

/** The credits in an account's view. */
export function creditsIn(view: unknown): CreditShown[] {
  const { credits } = asRecord(view);
  return (Array.isArray(credits) ? credits : []).map(asRecord).map((credit) => ({
    externalId: String(credit.externalId),
    amountMinor: Number(credit.amountMinor),
    state: String(credit.state),
    because: credit.because == null ? null : String(credit.because),
    waiting: credit.waiting === true,
    attempts: Number(credit.attempts),
    nextAt: credit.nextAt == null ? null : Number(credit.nextAt),
    error: credit.error == null ? null : String(credit.error),
  }));
}

async function phonesOf(lane: Lane): Promise<PhoneSeen[]> {
  const { body } = await lane.look("/phones");
  const { phones } = asRecord(body);
  return (Array.isArray(phones) ? phones : []).map(asRecord).map((phone) => ({
    phoneId: String(phone.phoneId),
    unprocessed: Number(phone.unprocessed),
    forwardWaiting: Number(phone.forwardWaiting),
    forwardParked: Number(phone.forwardParked),
    copyWaiting: Number(phone.copyWaiting),
    copyRefused: Number(phone.copyRefused),
  }));
}

async function gapsOf(lane: Lane, till: string): Promise<number> {
  const { body } = await lane.look(`/tills/${till}`);
  const { gaps } = asRecord(body);
  return (Array.isArray(gaps) ? gaps : []).filter((gap) => asRecord(gap).provider === "mpesa").length;
}
