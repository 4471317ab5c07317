import { execFile } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { LabWorker, type Surroundings, startSurroundings } from "../../dev/lab.ts";
import { MedicPhone } from "../../dev/medic-phone.ts";
import { ask, until } from "./world.ts";

const TREE = fileURLToPath(new URL("../..", import.meta.url));
const ROOT = join(TREE, ".data/story-new-country");
const COPY = join(ROOT, "tree");
const FIRST_PORT = 21_487;
const SETTLE_MS_MAX = 60_000;
const DAY_MS = 86_400_000;
const KATHMANDU_MS = 345 * 60_000;

/** What the document says, in its order: the file to write, and what to type. */
const doc = readFileSync(join(TREE, "docs/new-country.md"), "utf8");
const [file = ""] = blocks("ts");
const [list = "", database = "", opening = ""] = blocks("sh");
function blocks(kind: string): string[] {
  return [...doc.matchAll(new RegExp(`^\`\`\`${kind}\\n([\\s\\S]*?)^\`\`\`$`, "gm"))].map(([, text = ""]) => text);
}

/** Types it into a shell in the copy. Not waited for by standing still: the way to the database runs in this process. */
const type = async (text: string, env: Record<string, string> = {}): Promise<string> => {
  const { stdout } = await promisify(execFile)("bash", ["-euo", "pipefail", "-c", text], {
    cwd: COPY,
    env: { ...process.env, ...env, CI: "1", WRANGLER_SEND_METRICS: "false" },
  });
  return stdout;
};

let surroundings: Surroundings;
let worker: LabWorker;
let books: pg.Client;

beforeAll(async () => {
  rmSync(ROOT, { recursive: true, force: true });
  mkdirSync(join(COPY, "web/dist"), { recursive: true });
  for (const part of readdirSync(TREE).filter((name) => !/^(?:\.|node_modules$|web$|tests$|docs$)/.test(name)))
    cpSync(join(TREE, part), join(COPY, part), { recursive: true });
  symlinkSync(join(TREE, "node_modules"), join(COPY, "node_modules"));
  surroundings = await startSurroundings(ROOT, FIRST_PORT, () => `${worker.url}/api/meters/relay-ack`);
});
afterAll(async () => {
  await books?.end().catch(() => undefined);
  await worker?.stop();
  await surroundings?.stop();
  rmSync(ROOT, { recursive: true, force: true });
});

const workerWith = (vars: Record<string, string>, log?: (line: string) => void) =>
  new LabWorker({
    bundle: join(ROOT, "bundle"),
    objects: join(ROOT, "objects"),
    port: FIRST_PORT,
    vars,
    ...(log === undefined ? {} : { log }),
    deployment: { config: join(COPY, "wrangler.toml"), env: "xv" },
  });

it("opens by the document's own words, and credits a payment in its money, by its phone rules, on its local day", async () => {
  writeFileSync(join(COPY, "src/domain/countries/xv.ts"), file);
  expect(await type(list)).toContain("wrangler.toml has [env.xv]");
  await type("node_modules/.bin/wrangler deploy --dry-run --env xv --outdir ../bundle");

  const { vars } = await surroundings.country("cc_like_ls");
  await surroundings.database.createDatabase("cc_xv");
  const ownerUrl = surroundings.database.ownerUrl("cc_xv");
  expect(await type(database, { DATABASE_URL: ownerUrl })).toContain("The database of Velmora is up to date.");
  const appUrl = surroundings.database.appUrl("cc_xv", FIRST_PORT + 11);
  worker = workerWith({ ...vars, DATABASE_URL: appUrl });
  await worker.start();

  const key = surroundings.keys.LS.ops;
  const goLive = new Date(Date.now() - 30 * DAY_MS).toISOString();
  const printed = await type(opening, { OPS_URL_XV: worker.url, OPS_KEY_XV: key, GO_LIVE: goLive });
  const medicUrl = /"medicUrl": ?"([^"]+)"/.exec(printed)?.[1];
  if (medicUrl === undefined) throw new Error(`no address for the phone in ${printed}`);
  const ops = <T>(path: string, json?: unknown) =>
    ask<T>(`${worker.url}/api/ops${path}`, {
      headers: { "X-Ops-Key": key, "X-Actor": "Mpho" },
      ...(json === undefined ? {} : { json }),
    });
  const account = {
    account: "0045VEL",
    name: "Lineo Khalane",
    phone: "07123456",
    language: "en",
    status: "live",
    meters: [],
  };
  expect((await ops("/accounts", { accounts: [account] })).status).toBe(200);

  // Ten past midnight there: in UTC it is still the day before.
  const midnight = Math.floor((Date.now() - DAY_MS + KATHMANDU_MS) / DAY_MS) * DAY_MS;
  const day = new Date(midnight);
  const date = `${day.getUTCDate()}/${day.getUTCMonth() + 1}/${day.getUTCFullYear() % 100}`;
  const content = `QK7XVTEST01 Confirmed. on ${date} at 12:10 AM V50.00 received from 07123456 - Palesa Sample 07123456.New M-Pesa balance is V1,204.55 Reference: 0045VEL.`;
  const phone = new MedicPhone({ url: medicUrl });
  const sms = { from: "VELPAY", content, sentAt: Date.now() };
  phone.store(sms);
  phone.store(sms);
  expect((await phone.poll()).ok).toBe(true);

  const view = await until(
    "the account",
    SETTLE_MS_MAX,
    async () => (await ops<{ balanceWh: number }>("/accounts/0045VEL")).body,
    ({ balanceWh }) => balanceWh !== 0,
  );
  expect(view.balanceWh).toBe(25_000);
  await until(
    "the receipt's SMS",
    SETTLE_MS_MAX,
    async () => {
      await phone.poll();
      return [...phone.outgoing.values()].map(({ to, content: text }) => `${to} ${text}`).join();
    },
    (said) => said.includes("V50.00 received for account 0045VEL: 25.0 kWh") && said.includes("9997123456"),
  );
  books = new pg.Client({ connectionString: ownerUrl });
  await books.connect();
  const { rows } = await until(
    "the books",
    SETTLE_MS_MAX,
    // An account's own posting may come first: it stands in for the claim, and does not know who paid.
    () =>
      books.query("SELECT receipt, amount_minor, currency, payer_phone, paid_at FROM payments WHERE generation > 0"),
    (found) => found.rows.length > 0,
  );
  expect(rows).toEqual([
    {
      receipt: "QK7XVTEST01",
      amount_minor: "5000",
      currency: "XVM",
      payer_phone: "9997123456",
      paid_at: new Date(midnight + 10 * 60_000 - KATHMANDU_MS),
    },
  ]);
  await expect(books.query("INSERT INTO sites (code, name, facts_version) VALUES ('MAK', 'M', 1)")).rejects.toThrow(
    "MAK is no site of XV, whose database this is",
  );
});

it("does not start with a file that is wrong, and says which field, what it is and what was expected", async () => {
  await worker?.stop();
  const script = join(ROOT, "bundle", "index.js");
  const built = readFileSync(script, "utf8");
  const wrong = built.replace(/(currency: "XVM",\s*minorDigits: )2/, "$13");
  expect(wrong).not.toBe(built);
  writeFileSync(script, wrong);
  const said: string[] = [];
  const broken = workerWith({}, (line) => said.push(line));
  await expect(broken.start({}, 1)).rejects.toThrow();
  await broken.stop();
  expect(said.join("\n")).toContain("src/domain/countries is wrong:\nXV: minorDigits is 3, expected 0 or 2");
});
