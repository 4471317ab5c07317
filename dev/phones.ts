/**
 * Gateway phones at the keyboard: `npm run phones -- --samples` sends a day's texts through the phones of the running
 * local world; `--url` names another place, `--watch` keeps the phones polling and sending.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { MedicPhone } from "./medic-phone.ts";
import { CHATTER, type SampleOperator, type SampleSms, SampleTill } from "./samples.ts";
import { SmsSyncPhone } from "./smssync-phone.ts";

export * from "./medic-phone.ts";
export { ClientCrash } from "./phone-http.ts";
export * from "./smssync-phone.ts";

const WATCH_MS = 30_000;
const HELP = `npm run phones -- [options]
  --samples         send sample texts: payments, payments out, chatter, one text twice
  --watch           keep polling every 30 seconds, so that outgoing SMS are fetched and reported
  --url URL         a Medic URL as typed into the app (default: every phone in .data/local.json)
  --smssync URL     an SMSSync URL as typed into the app
  --country LS|BJ   whose texts (default LS; with .data/local.json: only that country's phones)
  --account CODE    an account to pay for; repeat for more (default: those of .data/local.json)
  --count N         payments for each phone (default 6)
  --amount MINOR    amount of each payment in minor units (default: drawn)
  --seed N          another seed gives other receipts (default: the time)`;

type LocalCountry = {
  url?: string;
  opsKey?: string;
  phones: { name: string; phoneId?: string; medicUrl: string; smssyncUrl: string }[];
  customers: { account: string; phone: string }[];
};

/** The texts of one till on one morning. The last payment comes twice, under two ids, as networks do. */
export function sampleDay(options: {
  tills: readonly SampleTill[];
  accounts: readonly string[];
  count: number;
  now: number;
  amountMinor?: number;
}): SampleSms[] {
  const { tills, accounts, count, now, amountMinor } = options;
  const texts: SampleSms[] = [];
  for (let i = 0; i < count; i++) {
    const till = tills[i % tills.length];
    if (till === undefined) break;
    const at = now - (count - i) * 60_000;
    const drawn = till.operator === "momo" ? 500 * (1 + (i % 6)) : 500 * (1 + (i % 9));
    const account = accounts.length === 0 ? null : (accounts[i % accounts.length] ?? null);
    texts.push(till.pay({ account, amountMinor: amountMinor ?? drawn, at }).sms);
    const chatter = CHATTER[till.operator];
    if (i % 3 === 1) texts.push(chatter[i % chatter.length] ?? { from: "0", content: "" });
    if (i % 5 === 4) texts.push(till.payOut(1_000, at));
  }
  return texts.concat(texts.slice(-1));
}

