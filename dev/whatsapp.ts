/**
 * The WhatsApp bridge of a laptop: `npm run whatsapp -- --text "ha ho motlakase" --phone 26650000101` writes as a customer of the
 * running local world; `--watch` fetches what is to be said, prints it and says that it was said. It shares no code with what answers it.
 */
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { z } from "zod";

const HELP = `npm run whatsapp -- [options]
  --text WORDS       writes this as a customer
  --phone NUMBER     of the customer, with the country's code (default: the first of .data/local.json)
  --hidden           the number is hidden behind an id, as WhatsApp may do
  --twice            sends the same message once more under the same id
  --watch            fetches notices every 2 seconds until it is stopped; without it, once
  --forget           fetches and does not acknowledge, as a bridge that died
  --country LS|BJ    (default LS)`;

const WATCH_MS = 2_000;
const Local = z.object({
  countries: z.record(
    z.string(),
    z.object({ url: z.string(), bridgeKey: z.string(), customers: z.array(z.object({ phone: z.string() })) }),
  ),
});
const Notices = z.object({
  notices: z.array(
    z.object({ noticeId: z.number(), to: z.string(), ticketId: z.number().nullable(), text: z.string() }),
  ),
});

/** A bridge that remembers what it has said: a notice that is handed over again is not said again. */
export class SimulatedBridge {
  readonly #base: string;
  readonly #key: string;
  readonly #said = new Set<number>();
  constructor(base: string, key: string) {
    this.#base = base;
    this.#key = key;
  }

  async #ask(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${this.#base}/api/bridge${path}`, {
      method,
      headers: { "X-Bridge-Key": this.#key, "Content-Type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const said: unknown = await response.json();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(said)}`);
    return said;
  }

  write(message: { id: string; from: string; phone: string | null; text: string }): Promise<unknown> {
    return this.#ask("POST", "/messages", { ...message, at: new Date().toISOString() });
  }

  /** What it said now. */
  async fetch({ forgets = false } = {}): Promise<z.infer<typeof Notices>["notices"]> {
    const { notices } = Notices.parse(await this.#ask("GET", "/notices"));
    const fresh = notices.filter(({ noticeId }) => !this.#said.has(noticeId));
    for (const { noticeId } of fresh) this.#said.add(noticeId);
    if (notices.length > 0 && !forgets)
      await this.#ask("POST", "/notices/ack", { noticeIds: notices.map(({ noticeId }) => noticeId) });
    return fresh;
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      ...{ text: { type: "string" }, phone: { type: "string" }, country: { type: "string", default: "LS" } },
      ...{ hidden: { type: "boolean" }, twice: { type: "boolean" }, watch: { type: "boolean" } },
      ...{ forget: { type: "boolean" }, help: { type: "boolean" } },
    },
  });
  if (values.help === true) return console.log(HELP);
  const file = fileURLToPath(new URL("../.data/local.json", import.meta.url));
  const here = Local.parse(JSON.parse(readFileSync(file, "utf8"))).countries[values.country];
  if (here === undefined) throw new Error(`--country ${values.country}: that country does not run here`);
  const bridge = new SimulatedBridge(here.url, here.bridgeKey);
  const phone = values.phone ?? here.customers[0]?.phone.replace("+", "") ?? "";
  if (values.text !== undefined) {
    const from = values.hidden === true ? `${phone.slice(-8)}0000@lid` : `${phone}@c.us`;
    const message = { id: randomUUID(), from, phone: values.hidden === true ? null : phone, text: values.text };
    for (const _ of values.twice === true ? [1, 2] : [1]) console.log(JSON.stringify(await bridge.write(message)));
  }
  do {
    for (const notice of await bridge.fetch({ forgets: values.forget ?? false }))
      console.log(`to ${notice.to}: ${notice.text}`);
    if (values.watch === true) await sleep(WATCH_MS);
  } while (values.watch === true);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
