import type { AlarmLook, AlarmName, AlarmState, acknowledged } from "../../src/domain/alarm.ts";
import type { KeptTelling } from "../../src/domain/alarm-telling.ts";
import type { ChainHead } from "../../src/domain/audit/chain.ts";
import { COUNTRIES, type CountryCode, type Language } from "../../src/domain/country.ts";
import { type CreditWriter, type CreditWriterSetting, creditWriterAt } from "../../src/domain/credit-writer.ts";
import type { CarrierSetting } from "../../src/domain/sms-route.ts";
import { checkTemplate } from "../../src/domain/templates.ts";
import {
  type DirectoryPort,
  METERS_ASKED_MAX,
  type SmsTemplate,
  type TemplateKind,
} from "../../src/ports/directory.ts";
import type { DirectoryRows, Restores } from "../../src/ports/restores.ts";
import type { CopyMessage, Env } from "../env.ts";
import { AlarmTable } from "./directory/alarms.ts";
import { AuditHeads } from "./directory/audit-heads.ts";
import { NonceTable } from "./directory/nonces.ts";
import { type OverLimit, QuestionLimits } from "./directory/question-limits.ts";
import { DirectoryTables } from "./directory/tables.ts";
import { restoresOf } from "./restores.ts";
import { WakingObject } from "./waking-object.ts";

const RESTORE_AGAIN_MS = 60_000;
/** A country has some dozens. */
const SITES_MAX = 1_000;
/** Accounts of one page. */
export const PLACED_MAX = 500;