async function main() {
  const { values } = parseArgs({
    options: {
      samples: { type: "boolean", default: false },
      watch: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
      url: { type: "string" },
      smssync: { type: "string" },
      country: { type: "string" },
      account: { type: "string", multiple: true },
      count: { type: "string", default: "6" },
      amount: { type: "string" },
      seed: { type: "string" },
    },
  });
  if (values.help || !(values.samples || values.watch)) return console.log(HELP);
  const named = values.url !== undefined || values.smssync !== undefined;
  const { countries } = named ? { countries: {} } : localWorld();
  const chosen: [string, LocalCountry][] = Object.entries(countries);
  if (named) chosen.push([values.country ?? "LS", { phones: [], customers: [] }]);
  const medics: MedicPhone[] = [];
  const syncs: SmsSyncPhone[] = [];
  let seed = values.seed === undefined ? Math.floor(Date.now() / 1000) % 1_000_000 : Number(values.seed);
  for (const [code, country] of chosen) {
    if (values.country !== undefined && values.country !== code) continue;
    const operators: SampleOperator[] = code === "BJ" ? ["momo"] : ["mpesa", "ecocash"];
    const accounts = values.account ?? country.customers.map(({ account }) => account);
    const count = Number(values.count);
    const amount = values.amount === undefined ? {} : { amountMinor: Number(values.amount) };
    const wallets = await walletsOf(country);
    const day = (phoneId: string | undefined) => {
      const { tillId, balances } = wallets.of(phoneId);
      const tills = operators.map((operator) => {
        const key = `${tillId ?? seed}/${operator}`;
        const balanceMinor = balances[operator];
        const made = { operator, seed: seed++, ...(balanceMinor === undefined ? {} : { balanceMinor }) };
        const till = wallets.made.get(key) ?? new SampleTill(made);
        wallets.made.set(key, till);
        return till;
      });
      return sampleDay({ tills, accounts, count, now: Date.now(), ...amount });
    };
    // Every third phone of the local world runs the other app.
    const urls = country.phones.map((phone, i) => ({
      name: phone.name,
      phoneId: phone.phoneId,
      ...(i % 3 === 2 ? { sync: phone.smssyncUrl } : { medic: phone.medicUrl }),
    }));
    const typed = named ? [{ name: "typed", medic: values.url, sync: values.smssync }] : [];
    type Typed = { name: string; phoneId?: string; medic?: string; sync?: string };
    for (const { name, phoneId, medic, sync } of [...urls, ...typed] as Typed[]) {
      if (medic !== undefined) {
        const phone = new MedicPhone({ url: medic });
        medics.push(phone);
        console.log(
          `${code} ${name} (Medic): ${(await phone.handshake()) ? "connected" : "URL not responding in expected way"}`,
        );
        if (values.samples) for (const sms of day(phoneId)) phone.store(sms);
        await phone.wake();
        console.log(`  ${phone.incoming.length} stored, ${phone.waiting} not taken yet`);
      }
      if (sync !== undefined) {
        const phone = new SmsSyncPhone({ url: sync });
        syncs.push(phone);
        if (values.samples) for (const sms of day(phoneId)) await phone.onSms(sms);
        console.log(`${code} ${name} (SMSSync): ${phone.incoming.length} posted, ${phone.waiting} not taken yet`);
      }
    }
  }
  while (values.watch) {
    await new Promise((resolve) => setTimeout(resolve, WATCH_MS));
    for (const phone of medics) await phone.wake();
    for (const phone of syncs) {
      await phone.sync();
      await phone.task();
    }
    const sent = medics
      .flatMap((phone) => [...phone.outgoing.values()])
      .filter(({ timesSent }) => timesSent > 0).length;
    console.log(`${new Date().toISOString()} ${sent + syncs.flatMap(({ tasks }) => tasks).length} SMS sent so far`);
  }
  return undefined;
}

type Balances = Partial<Record<SampleOperator, number>>;

/** The wallets behind the phones: the phones of one till share one, and it goes on from the balance that its chain has. */
async function walletsOf({ url, opsKey }: LocalCountry) {
  const ask = async <T>(path: string): Promise<T | null> => {
    if (url === undefined || opsKey === undefined) return null;
    const headers = { "X-Ops-Key": opsKey, "X-Actor": "phones" };
    const answer = await fetch(`${url}/api/ops/${path}`, { headers }).catch(() => null);
    return answer?.ok ? ((await answer.json()) as T) : null;
  };
  type Tills = { tills: { facts: { tillId: string }; chains: { provider: SampleOperator; balanceMinor: number }[] }[] };
  const tills = (await ask<Tills>("tills"))?.tills ?? [];
  const phones = (await ask<{ phones: { phoneId: string; tillId: string }[] }>("phones"))?.phones ?? [];
  return {
    made: new Map<string, SampleTill>(),
    of(phoneId: string | undefined): { tillId: string | undefined; balances: Balances } {
      const tillId = phones.find((phone) => phone.phoneId === phoneId)?.tillId;
      const chains = tills.find(({ facts }) => facts.tillId === tillId)?.chains ?? [];
      return {
        tillId,
        balances: Object.fromEntries(chains.map(({ provider, balanceMinor }) => [provider, balanceMinor])),
      };
    },
  };
}

function localWorld(): { countries: Record<string, LocalCountry> } {
  const file = fileURLToPath(new URL("../.data/local.json", import.meta.url));
  try {
    return JSON.parse(readFileSync(file, "utf8")) as { countries: Record<string, LocalCountry> };
  } catch {
    console.error("No local world is running (npm start), and no --url was given.");
    return process.exit(2);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
