import { machineClock } from "../src/adapters/clock.ts";
import { neonCommissionings } from "../src/adapters/neon/commissioning-write.ts";
import { neonCopies } from "../src/adapters/neon/copy-rows.ts";
import { neonCustomers } from "../src/adapters/neon/customers-write.ts";
import { CALL_MS_MAX, connect, type Database, orDown } from "../src/adapters/neon/database.ts";
import { neonHeads } from "../src/adapters/neon/heads.ts";
import { neonHolders } from "../src/adapters/neon/holders.ts";
import { neonLookups } from "../src/adapters/neon/lookups.ts";
import { neonMerges } from "../src/adapters/neon/merges.ts";
import { neonRegistrations } from "../src/adapters/neon/registrations-write.ts";
import { neonRegistry } from "../src/adapters/neon/registry.ts";
import { neonStatements } from "../src/adapters/neon/statements.ts";
import { neonTickets } from "../src/adapters/neon/tickets.ts";
import { neonUploads } from "../src/adapters/neon/uploads.ts";
import { neonVendorFiles } from "../src/adapters/neon/vendor-files.ts";
import { neonWelcomes } from "../src/adapters/neon/welcome.ts";
import { neonWishes } from "../src/adapters/neon/wishes.ts";
import type { Claim, ClaimAnswer } from "../src/domain/claim.ts";
import { COUNTRIES, type Country, type CountryCode } from "../src/domain/country.ts";
import { receiptShard } from "../src/domain/receipt.ts";
import type { Accounts } from "../src/ports/accounts.ts";
import type { Clock } from "../src/ports/clock.ts";
import type { Commissionings } from "../src/ports/commissioning.ts";
import type { Copies } from "../src/ports/copies.ts";
import type { Customers } from "../src/ports/customers.ts";
import type { Heads } from "../src/ports/heads.ts";
import { carried } from "../src/ports/log.ts";
import type { Lookups } from "../src/ports/lookups.ts";
import type { Merges } from "../src/ports/merges.ts";
import type { Reader } from "../src/ports/reader.ts";
import type { Receipts } from "../src/ports/receipts.ts";
import type { Registrations } from "../src/ports/registrations.ts";
import type { Registry } from "../src/ports/registry.ts";
import type { SmsProcessor } from "../src/ports/sms-processor.ts";
import type { Statements } from "../src/ports/statements.ts";
import type { SuspenseCases } from "../src/ports/suspense.ts";
import type { TillQuestion, Tills, TillVerdict } from "../src/ports/tills.ts";
import type { Uploads } from "../src/ports/uploads.ts";
import type { VendorFiles } from "../src/ports/vendor-files.ts";
import type { Welcomes } from "../src/ports/welcomes.ts";
import { lastPayment } from "../src/queries/last-payment.ts";
import { suspenseCase } from "../src/queries/suspense.ts";
import { openTicketOf, resolvedAtOf } from "../src/queries/tickets.ts";
import { answerBalance, type BalancePorts } from "../src/services/answer-balance.ts";
import { answerMenu, type MenuPorts } from "../src/services/answer-menu.ts";
import type { KeepPorts } from "../src/services/keep-file.ts";
import { keepWish, type WishPorts } from "../src/services/keep-wish.ts";
import { type ProcessPorts, processSms } from "../src/services/process-sms.ts";
import type { ReceivePorts } from "../src/services/receive-payment.ts";
import type { RecordPorts } from "../src/services/record-readings.ts";
import { CALL_KEY, type CallPorts, requestCall } from "../src/services/request-call.ts";
import type { LinePorts } from "../src/services/take-statement-line.ts";
import type { TypeReceiptPorts } from "../src/services/type-receipt.ts";
import type { Env } from "./env.ts";
import { Gathered } from "./objects/gather.ts";
import {
  accountLocator,
  directoryOf,
  gateOf,
  mailboxOf,
  RECEIPT_SHARDS,
  receiptBookOf,
  shardOf,
  tillOf,
  unmappedOf,
} from "./objects/locate.ts";
import { within } from "./objects/turns.ts";

export const clockOf = (env: Env): Clock => machineClock(Number(env.CLOCK_OFFSET_MS ?? 0));

/** One per call: an I/O object belongs to the request that made it. */
export const databaseOf = (env: Env): Database => connect(env.DATABASE_URL, env.NEON_SQL_URL, CALL_MS_MAX, env.COUNTRY);
export const readerOf = (env: Env): Reader => databaseOf(env);
export const copiesOf = (env: Env): Copies => neonCopies(databaseOf(env));
export const lookupsOf = (env: Env): Lookups => neonLookups(databaseOf(env));

