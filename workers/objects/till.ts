import type { Provider } from "../../src/domain/claim.ts";
import type { CaseRow } from "../../src/domain/outbox.ts";
import {
  agedBy,
  type ChainLink,
  compactLinks,
  GAP_AGE_MS_MAX,
  gapsOf,
  LIVE_LINKS_MAX,
  linkedAt,
  summaryOf,
} from "../../src/domain/till-chain.ts";
import { isSenderOf, localDay } from "../../src/domain/till-rules.ts";
import type { RestoredBreak, TillRestores } from "../../src/ports/till-restores.ts";
import type {
  ChainGap,
  CloseChainCase,
  LinkAnswer,
  LinkNotice,
  TillFacts,
  TillQuestion,
  TillVerdict,
  TillView,
} from "../../src/ports/tills.ts";
import type { CopyMessage, Env } from "../env.ts";
import { restoresOf } from "./restores.ts";
import { BREAKS_MAX, loadRows, restoreTill } from "./till/restore.ts";
import { type GapRow, TillTable } from "./till/table.ts";
import { verdictOn } from "./till/verdicts.ts";
import { SharedRuns } from "./turns.ts";
import { WakingObject } from "./waking-object.ts";

/** A poll sooner than this after the last one is not written down. */
const POLL_STEP_MS = 60_000;
/** Rows owed to Postgres that are looked through for cases; one that is told twice changes nothing. */
const OWED_MAX = 10_000;

/**
 * One object a merchant line: whom it believes, how much may credit by itself, and whether each operator's
 * balances make one chain.
 */
