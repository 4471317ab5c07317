import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { COUNTRIES } from "../src/domain/country.ts";
import { signDebts } from "./demo-debts.ts";
import { demoHistory, type HistoryRow } from "./demo-history.ts";
import { bringPast, demoSupply, demoVillage } from "./demo-past.ts";
import { placePeople } from "./demo-places.ts";
import { applicantsOf, demoEvents } from "./demo-stages.ts";
import { bringTickets } from "./demo-tickets.ts";
import { type DemoVendors, openWallets, seedVendorSites } from "./seed-vendors.ts";
import { type DemoWorld, demoWorld, typesOf } from "./world.ts";

export type SeededPhone = { name: string; phoneId: string; token: string; medicUrl: string; smssyncUrl: string };
export type SeededCountry = {
  /** True when nothing was here before this start. */
  fresh: boolean;
  /** What the old system took before the cut-over. */
  history: HistoryRow[];
  phones: SeededPhone[];
  customers: { account: string; password: string | null; phone: string; meter: string; name: string; status: string }[];
  /** Those whose meter and wallet are on a vendor's platform. */
  vendorCustomers: DemoWorld["vendorCustomers"];
  clinics: DemoWorld["clinics"];
};

/** A country without demo people: it is as a deployment is before its first start, and nothing credits there. */
export const nobody: SeededCountry = {
  fresh: false,
  history: [],
  phones: [],
  customers: [],
  vendorCustomers: [],
  clinics: [],
};

type Options = {
  country: "LS" | "BJ";
  url: string;
  opsKey: string;
  stateFile: string;
  reset: boolean;
  now: number;
  vendors: DemoVendors;
};

const TRIES_MAX = 20;
const HISTORY_PAGE = 500;
const TRY_PAUSE_MS = 500;

/** Puts the demo people into a running Worker through its operator's door. Phones' tokens are kept, since nobody else has them. */
export async function seed(options: Options): Promise<SeededCountry> {
  const { country, stateFile, reset } = options;
  const world = demoWorld(country);
  const known: SeededPhone[] = !reset && existsSync(stateFile) ? JSON.parse(readFileSync(stateFile, "utf8")) : [];
  const post = <T = Record<string, never>>(path: string, body: unknown) => ask<T>(options, path, body);
  // Some days before the demo's present, so that texts dated today credit, and what the vendors' wallets fell by is billed.
  if (known.length === 0) await post("/init", { cutoverAt: new Date(options.vendors.startsAt).toISOString() });
  await post("/sites", { sites: world.sites });
  await seedVendorSites(post, options.vendors, options.now);
  await post("/rates", { rates: world.rates });
  for (const till of world.tills) await post("/tills", till);
  const isFirst = known.length === 0;
  const waiting = applicantsOf(world).map((each) => ({ ...each, status: "live", aliases: [], meters: [] }));
  // In the village whose past is known hour by hour they were put up at the move.
  const exchanged = new Date(options.vendors.startsAt).toISOString();
  const supplies = demoSupply(country).map(({ account, name, meter }) => ({
    ...{ account, name, phone: null, language: null, status: "postpaid", aliases: [] },
    meters: [{ meterNumber: meter, role: "supply" }],
  }));
  const accounts = world.customers.map(({ account, name, phone, language, meter, thing, status }) => ({
    account,
    name,
    phone,
    language,
    // Who has ended had light before, so that at first they are all live.
    status: isFirst && status === "terminated" ? "live" : status,
    aliases: world.aliases.flatMap((known) => (known.account === account ? [known.alias] : [])),
    meters: [{ meterNumber: meter, thing, ...(account.endsWith(demoVillage(country)) ? { from: exchanged } : {}) }],
  }));
  const onPlatforms = world.vendorCustomers.map(({ account, name, phone, language, meter }) => ({
    ...{ account, name, phone, language, status: "live", aliases: [] },
    meters: [{ meterNumber: meter }],
  }));
  const clinics = world.clinics.map(({ account, name, phone, language, meter }) => ({
    ...{ account, name, phone, language, status: "postpaid", aliases: [] },
    meters: [{ meterNumber: meter }],
  }));
  await post("/accounts", { accounts: [...accounts, ...onPlatforms, ...clinics, ...supplies, ...waiting] });
  const { startsAt, hasOpenings } = options.vendors;
  const history = hasOpenings ? demoHistory(world, startsAt) : [];
  if (hasOpenings) await openWallets(post, world.vendorCustomers, startsAt);
  // Good rows alone: a first start that was cut short said some of it, maybe a day ago.
  const staging = isFirst
    ? post("/commissioning/bulk", {
        rows: demoEvents(world, options.now, COUNTRIES[country].utcOffsetMinutes),
        mode: "good",
      })
    : null;
  const remembering = isFirst ? bringHistory(post, history) : null;
  const door = { url: options.url, key: options.opsKey, where: `the local world (${country})`, country };
  // A world that nobody looks around in has no map.
  const placing =
    isFirst && hasOpenings ? placePeople(door, [...accounts, ...onPlatforms, ...clinics], typesOf(world)) : null;
  const past = isFirst && hasOpenings ? bringPast(world, startsAt, options.vendors.database) : null;
  const tickets = isFirst && hasOpenings ? bringTickets(world, options.now, options.vendors.database) : null;
  const [phones] = await Promise.all([addPhones(options, world, known), staging, remembering, placing, past, tickets]);
  if (isFirst && hasOpenings && COUNTRIES[country].features.fees) await signDebts(door, applicantsOf(world));
  await writeFile(stateFile, JSON.stringify(phones, null, 2), { mode: 0o600 });
  return {
    fresh: known.length === 0,
    history,
    phones,
    vendorCustomers: world.vendorCustomers,
    clinics: world.clinics,
    customers: world.customers.map(({ account, phone, meter, name, status }) => ({
      account,
      password: null,
      phone,
      meter,
      name,
      status,
    })),
  };
}

