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
  phones: { name: string; medicUrl: string; smssyncUrl: string }[];
  customers: { account: string; phone: string }[];
};

/** The texts of one till on one morning. The last payment comes twice, under two ids, as networks do. */
export function sampleDay(options: {
  operators: readonly SampleOperator[];
  accounts: readonly string[];
  count: number;
  seed: number;
  now: number;
  amountMinor?: number;
}): SampleSms[] {
  const { operators, accounts, count, seed, now, amountMinor } = options;
  const tills = operators.map((operator, i) => new SampleTill({ operator, seed: seed + i }));
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
    const day = () => sampleDay({ operators, accounts, count, seed: seed++, now: Date.now(), ...amount });
    // Every third phone of the local world runs the other app.
    const urls = country.phones.map((phone, i) => ({
      name: phone.name,
      ...(i % 3 === 2 ? { sync: phone.smssyncUrl } : { medic: phone.medicUrl }),
    }));
    const typed = named ? [{ name: "typed", medic: values.url, sync: values.smssync }] : [];
    for (const { name, medic, sync } of [...urls, ...typed] as { name: string; medic?: string; sync?: string }[]) {
      if (medic !== undefined) {
        const phone = new MedicPhone({ url: medic });
        medics.push(phone);
        console.log(
          `${code} ${name} (Medic): ${(await phone.handshake()) ? "connected" : "URL not responding in expected way"}`,
        );
        if (values.samples) for (const sms of day()) phone.store(sms);
        await phone.wake();
        console.log(`  ${phone.incoming.length} stored, ${phone.waiting} not taken yet`);
      }
      if (sync !== undefined) {
        const phone = new SmsSyncPhone({ url: sync });
        syncs.push(phone);
        if (values.samples) for (const sms of day()) await phone.onSms(sms);
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