export const headsOf = (env: Env): Heads => neonHeads(databaseOf(env));
export const registryOf = (env: Env): Registry => neonRegistry(databaseOf(env));
export const registrationsOf = (env: Env): Registrations => neonRegistrations(databaseOf(env));
export const welcomesOf = (env: Env): Welcomes => neonWelcomes(databaseOf(env), countryOf(env));
export const uploadsOf = (env: Env): Uploads => neonUploads(databaseOf(env));
export const statementsOf = (env: Env): Statements => neonStatements(databaseOf(env));
export const vendorFilesOf = (env: Env): VendorFiles => neonVendorFiles(databaseOf(env));
export const keepPortsOf = (env: Env): KeepPorts => ({
  uploads: uploadsOf(env),
  statements: statementsOf(env),
  vendorFiles: vendorFilesOf(env),
  country: countryOf(env),
  openCases: async (cases) =>
    void (await copiesOf(env).write(cases.map((row, id) => ({ id, row: { kind: "case", ...row } })))),
});
export const mergesOf = (env: Env): Merges => neonMerges(databaseOf(env));
export const customersOf = (env: Env): Customers => neonCustomers(databaseOf(env));
export const commissioningsOf = (env: Env): Commissionings => neonCommissionings(databaseOf(env), countryOf(env));

/** The generation that Postgres has of a receipt; null: none. */
export const recordedGeneration = (env: Env, receipt: string): Promise<number | null | "down"> =>
  orDown("payments", async () => {
    const [row] = await readerOf(env).read<{ generation: number }>(
      "SELECT generation FROM payments WHERE receipt = $1",
      [receipt],
    );
    return row?.generation ?? null;
  });

export const countryOf = (env: Env): Country => COUNTRIES[env.COUNTRY as CountryCode];

/** Domain outcomes come back as values; what an object throws is infrastructure, and the caller's retry makes a new stub. */
export const accountsOf = (
  env: Env,
): Pick<Accounts, "status" | "acknowledge" | "view" | "configure" | "read" | "recordDays"> => ({
  status: (account) => accountLocator(env, account).status(account),
  acknowledge: (account, ack) => accountLocator(env, account).acknowledge(ack),
  view: (account, paymentKeys) => accountLocator(env, account).view(account, paymentKeys),
  configure: (facts) => accountLocator(env, facts.account).configure(facts),
  read: (account, readings) => accountLocator(env, account).read(account, readings),
  recordDays: (account, days) => accountLocator(env, account).recordDays(account, days),
});

export const receiptsOf = (env: Env): Receipts => ({
  claim: (claim) => receiptBookOf(env, claim.receipt).claim({ ...claim, ...carried() }),
  move: (move) => receiptBookOf(env, move.receipt).move(move),
  block: (notice) => receiptBookOf(env, notice.receipt).block(notice),
  unblock: (order) => receiptBookOf(env, order.receipt).unblock(order),
  state: (receipt) => receiptBookOf(env, receipt).state(receipt),
});

export const tillsOf = (env: Env): Pick<Tills, "assess" | "link" | "view" | "closeChainCase"> => ({
  assess: (tillId, question) => tillOf(env, tillId).assess(question),
  link: (tillId, link) => tillOf(env, tillId).link(link),
  view: (tillId) => tillOf(env, tillId).view(),
  closeChainCase: (tillId, order) => tillOf(env, tillId).closeChainCase(order),
});

/** Claims and questions that travel in one call. */
const GATHERED_MAX = 50;
/** How long a Mailbox goes by the cut-over that it was told: it is set once in a country's life. */
const CUTOVER_KEPT_MS = 60_000;

/** Claims made at the same time go to each shard in one call. */
export function gatheredReceiptsOf(env: Env): Receipts {
  const claims = new Gathered<Claim, ClaimAnswer>(GATHERED_MAX, (shard, questions) =>
    shardOf(env, Number(shard)).claimMany(questions),
  );
  return {
    ...receiptsOf(env),
    claim: (claim) => claims.ask(String(receiptShard(claim.receipt, RECEIPT_SHARDS)), { ...claim, ...carried() }),
  };
}

/** For one Mailbox: what it asks at the same time goes to each shard and till in one call. */
export function processorFor(env: Env): SmsProcessor {
  const assessments = new Gathered<TillQuestion, TillVerdict | "not_ready">(GATHERED_MAX, (tillId, questions) =>
    tillOf(env, tillId).assessMany(questions),
  );
  const ports: ProcessPorts = {
    country: countryOf(env),
    accounts: accountsOf(env),
    lookups: lookupsOf(env),
    receipts: gatheredReceiptsOf(env),
    tills: { ...tillsOf(env), assess: (tillId, question) => assessments.ask(tillId, question) },
    gate: { hold: (held) => gateOf(env).hold(held), release: (key) => gateOf(env).release(key) },
    cutoverAt: remembered(() => directoryOf(env).cutoverAt(), CUTOVER_KEPT_MS),
    answerBalance: (sms, question) => answerBalance(balancePortsOf(env), sms, question),
    answerMenu: (sms, question) => answerMenu(menuPortsOf(env), sms, question),
    keepWish: (sms, wish) => keepWish(wishPortsOf(env), sms, wish),
    requestCall: (sms, request) => requestCall(callPortsOf(env), sms, request),
  };
  return { process: (sms) => processSms(ports, sms) };
}