/** The demo's old books, as a move-in brings them. */
async function bringHistory(post: (path: string, body: unknown) => Promise<unknown>, history: readonly HistoryRow[]) {
  const job = createHash("sha256").update(JSON.stringify(history)).digest("hex");
  const file = { job, source: "demo", total: history.length, write: true };
  for (let from = 0; from < history.length; from += HISTORY_PAGE)
    await post("/legacy/claim", { ...file, from, rows: history.slice(from, from + HISTORY_PAGE) });
}

/** One after the other; those that are known keep their tokens. */
async function addPhones(options: Options, world: DemoWorld, known: readonly SeededPhone[]): Promise<SeededPhone[]> {
  const phones: SeededPhone[] = [];
  for (const phone of world.phones) {
    const before = known.find(({ phoneId }) => phoneId === phone.phoneId);
    const added = before ?? {
      ...(await ask<Omit<SeededPhone, "name" | "phoneId">>(options, "/phones", { ...phone, smssyncSecret: null })),
      name: phone.name,
      phoneId: phone.phoneId,
    };
    phones.push({
      name: added.name,
      phoneId: added.phoneId,
      token: added.token,
      medicUrl: added.medicUrl,
      smssyncUrl: added.smssyncUrl,
    });
  }
  return phones;
}

async function ask<T>({ url, opsKey }: Options, path: string, body: unknown): Promise<T> {
  for (let tries = 1; ; tries++) {
    const response = await fetch(`${url}/api/ops${path}`, {
      method: "POST",
      headers: { "X-Ops-Key": opsKey, "X-Actor": "demo world", "Content-Type": "application/json" },
      body: JSON.stringify(body),
    }).catch((thrown: unknown) => thrown);
    if (response instanceof Response && response.ok) return (await response.json()) as T;
    const said = response instanceof Response ? `${response.status} ${await response.text()}` : String(response);
    const isFinal = response instanceof Response && response.status < 500;
    if (isFinal || tries >= TRIES_MAX) throw new Error(`seeding ${path} failed: ${said}`);
    await new Promise((resolve) => setTimeout(resolve, TRY_PAUSE_MS));
  }
}
