/** A country of its own for one part of the run: fresh database, fresh objects, seeded accounts, four phones. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import pg from "pg";
import { LabWorker, type Surroundings } from "../lab.ts";
import { BenchPhones } from "./phones.ts";
import { TILLS } from "./texts.ts";

const ACCOUNTS_PAGE_MAX = 200;
const ASK_MS_MAX = 30_000;
/** In production each minute. */
const CRON_MS = 60_000;
const CUTOVER_BEFORE_MS = 30 * 86_400_000;
const LOOK_MS = 100;
const CAP_MINOR_MAX = 9_000_000_000_000;

export type Depths = {
  unprocessedSms: number;
  forwards: number;
  parkedForwards: number;
  openClaims: number;
  copyRows: number;
  refusedRows: number;
};

/** What runs the country's Worker: one release in workerd, or whatever stands in its place. */
export type CountryWorker = Pick<LabWorker, "url" | "pid" | "start" | "stop">;

type Options = {
  surroundings: Surroundings;
  objectsDir: string;
  bundle: string;
  port: number;
  inspectorPort?: number;
  name: string;
  accounts: readonly string[];
  vars?: Record<string, string>;
  /** How long ago the country's cut-over was: from then on what is metered is debited. */
  cutoverBeforeMs?: number;
  /** Another way to run it, in this folder of objects. */
  workerOf?: (objects: string, vars: Record<string, string>) => CountryWorker;
};

export class BenchCountry {
  readonly worker: CountryWorker;
  /** As they are typed into the phones. */
  readonly phoneUrls = new Map<string, string>();
  readonly phones = new BenchPhones();
  database: pg.Client;
  readonly objects: string;
  readonly #ownerUrl: string;
  readonly #opsKey: string;
  #cron: NodeJS.Timeout | undefined;
  #added = 0;

  constructor(worker: CountryWorker, ownerUrl: string, objects: string, opsKey: string) {
    this.worker = worker;
    this.objects = objects;
    this.#opsKey = opsKey;
    this.#ownerUrl = ownerUrl;
    this.database = clientOf(ownerUrl);
  }

