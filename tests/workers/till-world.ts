import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { MedicPhone } from "../../dev/medic-phone.ts";
import type { SampleSms } from "../../dev/samples.ts";
import { SmsSyncPhone } from "../../dev/smssync-phone.ts";
import type { CaseRow } from "../../src/domain/outbox.ts";
import type { TillFacts, TillView } from "../../src/ports/tills.ts";
import { app } from "../../workers/index.ts";
import { sms } from "../../workers/ingest/sms.ts";
import { accountLocator, receiptBookOf, tillOf } from "../../workers/objects/locate.ts";
import type { Till } from "../../workers/objects/till.ts";
import { processorFor } from "../../workers/ports.ts";
import { KEYS, settings } from "./country.ts";
import { DAY, HOUR, MINUTE, TestPhone } from "./mailbox-phone.ts";

/** Yesterday's late morning: no midnight passes while the clock of these tests is moved. */
export const morning = () => Math.floor(Date.now() / DAY) * DAY - DAY + 8 * HOUR;

/** One clock for phones, Mailboxes and tills. The database is down throughout. */
export class TillWorld {
  now = morning();
  readonly #phones: ShopPhone[] = [];

  /** A merchant line; chainBreakMinorMax is 1,000. */
  async till(tillId: string, over: Partial<TillFacts> = {}) {
    await tillOf(env, tillId).configure({
      tillId,
      name: tillId,
      currency: "LSL",
      senders: ["MPESA", "199"],
      caps: { paymentMinorMax: 1e6, accountDayMinorMax: 1e7, tillDayMinorMax: 1e8, chainBreakMinorMax: 1_000 },
      utcOffsetMinutes: 120,
      version: 1,
      ...over,
    });
    await this.#setClock(tillId);
  }

  async evictTill(tillId: string) {
    await evictDurableObject(tillOf(env, tillId));
    await this.#setClock(tillId);
  }

  async #setClock(tillId: string) {
    await runInDurableObject(tillOf(env, tillId), (till: Till) => {
      Object.defineProperty(till, "clock", {
        value: { now: () => this.now, alarmAt: () => Date.now() + HOUR },
        configurable: true,
      });
    });
  }

  async phone(tillId: string): Promise<ShopPhone> {
    const made = new ShopPhone(this);
    await made.box.install();
    await made.box.stub.configure(made.box.facts({ tillId }));
    this.#phones.push(made);
    return made;
  }

  /** Time goes by, and all phones ask for work every so many minutes; at more than twenty the till would count as silent. */
  async poll(minutes: number, every = 5) {
    for (let minute = 0; minute < minutes; minute += every) {
      this.now += every * MINUTE;
      for (const phone of this.#phones) await phone.poll();
    }
  }
}

/** A handset with either app on it, and its real Mailbox, till, shards and accounts behind it. */
export class ShopPhone {
  readonly box: TestPhone;
  readonly medic: MedicPhone;
  readonly smssync: SmsSyncPhone;
  readonly #world: TillWorld;

  constructor(world: TillWorld) {
    this.#world = world;
    this.box = new TestPhone("shop");
    Object.defineProperty(this.box, "now", { get: () => world.now, set: () => {} });
    this.box.world = (own) => ({ processor: processorFor(settings), tellTill: own.tellTill });
    const transport = async (url: string, init: RequestInit) => sms.request(url, init, settings);
    const now = () => world.now;
    const path = "care.example/api/sms/incoming";
    this.medic = new MedicPhone({ url: `https://${this.box.id}:${this.box.token}@${path}`, transport, now });
    this.smssync = new SmsSyncPhone({ url: `https://${path}/${this.box.id}.${this.box.token}`, transport, now });
  }

  /** The SMS arrives, is posted, and what the Mailbox has to do is done. */
  async brings(...texts: SampleSms[]) {
    for (const text of texts) await this.medic.onSms({ ...text, sentAt: this.#world.now });
    await this.box.alarm();
  }

  async bringsBySmsSync(...texts: SampleSms[]) {
    for (const text of texts) await this.smssync.onSms({ ...text, sentAt: this.#world.now });
    await this.box.alarm();
  }

  async poll() {
    await this.medic.wake();
    await this.box.alarm();
  }
}

export async function viewOf(tillId: string): Promise<TillView> {
  const view = await tillOf(env, tillId).view();
  if (view === null) throw new Error(`no till ${tillId}`);
  return view;
}

/** Every version of every case the till has owed Postgres, oldest first. */
export const casesOf = async (tillId: string): Promise<CaseRow[]> =>
  (await tillOf(env, tillId).copyBatch(1_000)).flatMap(({ row }) => (row.kind === "case" ? [row] : []));

/** Who has a receipt's money: an account, or the reason why it is held; null: nobody has claimed it. */
export async function whoHas(receipt: string): Promise<string | null> {
  const state = await receiptBookOf(settings, receipt).state(receipt);
  if (state === "not_ready") throw new Error("the shard is not ready");
  const holder = state?.shares[0]?.holder;
  if (holder === undefined) return null;
  return holder.kind === "account" ? holder.account : holder.kind === "suspense" ? holder.because : holder.kind;
}

export async function balanceWh(account: string): Promise<number> {
  const view = await accountLocator(settings, account).view(account);
  if (view === null || view === "not_ready") throw new Error(`${account} is not ready`);
  return view.balanceWh;
}

/** A call at the operators' door. */
export async function ops(path: string, body?: unknown, actor = "Lineo") {
  const headers = { "X-Ops-Key": KEYS.ops, "X-Actor": actor, "Content-Type": "application/json" };
  const init = body === undefined ? { headers } : { method: "POST", headers, body: JSON.stringify(body) };
  const response = await app.request(`/api/ops${path}`, init, settings);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}
