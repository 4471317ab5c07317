/** A country that pays while what it stands on breaks: real workerd, real PostgreSQL, phones that send until all is taken. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { type BenchCountry, type CountryWorker, openCountry } from "../../dev/bench/country.ts";
import { watch } from "../../dev/bench/progress.ts";
import { accountsOf, makeTexts, type Texts } from "../../dev/bench/texts.ts";
import { complaints, confirmedIds } from "../../dev/bench/verify.ts";
import { bundle, type LabWorker, startSurroundings } from "../../dev/lab.ts";
import { MedicPhone } from "../../dev/medic-phone.ts";
import { sleep } from "./world.ts";

const ACCOUNTS = 60;
const PAUSE_MS = 250;
const PHONES_EMPTY_MS_MAX = 180_000;
const DRAIN_MS_MAX = 240_000;
/** Phones hand over ten at most; these come one by one, so that a fault meets many requests. */
const PER_WAKE = 4;

export type FaultCountry = {
  country: BenchCountry;
  worker: LabWorker;
  texts: Texts;
  phones: MedicPhone[];
  /** SMS that phones still have. */
  waiting(): number;
};

/** What several such countries share: one PostgreSQL with its roads, and one bundle. */
export class FaultsWorld {
  readonly folder = mkdtempSync(join(tmpdir(), "cc-faults-"));
  readonly #port: number;
  #surroundings: Awaited<ReturnType<typeof startSurroundings>> | null = null;

  constructor(port: number) {
    this.#port = port;
  }

  async start() {
    const ackUrl = () => `http://127.0.0.1:${this.#port}/api/meters/relay-ack`;
    this.#surroundings = await startSurroundings(this.dataDir, this.#port, ackUrl);
    await bundle(join(this.folder, "bundle"), undefined, ["--minify"]);
  }

  async stop() {
    await this.#surroundings?.stop();
    // As root PostgreSQL's data is elsewhere; it is this world's alone.
    rmSync(readFileSync(join(this.dataDir, "postgres-home.txt"), "utf8").trim(), { recursive: true, force: true });
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Of PostgreSQL and the keys. */
  get dataDir() {
    return join(this.folder, "world");
  }

  get surroundings() {
    if (this.#surroundings === null) throw new Error("the world is not started");
    return this.#surroundings;
  }

  /** A fresh country, and phones that have `sms` texts to hand over. */
  async open(options: {
    name: string;
    sms: number;
    objectsDir?: string;
    workerOf?: (objects: string, vars: Record<string, string>) => CountryWorker;
    /** Where the phones reach the Worker, if not directly. */
    phonesPort?: number;
    /** A phone's clock, by its place; right where nothing is said. */
    phoneNow?: (index: number) => number;
  }): Promise<FaultCountry> {
    const { name, sms, objectsDir = this.folder, workerOf, phonesPort, phoneNow = Date.now } = options;
    const accounts = accountsOf(ACCOUNTS);
    this.surroundings.legacy.clearRequests();
    const country = await openCountry({
      ...{ surroundings: this.surroundings, objectsDir, bundle: join(this.folder, "bundle"), port: this.#port },
      ...{ name, accounts },
      ...(workerOf === undefined ? {} : { workerOf }),
    });
    const texts = makeTexts({ sms, seed: name.length, accounts, now: Date.now() });
    const phones = [...country.phoneUrls].map(([phoneId, url], index) => {
      const through = phonesPort === undefined ? url : url.replace(`:${this.#port}/`, `:${phonesPort}/`);
      const phone = new MedicPhone({ url: through, now: () => phoneNow(index) });
      for (const text of texts.byPhone.get(phoneId) ?? []) phone.store(text);
      return phone;
    });
    const waiting = () => phones.reduce((sum, phone) => sum + phone.waiting, 0);
    return { country, worker: country.worker as LabWorker, texts, phones, waiting };
  }

  /** Until no phone has anything left, each sends what it has, again and again; refused or cut off it just waits a little. */
  async send({ phones, waiting }: FaultCountry): Promise<void> {
    const until = Date.now() + PHONES_EMPTY_MS_MAX;
    const one = async (phone: MedicPhone) => {
      while (phone.waiting > 0 && Date.now() < until) {
        for (let polls = 0; polls < PER_WAKE; polls++) if (!(await phone.poll()).ok) break;
        await sleep(PAUSE_MS);
      }
    };
    await Promise.all(phones.map(one));
    expect(waiting(), "SMS that no phone got rid of").toBe(0);
  }

  /** Everything comes to rest, and each SMS, payment, entry and balance is where it belongs, once. */
  async expectRight({ country, texts }: FaultCountry): Promise<void> {
    await country.minute();
    const target = { sms: texts.sms, payments: texts.payments.length };
    const reached = await watch(country, null, target, performance.now(), DRAIN_MS_MAX);
    expect(reached.all, `at rest within ${DRAIN_MS_MAX} ms: ${JSON.stringify(reached)}`).not.toBeNull();
    expect(await complaints(country, [texts], null)).toEqual([]);
    const seen = new Set(confirmedIds(this.surroundings.legacy.requests()));
    expect(seen.size, "SMS that the old system has").toBe(texts.sms);
  }
}

/** Waits until so many of the phones' SMS are taken. */
export async function untilTaken({ texts, waiting }: FaultCountry, share: number): Promise<void> {
  for (const until = Date.now() + PHONES_EMPTY_MS_MAX; texts.sms - waiting() < texts.sms * share; await sleep(20))
    if (Date.now() > until) throw new Error(`not ${share} of the SMS are taken`);
}