export class Till extends WakingObject {
  readonly #table: TillTable;
  readonly #loads = new SharedRuns<boolean>();

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#table = new TillTable(ctx.storage.sql);
  }

  async configure(facts: TillFacts): Promise<void> {
    if ((this.ctx.id.name ?? facts.tillId) !== facts.tillId) throw new Error("this object belongs to another till");
    this.#table.putFacts(facts);
    // Versions that Postgres gives start far above: this till was made a moment ago, and there is nothing to load.
    if (facts.version <= 1) this.#table.setRestored(this.clock.now());
    await this.#restored();
  }

  /** Counts by canonical receipt: the first verdict stays ({@link verdictOn}), and a repeat uses no cap twice. */
  async assess(question: TillQuestion): Promise<TillVerdict | "not_ready"> {
    const [verdict = "not_ready"] = await this.assessMany([question]);
    return verdict;
  }

  /** The same for many, in their order and in one commit. */
  async assessMany(questions: TillQuestion[]): Promise<(TillVerdict | "not_ready")[]> {
    const facts = await this.#restored();
    if (facts === null) return questions.map(() => "not_ready");
    const verdicts = this.transact(() => {
      // First the links: a text that closes a gap is not held because of it.
      const changed = new Set(
        questions.filter((asked) => this.#linkPayment(facts, asked)).map((asked) => asked.provider),
      );
      for (const provider of changed) this.#followChain(provider);
      return questions.map((question) => verdictOn(this.#table, facts, question));
    });
    await this.arm();
    return verdicts;
  }

  /** A link of the chain that is no claim: a withdrawal, a reversal, a text without a receipt. */
  async link({ fromMinor, toMinor, ...text }: LinkNotice): Promise<LinkAnswer> {
    const facts = await this.#restored();
    if (facts === null) return "not_ready";
    if (!isSenderOf(facts.senders, text.sender)) return "stranger";
    if (fromMinor === null || toMinor === null) return "taken";
    this.transact(() => {
      if (this.#link(facts, text.provider, { ...text, fromMinor, toMinor })) this.#followChain(text.provider);
    });
    await this.arm();
    return "taken";
  }

  /** Open gaps age only while a phone of the till asks for work. */
  async polled(_phoneId: string, at: number): Promise<void> {
    const young = this.#table
      .gaps()
      .filter(({ state, polledAt }) => state === "young" && at - polledAt >= POLL_STEP_MS);
    if (young.length === 0) return;
    this.transact(() => {
      for (const gap of young) {
        const aged = { ...gap, agedMs: gap.agedMs + agedBy(gap.polledAt, at), polledAt: at };
        if (aged.agedMs < GAP_AGE_MS_MAX) this.#table.putGap(aged);
        else this.#putCase({ ...aged, state: "open", openedAt: at }, null);
      }
    });
    await this.arm();
  }

  /** A person has looked. False when no case of this operator begins at this balance, here or in Postgres. */
  async closeChainCase(order: CloseChainCase): Promise<boolean> {
    const closed = this.transact(() => {
      const open = this.#table
        .gaps()
        .filter(
          ({ state, provider, startMinor }) =>
            state === "open" && provider === order.provider && startMinor === order.startMinor,
        );
      const { actor, reason, at } = order;
      for (const gap of open) this.#putCase({ ...gap, state: "accepted" }, { by: actor, reason, at });
      return open.length > 0;
    });
    const ended = closed || (await this.#closeThere(order));
    await this.arm();
    return ended;
  }

  /** A case that is open in Postgres alone, which was set back: there nothing but this can end it. */
  async #closeThere({ provider, startMinor, actor, reason, at }: CloseChainCase): Promise<boolean> {
    const tillId = this.#tillId();
    if (tillId === null) return false;
    const breaks = await this.restores().chainBreaks(tillId, BREAKS_MAX);
    if (breaks === "down") return false;
    return this.transact(() => {
      const open = breaks.filter((each) => each.open && each.provider === provider && each.startMinor === startMinor);
      for (const each of open) this.#endThere(each, { by: actor, reason, at });
      return open.length > 0;
    });
  }

  #endThere(known: RestoredBreak, closed: { by: string | null; reason: string; at: number }) {
    const { gapId, provider, startMinor, endMinor, openedAt } = known;
    if (provider === null || startMinor === null) return;
    const gap = this.#table.gaps().find(({ id }) => id === gapId);
    const version = Math.max(known.version, gap?.version ?? 0);
    const row = { provider, startMinor, endMinor, openedAt, since: openedAt, nth: 0, agedMs: 0, polledAt: openedAt };
    this.#putCase({ ...row, ...gap, id: gapId, state: "accepted", version }, closed);
  }

  /**
   * After either side was set back: takes over verdicts and links that only Postgres has, and tells again of open gaps
   * whose case Postgres lacks, and of those that a person has closed here and that are open there, unless it is on its
   * way. How many of each.
   */
  async learn(): Promise<{ learned: number; told: number } | "not_ready"> {
    const facts = await this.#restored();
    if (facts === null) return "not_ready";
    const transaction = <T>(step: () => T) => this.transact(step);
    const rows = await loadRows(this.#table, this.restores(), facts, this.clock.now(), transaction);
    const breaks = await this.restores().chainBreaks(facts.tillId, BREAKS_MAX);
    if (rows === "down" || breaks === "down") return "not_ready";
    const known = new Set(breaks.map(({ gapId }) => gapId));
    const told = transaction(() => {
      for (const provider of rows.providers) this.#followGaps(provider, this.#table.liveLinks(provider));
      const owed = this.outbox.waiting(OWED_MAX).map(({ row }) => (row.kind === "case" ? row.caseKey : null));
      const isTold = (id: number) => known.has(id) || owed.includes(this.#caseKey(id));
      const untold = this.#table.gaps().filter(({ state, id }) => state === "open" && !isTold(id));
      for (const gap of untold) this.#putCase(gap, null);
      const accepted = new Set(this.#table.gaps().flatMap(({ state, id }) => (state === "accepted" ? [id] : [])));
      const undone = breaks.filter(
        ({ open, gapId }) => open && accepted.has(gapId) && !owed.includes(this.#caseKey(gapId)),
      );
      const again = { by: null, reason: "closed before; the database was set back", at: this.clock.now() };
      for (const known of undone) this.#endThere(known, again);
      return untold.length + undone.length;
    });
    await this.arm();
    return { learned: rows.verdicts + rows.links, told };
  }

  async view(): Promise<TillView | null> {
    const facts = (await this.#restored()) ?? this.#table.facts();
    if (facts === null) return null;
    const day = localDay(this.clock.now(), facts.utcOffsetMinutes);
    const { minor, payments } = this.#table.counted(day, null).till;
    const gaps = this.#table.gaps().filter(({ state }) => state !== "accepted");
    return {
      facts,
      today: { day, countedMinor: minor, payments, fullest: this.#table.fullest(day) },
      links: this.#table.countLiveLinks(),
      gaps: gaps.map(gapView),
      chains: this.#table.providers().flatMap((provider) => {
        const live = this.#table.liveLinks(provider);
        const summary = summaryOf(live);
        const own = gaps.filter((gap) => gap.provider === provider).map(gapView);
        return summary === null ? [] : [{ provider, links: live.length, gaps: own, ...summary }];
      }),
    };
  }

  /** True when the chain has to be looked at because of it. */
  #linkPayment(facts: TillFacts, question: TillQuestion): boolean {
    const { provider, newBalanceMinor, amountMinor, receipt, paidAt, receivedAt, sender } = question;
    // A text without a balance is not covered; one of another sender says nothing about this till.
    if (newBalanceMinor === null || !isSenderOf(facts.senders, sender)) return false;
    return this.#link(facts, provider, {
      key: `payment:${receipt}`,
      fromMinor: newBalanceMinor - amountMinor,
      toMinor: newBalanceMinor,
      at: paidAt,
      receivedAt,
    });
  }

  #link(facts: TillFacts, provider: Provider, { key, fromMinor, toMinor, at, receivedAt }: ChainLink): boolean {
    if (!Number.isSafeInteger(fromMinor) || !Number.isSafeInteger(toMinor)) return false;
    const link = { key, fromMinor, toMinor, at: linkedAt(at, receivedAt, facts.utcOffsetMinutes), receivedAt };
    if (!this.#table.addLink(provider, link)) return false;
    return this.#isLong(provider) || this.#table.mayChangeGaps(provider, link);
  }

  /** Each gap keeps a stretch of its own: a chain in pieces is joined less often, or it would be joined at every text. */
  #isLong(provider: Provider): boolean {
    return this.#table.countLive(provider) > LIVE_LINKS_MAX + 2 * this.#table.countGaps(provider);
  }

  #followChain(provider: Provider) {
    const live = this.#table.liveLinks(provider);
    if (this.#isLong(provider)) {
      const { joined, stretches } = compactLinks(live);
      this.#table.joinLinks(provider, joined, stretches);
    }
    this.#followGaps(provider, live);
  }

  /** Gaps as these links leave them: what is filled closes, what is new begins to age. */
  #followGaps(provider: Provider, live: readonly ChainLink[]) {
    const present = new Map(gapsOf(live).map((gap) => [`${gap.startMinor}/${gap.nth}`, gap]));
    for (const known of this.#table.gaps().filter((gap) => gap.provider === provider)) {
      const still = present.get(`${known.startMinor}/${known.nth}`);
      present.delete(`${known.startMinor}/${known.nth}`);
      if (still !== undefined) {
        if (still.endMinor !== known.endMinor) this.#table.putGap({ ...known, endMinor: still.endMinor });
        continue;
      }
      // The missing text has come: what was opened closes by itself.
      if (known.state === "open") {
        const reason = "the missing link has come";
        this.#putCase({ ...known, state: "accepted" }, { by: null, reason, at: this.clock.now() });
      }
      this.#table.dropGap(known.id);
    }
    for (const gap of present.values()) this.#table.addGap(provider, gap, this.clock.now());
  }

  #caseKey(gapId: number) {
    return `chain:${this.#tillId() ?? ""}:${gapId}`;
  }

  #putCase(gap: GapRow, closed: { by: string | null; reason: string; at: number } | null) {
    const next = { ...gap, version: gap.version + 1 };
    this.#table.putGap(next);
    const row: CaseRow = {
      caseKey: this.#caseKey(gap.id),
      caseKind: "chain_break",
      subject: this.#tillId() ?? "",
      detailsJson: JSON.stringify({
        provider: gap.provider,
        startMinor: gap.startMinor,
        endMinor: gap.endMinor,
        missingMinor: gap.endMinor === null ? null : gap.startMinor - gap.endMinor,
        since: gap.since,
        closedBy: closed?.by ?? null,
        closedReason: closed?.reason ?? null,
      }),
      state: closed === null ? "open" : "closed",
      openedAt: gap.openedAt ?? gap.since,
      closedAt: closed?.at ?? null,
      version: next.version,
    };
    this.outbox.add({ kind: "case", ...row });
    this.owe();
  }

  protected override forget() {
    super.forget();
    this.#table.forget();
  }

  /** A seam for tests: where a till that lost its memory is loaded from. */
  protected restores(): TillRestores {
    return restoresOf(this.env);
  }

  /** Null until all that Postgres has of this till is here: caps and chain begin where they ended. */
  async #restored(): Promise<TillFacts | null> {
    if (this.#table.isRestored()) return this.#table.facts();
    const tillId = this.#tillId();
    if (tillId === null) return null;
    const isLoaded = await this.#loads.run("restore", () =>
      restoreTill(this.#table, this.restores(), tillId, this.clock.now(), (step) => this.transact(step)),
    );
    return isLoaded ? this.#table.facts() : null;
  }

  #tillId(): string | null {
    return this.ctx.id.name ?? this.#table.facts()?.tillId ?? null;
  }

  protected override async wake(name: string): Promise<void> {
    this.wakes.clear(name);
  }

  protected override copyMessage(): CopyMessage | null {
    const name = this.#tillId();
    return name === null ? null : { object: "till", name };
  }
}

const gapView = ({ provider, endMinor, startMinor, since, agedMs, state, openedAt }: GapRow): ChainGap => ({
  provider,
  endMinor,
  startMinor,
  missingMinor: endMinor === null ? null : startMinor - endMinor,
  since,
  agedMs,
  caseOpen: state === "open",
  openedAt,
});