  /** After PostgreSQL was gone. */
  async reconnect() {
    await this.database.end().catch(() => undefined);
    this.database = clientOf(this.#ownerUrl);
    await this.database.connect();
  }

  async open(accounts: readonly string[], cutoverBeforeMs = CUTOVER_BEFORE_MS) {
    await this.database.connect();
    await this.worker.start();
    await this.#seed(accounts, cutoverBeforeMs);
    await this.settled();
    this.#cron = setInterval(() => void this.minute(), CRON_MS);
  }

  async close() {
    clearInterval(this.#cron);
    await this.phones.stop();
    await this.worker.stop();
    await this.database.end().catch(() => undefined);
    await rm(this.objects, { recursive: true, force: true });
  }

  /** The job of each minute, now. */
  async minute() {
    const url = `${this.worker.url}/cdn-cgi/local/scheduled?cron=${encodeURIComponent("* * * * *")}`;
    const signal = AbortSignal.timeout(ASK_MS_MAX);
    const answer = await fetch(url, { signal, headers: { "MF-Original-URL": url } }).catch(() => null);
    await answer?.arrayBuffer().catch(() => undefined);
  }

  async depths(): Promise<Depths | null> {
    const answer = await this.get("/status").catch(() => null);
    const view = answer as { depths?: Depths; database?: string } | null;
    return view?.database === "up" ? (view.depths ?? null) : null;
  }

  /** Nothing is under way any more. */
  async settled(msMax = 120_000): Promise<void> {
    let last: Depths | null = null;
    for (const until = Date.now() + msMax; Date.now() < until; await wait(LOOK_MS)) {
      last = await this.depths();
      if (last !== null && isQuiet(last)) return;
    }
    throw new Error(`not settled in ${msMax} ms: ${JSON.stringify(last)}`);
  }

  async addAccounts(accounts: readonly string[]) {
    for (let from = 0; from < accounts.length; from += ACCOUNTS_PAGE_MAX) {
      const page = accounts.slice(from, from + ACCOUNTS_PAGE_MAX).map((account, index) => ({
        account,
        name: `Sample ${account}`,
        phone: `2665${String(this.#added + index + 1).padStart(7, "0")}`,
        language: "en",
        status: "live",
        meters: [{ meterNumber: meterNumberAt(this.#added + index), thing: thingOf(account) }],
      }));
      await this.post("/accounts", { accounts: page });
      this.#added += page.length;
    }
  }

  /** An account as its own object knows it. */
  account(account: string) {
    return this.get(`/accounts/${account}`) as Promise<{ balanceWh: number; copyWaiting: number; seq: number }>;
  }

  async #seed(accounts: readonly string[], cutoverBeforeMs: number) {
    await this.post("/init", { cutoverAt: new Date(Date.now() - cutoverBeforeMs).toISOString() });
    const sites = [...new Set(accounts.map((account) => account.slice(4)))];
    await this.post("/sites", { sites: sites.map((code) => ({ code, name: `Village ${code}`, district: null })) });
    await this.post("/rates", {
      rates: [{ scope: "global", subject: null, rateE4PerKwh: 50_000, validFrom: "2020-01-01T00:00:00+02:00" }],
    });
    const max = CAP_MINOR_MAX;
    const caps = { paymentMinorMax: max, accountDayMinorMax: max, tillDayMinorMax: max, chainBreakMinorMax: max };
    for (const { tillId } of TILLS)
      await this.post("/tills", { tillId, name: tillId, senders: ["MPESA", "199"], caps });
    await this.addAccounts(accounts);
    for (const { tillId, phones } of TILLS) {
      for (const phoneId of phones) {
        const added = await this.post("/phones", { phoneId, name: phoneId, tillId, channel: "electricity" });
        this.phoneUrls.set(phoneId, String(added.medicUrl));
      }
    }
    await this.phones.add(this.phoneUrls);
  }

  /** At the operators' door. */
  async post(path: string, body: unknown): Promise<Record<string, unknown>> {
    return this.#ask(path, {
      method: "POST",
      body: JSON.stringify(body),
      headers: { "Content-Type": "application/json", "X-Actor": "bench" },
    });
  }

  get(path: string) {
    return this.#ask(path, { method: "GET", headers: {} });
  }

  async #ask(path: string, init: RequestInit & { headers: Record<string, string> }) {
    const answer = await fetch(`${this.worker.url}/api/ops${path}`, {
      ...init,
      headers: { ...init.headers, "X-Ops-Key": this.#opsKey },
      signal: AbortSignal.timeout(ASK_MS_MAX),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${text.slice(0, 300)}`);
    return JSON.parse(text) as Record<string, unknown>;
  }
}

function clientOf(connectionString: string): pg.Client {
  const client = new pg.Client({ connectionString });
  // Its connection may be cut while nothing is asked.
  client.on("error", () => undefined);
  return client;
}

/** The meter of the account that was added as the `n`th. */
export const meterNumberAt = (n: number) => String(23_000_001 + n);
export const thingOf = (account: string) => `bench-${account}`;

export const isQuiet = (depths: Depths) =>
  [depths.unprocessedSms, depths.forwards, depths.openClaims, depths.copyRows].every((depth) => depth === 0);

export async function openCountry(options: Options): Promise<BenchCountry> {
  const { surroundings, objectsDir, bundle, port, inspectorPort, name, accounts, vars: more = {} } = options;
  const { vars, ownerUrl } = await surroundings.country(name);
  const objects = join(objectsDir, `objects-${name}`);
  await rm(objects, { recursive: true, force: true });
  const given = { ...vars, ...more };
  const worker =
    options.workerOf?.(objects, given) ??
    new LabWorker({
      ...{ bundle, objects, port, vars: given },
      ...(inspectorPort === undefined ? {} : { inspectorPort }),
    });
  const country = new BenchCountry(worker, ownerUrl, objects, surroundings.keys.LS.ops);
  try {
    await country.open(accounts, options.cutoverBeforeMs);
  } catch (thrown) {
    await country.close();
    throw thrown;
  }
  return country;
}