/** One a country: where to route and what to say while the database is down. All of it is a copy of what Postgres knows. */
export class Directory extends WakingObject implements DirectoryPort {
  readonly #tables: DirectoryTables;
  readonly #limits: QuestionLimits;
  readonly #nonces: NonceTable;
  readonly #auditHeads: AuditHeads;
  readonly #alarms: AlarmTable;
  #loading: Promise<void> | null = null;
  #loadAgainAt = 0;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#tables = new DirectoryTables(ctx.storage.sql);
    this.#limits = new QuestionLimits(ctx.storage.sql);
    this.#nonces = new NonceTable(ctx.storage.sql);
    this.#auditHeads = new AuditHeads(ctx.storage.sql);
    this.#alarms = new AlarmTable(ctx.storage.sql);
  }

  /** `told`, `accounts`: the newest version of facts that accounts were told meanwhile, and which, also those without a meter. */
  async putPlacements(rows: DirectoryRows["placements"], told = 0, accounts: string[] = []): Promise<void> {
    this.transact(() => {
      for (const row of rows) this.#tables.putPlacement(row);
      this.#tables.heardOf(Math.max(told, ...rows.map(({ version }) => version)));
      this.#tables.heardOfAccounts([...accounts, ...rows.map(({ account }) => account)]);
    });
  }

  /** The newest version of facts that was ever told here; 0: none was. Postgres has given it, unless it was set back since. */
  async newestVersion(): Promise<number> {
    return this.#tables.newestVersion();
  }

  /** Of each site the account with the highest number that was ever told its facts. Postgres has given it, unless it was set back since. */
  async highestAccounts(): Promise<string[]> {
    return this.#tables.highestAccounts(SITES_MAX);
  }

  async accountOfMeter(meterNumber: string, at: number): Promise<string | null> {
    return this.#answer(() => this.#tables.accountOfMeter(meterNumber, at));
  }

  async accountsOfMeters(questions: { meterNumber: string; at: number }[]): Promise<(string | null)[]> {
    if (questions.length > METERS_ASKED_MAX) throw new RangeError(`at most ${METERS_ASKED_MAX} meters a call`);
    const find = () => questions.map(({ meterNumber, at }) => this.#tables.accountOfMeter(meterNumber, at));
    const complete = await this.#answer(() => {
      const accounts = find();
      return accounts.includes(null) ? null : accounts;
    });
    return complete ?? find();
  }

  /** Accounts that ever had a meter, in order of their number: a page of those after one, at most {@link PLACED_MAX}. */
  async placedAccounts(after: string): Promise<string[]> {
    return this.#tables.placedAccounts(after, PLACED_MAX);
  }

  /** Throws on a template that cannot be sent, and then keeps none of the rows. */
  async putTemplates(rows: SmsTemplate[]): Promise<void> {
    for (const row of rows) {
      const checked = checkTemplate(row.kind, row.text, this.#country());
      if (!checked.ok) throw new Error(`template ${row.kind} ${row.language}: ${checked.error.kind}`);
    }
    this.transact(() => {
      for (const row of rows) this.#tables.putTemplate(row);
      this.#tables.heardOf(Math.max(0, ...rows.map(({ version }) => version)));
    });
  }

  /** In the first of the languages that has one; null: the built-in text is to be used. */
  async template(kind: TemplateKind, languages: readonly Language[]): Promise<SmsTemplate | null> {
    return this.#answer(() => this.#tables.template(kind, languages));
  }

  async putCutover(at: number | null): Promise<void> {
    this.#tables.putCutover(at);
  }

  async cutoverAt(): Promise<number | null> {
    return this.#answer(() => this.#tables.cutoverAt());
  }

  async putCarrierSetting(setting: CarrierSetting, version: number): Promise<void> {
    this.#tables.putCarrier(setting, version);
  }

  async carrierSetting(): Promise<CarrierSetting | null> {
    return this.#answer(() => this.#tables.carrier());
  }

  async putCreditWriters(rows: CreditWriterSetting[]): Promise<void> {
    this.transact(() => {
      for (const row of rows) this.#tables.putCreditWriter(row);
    });
  }

  /** A site's settings; empty: nobody ever switched it. Null while they cannot be loaded: what is not known must not be guessed. */
  async creditWriterSettings(site: string): Promise<CreditWriterSetting[] | null> {
    const known = await this.#answer(() => {
      const rows = this.#tables.creditWriters(site);
      return rows.length === 0 ? null : rows;
    });
    return known ?? (this.#tables.restoredThrough() === null ? null : []);
  }

  /** While the settings cannot be loaded nobody may send. */
  async creditWriter(site: string, at: number): Promise<CreditWriter | "neither"> {
    const known = await this.creditWriterSettings(site);
    return known === null ? "neither" : creditWriterAt(known, site, at);
  }

  /** Counts a question about a balance, or says which limit it is over. Here, so that it holds with the database down. */
  async count(
    key: string,
    now: number,
    max: { hour: number; day: number },
    utcOffsetMinutes: number,
    name: string | null = null,
  ): Promise<OverLimit | null> {
    return this.transact(() => this.#limits.count(key, now, max, utcOffsetMinutes, name));
  }

  /** True once for each nonce of a signing key. */
  async useNonce(keyId: string, nonce: string, now: number): Promise<boolean> {
    return this.transact(() => this.#nonces.use(keyId, nonce, now));
  }

  /** Where the audit's chain stood on some night: what a person with only the database cannot change. */
  async keepAuditHead(head: ChainHead, at: number): Promise<void> {
    this.#auditHeads.keep(head, at);
  }

  async auditHeads(): Promise<ChainHead[]> {
    return this.#auditHeads.list();
  }

  /** Takes a look at everything that an alarm may be about, and says what is to be told by which of these ways. */
  async lookAtAlarms(looks: AlarmLook[], channels: string[]): Promise<KeptTelling[]> {
    const now = this.clock.now();
    return this.transact(() => {
      this.#alarms.look(looks, channels, now);
      return this.#alarms.due(now);
    });
  }

  async alarmTold(id: string, channel: string): Promise<void> {
    this.transact(() => this.#alarms.told(id, channel));
  }

  /** To which phone the SMS of a telling goes, by this way. */
  async keepAlarmPhone(id: string, channel: string, phoneId: string): Promise<void> {
    this.transact(() => this.#alarms.keepPhone(id, channel, phoneId));
  }

  /** When alarms were looked at last, null: never; and since when a raise waits that went by no way, null: none does. */
  async alarmsHealth(): Promise<{ lookedAt: number | null; untoldSince: number | null }> {
    return { lookedAt: this.#alarms.lookedAt(), untoldSince: this.#alarms.untoldSince() };
  }

  async alarms(): Promise<{ states: AlarmState[]; tellings: KeptTelling[] }> {
    return { states: this.#alarms.states(), tellings: this.#alarms.tellings() };
  }

  /** Null: it is not raised. */
  async acknowledgeAlarm(name: AlarmName, by: Parameters<typeof acknowledged>[1]): Promise<AlarmState | null> {
    return this.transact(() => this.#alarms.acknowledge(name, by));
  }

  /** Creating a country writes it: what is not here then is nowhere. */
  async open(): Promise<void> {
    this.#tables.setRestored(this.clock.now());
  }

  protected override async wake(name: string): Promise<void> {
    this.wakes.clear(name);
  }

  protected override copyMessage(): CopyMessage | null {
    return null;
  }

  /** Where a directory that lost its memory is loaded from. */
  protected restores(): Restores {
    return restoresOf(this.env);
  }

  /** What is known here is said even while the rest cannot be loaded; what is not known is looked for in Postgres first. */
  async #answer<T>(find: () => T | null): Promise<T | null> {
    const found = find();
    if (found !== null || this.#tables.restoredThrough() !== null || this.clock.now() < this.#loadAgainAt) return found;
    this.#loading ??= this.#load().finally(() => {
      this.#loading = null;
    });
    await this.#loading;
    return find();
  }

  async #load() {
    const rows = await this.restores().directoryRows();
    if (rows === "down") {
      this.#loadAgainAt = this.clock.now() + RESTORE_AGAIN_MS;
      return;
    }
    const sendable = rows.templates.filter((row) => checkTemplate(row.kind, row.text, this.#country()).ok);
    this.transact(() => {
      for (const row of rows.placements) this.#tables.putPlacement(row);
      for (const row of sendable) this.#tables.putTemplate(row);
      if (rows.carrier !== null) this.#tables.putCarrier(rows.carrier.setting, rows.carrier.version);
      for (const row of rows.creditWriters) this.#tables.putCreditWriter(row);
      if (this.#tables.cutoverAt() === null) this.#tables.putCutover(rows.cutoverAt);
      this.#tables.setRestored(this.clock.now());
    });
  }

  #country() {
    return COUNTRIES[this.env.COUNTRY as CountryCode];
  }
}