/** Balances that one phone is told, by SMS and by the old system's missed calls together: each answer costs money. */
export const BALANCES_MAX = { hour: 1, day: 3 } as const;
/** Under this key a phone's questions are counted. */
export const balanceLimitKey = (phone: string) => `phone:${phone}`;

const balancePortsOf = (env: Env): BalancePorts => ({
  country: countryOf(env),
  holders: neonHolders(databaseOf(env), countryOf(env)),
  accounts: accountsOf(env),
  directory: { template: (kind, languages) => directoryOf(env).template(kind, languages) },
  isAllowed: async ({ phone, name }) => {
    const { utcOffsetMinutes } = countryOf(env);
    const now = clockOf(env).now();
    return (await directoryOf(env).count(balanceLimitKey(phone), now, BALANCES_MAX, utcOffsetMinutes, name)) === null;
  },
  enqueue: (phoneId, sms) => mailboxOf(env, phoneId).enqueue(sms),
  now: () => clockOf(env).now(),
});

const menuPortsOf = (env: Env): MenuPorts => ({
  ...balancePortsOf(env),
  // Each kind of question has its own count: who asked for help may ask for the balance right after it.
  isAllowed: async ({ phone, about, name }) => {
    const { utcOffsetMinutes } = countryOf(env);
    const now = clockOf(env).now();
    return (await directoryOf(env).count(`menu:${about}:${phone}`, now, BALANCES_MAX, utcOffsetMinutes, name)) === null;
  },
  lastPayment: (account) => orDown("last payment", () => lastPayment(readerOf(env), account)),
});

const wishPortsOf = (env: Env): WishPorts => {
  const { country, holders, directory, enqueue, now } = balancePortsOf(env);
  const isAllowed: WishPorts["isAllowed"] = ({ phone, about, name }) =>
    menuPortsOf(env).isAllowed({ phone, about, name });
  return { country, holders, directory, enqueue, now, isAllowed, wishes: neonWishes(databaseOf(env)) };
};
export const callPortsOf = (env: Env): CallPorts => ({
  country: countryOf(env),
  holders: neonHolders(databaseOf(env), countryOf(env)),
  tickets: neonTickets(databaseOf(env)),
  openCallOf: (phone) => openTicketOf(readerOf(env), phone, CALL_KEY),
  callResolvedAt: (phone, key) => resolvedAtOf(readerOf(env), phone, key),
  now: () => clockOf(env).now(),
});

/** An answer that is known is good for so long; one that is missing is asked for each time. */
function remembered<T>(ask: () => Promise<T | null>, ms: number): () => Promise<T | null> {
  let known: { value: T; until: number } | null = null;
  return async () => {
    if (known !== null && Date.now() < known.until) return known.value;
    const value = await ask();
    known = value === null ? null : { value, until: Date.now() + ms };
    return value;
  };
}

export const receivePortsOf = (env: Env): ReceivePorts => ({
  country: countryOf(env),
  accounts: accountsOf(env),
  receipts: receiptsOf(env),
  tills: tillsOf(env),
  lookups: lookupsOf(env),
  cutoverAt: () => directoryOf(env).cutoverAt(),
});

/** For a page of a statement's rows: claims made at the same time travel together, and the cut-over is asked once. */
export const linePortsOf = (env: Env, isKnown: (receipt: string) => boolean): LinePorts => ({
  country: countryOf(env),
  accounts: accountsOf(env),
  lookups: lookupsOf(env),
  receipts: gatheredReceiptsOf(env),
  tills: tillsOf(env),
  cutoverAt: remembered(() => directoryOf(env).cutoverAt(), CUTOVER_KEPT_MS),
  isKnown,
});

/** One call of a batch of readings; what takes longer has failed, and the bridge is told to send again. */
const RECORD_MS_MAX = 10_000;

export const recordPortsOf = (env: Env): RecordPorts => ({
  directory: { accountsOfMeters: (asked) => within(RECORD_MS_MAX, directoryOf(env).accountsOfMeters(asked)) },
  accounts: { read: (account, own) => within(RECORD_MS_MAX, accountsOf(env).read(account, own)) },
  unmapped: { keep: (readings) => within(RECORD_MS_MAX, unmappedOf(env).keep(readings)) },
});

export const suspenseCasesOf = (env: Env): SuspenseCases => ({
  find: (caseKey) => suspenseCase(readerOf(env), caseKey),
  async put(row) {
    const written = await copiesOf(env).write([{ id: 1, row: { kind: "suspense_case", ...row } }]);
    if (!written.recorded.includes(1)) throw new Error(`the case was not written: ${written.refused[0]?.because}`);
  },
});

export const typeReceiptPortsOf = (env: Env): TypeReceiptPorts => ({
  ...receivePortsOf(env),
  cases: suspenseCasesOf(env),
  gate: { release: (key) => gateOf(env).release(key) },
});
