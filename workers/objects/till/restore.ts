import type { Provider } from "../../../src/domain/claim.ts";
import { paidAtOf } from "../../../src/domain/paid-at.ts";
import { type ChainLink, compactLinks, GAP_AGE_MS_MAX, gapsOf, linkedAt } from "../../../src/domain/till-chain.ts";
import { isSenderOf, localDay } from "../../../src/domain/till-rules.ts";
import type { RestoredBreak, RestoredText, RestoredVerdict, TillRestores } from "../../../src/ports/till-restores.ts";
import type { TillFacts, TillVerdict } from "../../../src/ports/tills.ts";
import type { TillTable } from "./table.ts";

/** How far back verdicts and balances are loaded: an SMS that repeats an older one is a duplicate by its receipt anyway. */
const RESTORE_MS_MAX = 40 * 86_400_000;
const VERDICTS_PAGE = 5_000;
const TEXTS_PAGE = 2_000;
/** Pages of one call: 200,000 SMS of a till in 40 days. */
const PAGES_MAX = 100;
export const BREAKS_MAX = 1_000;

type Transaction = <T>(step: () => T) => T;

/**
 * Loads a till from Postgres: facts, the verdicts and counts of its payments, and the links of its chains. Each page in
 * one transaction, each row any number of times. True when all is here.
 */
export async function restoreTill(
  table: TillTable,
  restores: TillRestores,
  tillId: string,
  now: number,
  transaction: Transaction,
): Promise<boolean> {
  const facts = table.facts() ?? (await restores.tillFacts(tillId));
  if (facts === null || facts === "down") return false;
  const loaded = await loadRows(table, restores, facts, now, transaction);
  if (loaded === "down") return false;
  const breaks = await restores.chainBreaks(tillId, BREAKS_MAX);
  if (breaks === "down") return false;
  transaction(() => {
    restoreGaps(table, loaded.providers, breaks, now);
    table.putFacts(facts);
    table.setRestored(now);
  });
  return true;
}

/** What the till of these facts did not know: verdicts, and links by whose operators its gaps have to be looked at anew. */
export type Learned = { verdicts: number; links: number; providers: Set<Provider> };

/** All that Postgres has of a till's verdicts and balances, each page in one transaction. */
export async function loadRows(
  table: TillTable,
  restores: TillRestores,
  facts: TillFacts,
  now: number,
  transaction: Transaction,
): Promise<Learned | "down"> {
  const { tillId } = facts;
  const learned: Learned = { verdicts: 0, links: 0, providers: new Set() };
  let after = { claimedAt: now - RESTORE_MS_MAX, receipt: "" };
  const verdicts = await everyPage(VERDICTS_PAGE, async () => {
    const rows = await restores.tillVerdicts(tillId, after, VERDICTS_PAGE);
    if (rows === "down") return "down";
    transaction(() => {
      for (const row of rows) if (restoreVerdict(table, facts, row)) learned.verdicts += 1;
    });
    const last = rows.at(-1);
    if (last !== undefined) after = { claimedAt: last.claimedAt, receipt: last.receipt };
    return rows.length;
  });
  if (!verdicts) return "down";
  let afterId = 0;
  const texts = await everyPage(TEXTS_PAGE, async () => {
    const rows = await restores.tillTexts(tillId, now - RESTORE_MS_MAX, afterId, TEXTS_PAGE);
    if (rows === "down") return "down";
    transaction(() => {
      for (const row of rows) {
        const provider = restoreLink(table, facts, row);
        if (provider === null) continue;
        learned.links += 1;
        learned.providers.add(provider);
      }
      for (const provider of learned.providers) {
        const { joined, stretches } = compactLinks(table.liveLinks(provider));
        if (joined.length > 0) table.joinLinks(provider, joined, stretches);
      }
    });
    afterId = rows.at(-1)?.id ?? afterId;
    return rows.length;
  });
  if (!texts) return "down";
  return learned;
}

async function everyPage(page: number, load: () => Promise<number | "down">): Promise<boolean> {
  for (let n = 0; n < PAGES_MAX; n++) {
    const rows = await load();
    if (rows === "down") return false;
    if (rows < page) return true;
  }
  return false;
}

/** The till's first verdict stays. Why it refused is told by the hold; for any other hold it had allowed the payment. */
function restoreVerdict(table: TillTable, facts: TillFacts, row: RestoredVerdict): boolean {
  if (table.judged(row.receipt) !== null) return false;
  const { because } = row;
  // An earlier release claimed for whoever wrote first; the till has said nothing of the payment itself.
  if (because === "sender") return false;
  const verdict: TillVerdict =
    because === "cap" || because === "chain"
      ? { allow: false, because, detail: "as it was held before" }
      : { allow: true };
  table.putJudged(row.receipt, { ...verdict, account: row.account, amountMinor: row.amountMinor }, row.receivedAt);
  const isOld = because === "before_cutover" || because === "no_cutover";
  if (verdict.allow && !isOld)
    table.count(localDay(row.receivedAt, facts.utcOffsetMinutes), row.account, row.amountMinor);
  return true;
}

/** Whose chain has a link more; null: it is none, or was known. */
function restoreLink(table: TillTable, facts: TillFacts, text: RestoredText): Provider | null {
  const { parsed, receivedAt } = text;
  if (parsed.kind === "unparsed" || parsed.amountMinor === null || parsed.newBalanceMinor === null) return null;
  const { newBalanceMinor, receipt, provider } = parsed;
  // As it was linked when it came: only from a sender of the till.
  if (!isSenderOf(facts.senders, text.sender)) return null;
  const change = parsed.kind === "payment" ? parsed.amountMinor : -parsed.amountMinor;
  const link: ChainLink = {
    key: receipt === null ? `text:${text.contentHash}` : `${parsed.kind}:${receipt}`,
    fromMinor: newBalanceMinor - change,
    toMinor: newBalanceMinor,
    at: linkedAt(paidAtOf(parsed.printedAt, receivedAt).at, receivedAt, facts.utcOffsetMinutes),
    receivedAt,
  };
  if (!Number.isSafeInteger(link.fromMinor) || !Number.isSafeInteger(link.toMinor)) return null;
  return table.addLink(provider, link) ? provider : null;
}

/** Gaps with an open case stay open; of the others, young ones grow older as they would have, and old ones a person has seen. */
function restoreGaps(
  table: TillTable,
  providers: ReadonlySet<Provider>,
  breaks: readonly RestoredBreak[],
  now: number,
) {
  // Numbers that name a case in Postgres are never given to another gap.
  let lastId = Math.max(0, ...breaks.map(({ gapId }) => gapId), ...table.gaps().map(({ id }) => id));
  for (const provider of providers)
    for (const gap of gapsOf(table.liveLinks(provider))) {
      const open = breaks.find(
        (known) => known.open && known.provider === provider && known.startMinor === gap.startMinor,
      );
      const row = { ...gap, provider, agedMs: 0, polledAt: now };
      if (open !== undefined) {
        const { gapId, openedAt, version } = open;
        table.restoreGap({ ...row, id: gapId, state: "open", openedAt, version });
        continue;
      }
      lastId += 1;
      const state = gap.since > now - GAP_AGE_MS_MAX ? "young" : "accepted";
      table.restoreGap({ ...row, id: lastId, state, openedAt: null, version: 0 });
    }
}
