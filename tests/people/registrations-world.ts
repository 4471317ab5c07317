import { runInDurableObject } from "cloudflare:test";
import type { RegistrationBatch, RegistrationRow } from "../../src/queries/registrations.ts";
import type { Env, JobMessage } from "../../workers/env.ts";
import { app } from "../../workers/index.ts";
import { type RegistrationPage, registrationsJob } from "../../workers/jobs/registrations.ts";
import type { AccountLedger } from "../../workers/objects/account-ledger.ts";
import { accountLocator } from "../../workers/objects/locate.ts";
import { restoresOf } from "../../workers/objects/restores.ts";
import { registryOf } from "../../workers/ports.ts";
import { type MadeCell, madeWorkbook } from "../workbook.ts";
import { KEYS } from "../workers/country.ts";
import { country, rows } from "./country.ts";

/** Files of newcomers who are uploaded and taken, and the queue that works at them. */

/** Messages wait here until a test lets the job have them, as a queue would hand them over. */
export const queue: RegistrationPage[] = [];
export const env: Env = {
  ...country,
  JOBS: {
    send: async ({ page }: JobMessage) => void queue.push(page as RegistrationPage),
  } as unknown as Queue<JobMessage>,
};
export async function work(messages = 200) {
  for (let n = 0; n < messages; n++) {
    const page = queue.shift();
    if (page === undefined) return;
    await reachDatabase();
    const more = await registrationsJob(env, page);
    if (more !== null) queue.push(more.next as RegistrationPage);
  }
}

/** Objects of a test live in a deployment without a database: those of accounts here are shown this one. */
const reaching = new Set<string>();
async function reachDatabase() {
  for (const { account } of await rows<{ account: string }>("SELECT account_number AS account FROM accounts"))
    if (!reaching.has(account)) {
      reaching.add(account);
      await runInDurableObject(accountLocator(env, account), (object: AccountLedger) => {
        Object.defineProperty(object, "restores", { value: () => restoresOf(env) });
      });
    }
}

type Body = { batch: RegistrationBatch; problems: RegistrationRow[]; error: { kind: string; details: unknown } };
export async function ask(method: string, path: string, body?: BodyInit, headers: Record<string, string> = {}) {
  const response = await app.request(
    `/api/registrations${path}`,
    {
      method,
      headers: { "X-Ops-Key": KEYS.ops, "X-Actor": "Lineo", ...headers },
      ...(body === undefined ? {} : { body }),
    },
    env,
  );
  return { status: response.status, body: (await response.json()) as Body };
}
export let acts = 0;
export const act = () => ({ "Idempotency-Key": `act-${crypto.randomUUID()}-${++acts}` });
export const upload = (bytes: BodyInit, path = "?site=MAK", headers = act()) => ask("POST", path, bytes, headers);
export const say = (path: string, body: object) =>
  ask("POST", path, JSON.stringify(body), { "Content-Type": "application/json" });
export const get = async (id: number) => (await ask("GET", `/${id}`)).body.batch;
export const rowsOf = async (id: number, show = "all") =>
  (await ask("GET", `/${id}/rows?show=${show}`)).body as unknown as { rows: RegistrationRow[]; next: number | null };

const LETTERS = "abcdefghijklmnopqrstuvwxyz";
/** Two letters, the first before the second, each pair once. */
const PAIRS = [...LETTERS].flatMap((one, n) => [...LETTERS.slice(n + 1)].map((other) => `${one}${other}`));
export let people = 0;
/** Somebody whom no other test knows: names share no three letters in a row, phones no digits, so that nobody resembles another. */
export const newcomer = (): MadeCell[] => {
  const pair = PAIRS[people];
  if (pair === undefined) throw new Error(`${PAIRS.length} newcomers are all there are`);
  const name = pair.repeat(3);
  return [name, name.split("").toReversed().join(""), `5${String(1_000_000 + ++people)}`];
};
export const HEADERS = ["First name", "Last name", "Phone"];
export const book = (...people: MadeCell[][]) =>
  madeWorkbook([{ name: "Customers", rows: [HEADERS, ...people] }]).slice();
export const taken = async (bytes: Uint8Array<ArrayBuffer>, how: object = { mode: "all" }) => {
  const { batchId } = (await upload(bytes)).body.batch;
  await say(`/${batchId}/commit`, how);
  await work();
  return batchId;
};

export const open = async () => {
  const sites = ["MAK", "SHG"].map((code) => ({ code, name: `Ha ${code}`, district: null }));
  await registryOf(env).upsertSites(sites, { actor: "a test", reason: null, at: Date.now() });
};
