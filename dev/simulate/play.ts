/** One seed: a country is made, the plan happens, the world heals and drains, and what must be true is looked at. */
import type { Country } from "../../src/domain/country.ts";
import { MedicPhone } from "../medic-phone.ts";
import { asRecord } from "../serve.ts";
import { type Broken, brokenOf, brokenStep, type Seen } from "./invariants.ts";
import { ACCOUNTS, type Deed, PHONES } from "./plan.ts";
import type { SimulatedPostgres } from "./postgres.ts";
import { type Answer, type WorkerModule, World } from "./world.ts";

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
export const START_AT = Date.parse("2026-11-03T06:00:00Z");
/** All that was owed is paid within a day of peace. */
const DRAIN_MS_MAX = DAY_MS;
const POLL_MS = 30 * SECOND_MS;
const TRIES_MAX = 2_000;
const SET_UP_TRIES_MAX = 5;

export type Outcome = { broken: Broken[]; trace: string; events: number; hours: number };
export type Ground = { load: () => Promise<WorkerModule>; postgres: SimulatedPostgres; country: Country };

export async function playSeed(
  ground: Ground,
  seed: number,
  plan: readonly Deed[],
  mutate: (world: World) => void = () => undefined,
): Promise<Outcome> {
  await ground.postgres.empty();
  const world = new World(seed, START_AT, await ground.load(), ground.postgres);
  try {
    mutate(world);
    return await played(world, plan);
  } finally {
    world.close();
  }
}

async function played(world: World, plan: readonly Deed[]): Promise<Outcome> {
  const { machine } = world;
  const ready = await machine.until(makeCountry(world));
  world.startClock();
  const acked = new Map<string, string>();
  const over = { poll: false };
  for (const phone of ready) void polls(world, phone, over);
  let open = plan.length;
  for (const deed of plan)
    machine.after(
      deed.at,
      deed.what,
      () =>
        void happens(world, ready, deed).finally(() => {
          open -= 1;
        }),
    );
  const broken: Broken[] = [];
  const look = () => {
    const found = brokenStep(world);
    if (found !== null && broken.length === 0) broken.push(found);
  };
  await machine.run(() => open === 0 || broken.length > 0, look);
  // Peace: what was to last longer ends now.
  heal(world);
  const until = machine.now() + DRAIN_MS_MAX;
  let quiet = false;
  let owed: string[] = [];
  void (async () => {
    while (!quiet) {
      await machine.sleep(MINUTE_MS);
      owed = await owedNow(world, ready);
      quiet = owed.length === 0;
    }
  })();
  if (broken.length === 0) await machine.run(() => quiet || machine.now() > until || broken.length > 0, look);
  over.poll = true;
  for (const [index, phone] of ready.entries())
    for (const sms of phone.incoming) if (sms.forwarded) acked.set(`${PHONES[index]} ${sms.id}`, sms.content);
  if (broken.length === 0) {
    const seen = await machine.until(seenNow(world, plan, acked, quiet ? [] : owed));
    broken.push(...brokenOf(seen));
  }
  return { broken, trace: machine.trace(), events: machine.events, hours: (machine.now() - START_AT) / HOUR_MS };
}

function heal(world: World) {
  Object.assign(world.faults, { database: "none", meters: 0, old: 0 });
  for (const queue of world.queues) queue.faults = { lost: 0, twice: 0 };
  for (const namespace of Object.values(world.objects)) Object.assign(namespace, { failing: 0, losing: 0 });
}

/** The same again until it is answered for good. */
async function insist(world: World, ask: () => Promise<Answer>, triesMax = TRIES_MAX): Promise<Answer> {
  for (let tries = 1; ; tries++) {
    const answer = await ask();
    const isFinal = answer.status >= 200 && answer.status < 500 && answer.status !== 429;
    if (isFinal || tries >= triesMax) return answer;
    await world.machine.sleep(5 * SECOND_MS);
  }
}

async function made(world: World, path: string, body: unknown): Promise<Record<string, unknown>> {
  const answer = await insist(world, () => world.ops("POST", path, body), SET_UP_TRIES_MAX);
  if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return asRecord(answer.body);
}

async function makeCountry(world: World): Promise<MedicPhone[]> {
  const { machine } = world;
  await made(world, "/init", { cutoverAt: new Date(START_AT - DAY_MS).toISOString() });
  await made(world, "/sites", { sites: [{ code: "MAK", name: "Makhunoane", district: null }] });
  await made(world, "/rates", {
    rates: [{ scope: "global", subject: null, rateE4PerKwh: 50_000, validFrom: "2020-01-01T00:00:00Z" }],
  });
  const accounts = ACCOUNTS.map((account, index) => ({
    account,
    name: `Customer ${index}`,
    phone: `2665000${4000 + index}`,
    language: "en",
    status: "live",
    meters: [{ meterNumber: String(41_000_000 + index), thing: `MAK-SIM-${index}` }],
  }));
  await made(world, "/accounts", { accounts });
  await made(world, "/tills", { tillId: "sim-till", name: "Till", senders: ["MPESA"] });
  const phones: MedicPhone[] = [];
  for (const phoneId of PHONES) {
    const { medicUrl } = await made(world, "/phones", {
      phoneId,
      name: phoneId,
      tillId: "sim-till",
      channel: "electricity",
    });
    phones.push(new MedicPhone({ url: String(medicUrl), now: () => machine.now() }));
  }
  return phones;
}

/** As the app does it: woken now and then, whatever became of the last time. */
async function polls(world: World, phone: MedicPhone, over: { poll: boolean }) {
  while (!over.poll) {
    await phone.wake().catch(() => undefined);
    await world.machine.sleep(POLL_MS + world.machine.draw.below(POLL_MS));
  }
}

async function happens(world: World, phones: readonly MedicPhone[], deed: Deed): Promise<void> {
  const { machine, faults, queues } = world;
  switch (deed.what) {
    case "payment":
      await Promise.all(
        deed.phones.map(async ({ phone, after }) => {
          await machine.sleep(after);
          phones[phone]?.store({ from: deed.text.from, content: deed.text.content });
        }),
      );
      return;
    case "webhook": {
      const body = {
        account_number: deed.account,
        amount: (deed.amountMinor / 100).toFixed(2),
        provider: "mpesa",
        reference: deed.receipt,
      };
      const key = deed.isProvider ? world.keys.provider : world.keys.gateway;
      await insist(world, () => world.call("POST", "/api/payments/webhook", body, { "x-gateway-key": key }));
      return;
    }
    case "assign":
      return assign(world, deed.receipt, deed.account);
    case "crash":
      return world.crash();
    case "kill": {
      const names = world.objects[deed.binding].names();
      const name = names[deed.nth % Math.max(1, names.length)];
      if (name !== undefined) world.objects[deed.binding].kill(name);
      return;
    }
    case "database":
      faults.database = deed.mode;
      await machine.sleep(deed.ms);
      faults.database = "none";
      return;
    case "meters":
    case "old":
      faults[deed.what] = deed.share;
      await machine.sleep(deed.ms);
      faults[deed.what] = 0;
      return;
    case "disks":
    case "answers": {
      const fault = deed.what === "disks" ? "failing" : "losing";
      for (const namespace of Object.values(world.objects)) namespace[fault] = deed.share / 3;
      await machine.sleep(deed.ms);
      for (const namespace of Object.values(world.objects)) namespace[fault] = 0;
      return;
    }
    default: {
      const fault = deed.what === "queue loses" ? "lost" : "twice";
      for (const queue of queues) queue.faults = { ...queue.faults, [fault]: deed.share };
      await machine.sleep(deed.ms);
      for (const queue of queues) queue.faults = { ...queue.faults, [fault]: 0 };
    }
  }
}

/** A person looks, acts on what was seen, and comes again while told to. */
async function assign(world: World, receipt: string, account: string) {
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const seen = await world.ops("GET", `/receipts/${receipt}`);
    if (seen.status === 200) {
      const { generation } = asRecord(seen.body);
      const order = { expectedGeneration: generation, account, reason: "as the payer says" };
      const { status, body } = await world.ops("POST", `/receipts/${receipt}/assign`, order);
      if (status >= 200 && status < 500 && !/moving|stale/.test(JSON.stringify(body))) return;
    }
    await world.machine.sleep(20 * SECOND_MS);
  }
}

async function owedNow(world: World, phones: readonly MedicPhone[]): Promise<string[]> {
  const waiting = phones.reduce((sum, phone) => sum + phone.waiting + phone.updatesWaiting, 0);
  if (waiting > 0) return [`${waiting} with phones`];
  const { status, body } = await world.ops("GET", "/status");
  if (status !== 200) return [`status: ${status}`];
  const deep = Object.entries(asRecord(asRecord(body).depths)).filter(([name, n]) => n !== 0 && name !== "outgoingSms");
  if (deep.length > 0) return deep.map(([name, n]) => `${name}: ${n}`);
  const views = await Promise.all(ACCOUNTS.map((account) => world.ops("GET", `/accounts/${account}`)));
  return views.flatMap(({ status: told, body: view }, index) => {
    const { copyWaiting, commands } = asRecord(view);
    const openCommands = (Array.isArray(commands) ? commands : []).filter((each) =>
      /queued|published|wanted/.test(String(asRecord(each).state)),
    );
    return told === 200 && copyWaiting === 0 && openCommands.length === 0
      ? []
      : [`${ACCOUNTS[index]}: ${told}, ${copyWaiting} rows, ${openCommands.length} commands`];
  });
}

async function seenNow(
  world: World,
  plan: readonly Deed[],
  acked: ReadonlyMap<string, string>,
  owed: string[],
): Promise<Seen> {
  const views = await Promise.all(
    ACCOUNTS.map(async (account) => asRecord((await world.ops("GET", `/accounts/${account}`)).body)),
  );
  const heads = asRecord(
    (await world.ops("POST", "/heads", { since: new Date(START_AT).toISOString(), cursor: null })).body,
  );
  const { postgres } = world;
  return {
    plan,
    owed,
    acked: [...acked.values()],
    accounts: views.map((view, index) => ({
      account: ACCOUNTS[index] ?? "",
      balanceWh: Number(view.balanceWh),
      seq: Number(view.seq),
    })),
    differences: (Array.isArray(heads.differences) ? heads.differences : []).map((each) => JSON.stringify(each)),
    sms: (await postgres.read<{ content: string }>("SELECT content FROM sms_inbound")).map(({ content }) => content),
    payments: await postgres.read(
      `SELECT receipt, amount_minor AS "amountMinor", holder_kind AS "holderKind", a.account_number AS account, generation
       FROM payments p LEFT JOIN accounts a ON a.id = p.account_id`,
    ),
    shares: await postgres.read(
      `SELECT l.receipt, sum(l.amount_minor)::bigint AS "amountMinor" FROM payment_allocations l
       JOIN payments p USING (receipt, generation) GROUP BY 1`,
    ),
    entries: await postgres.read(
      `SELECT e.receipt, e.posting_id AS posting, e.book, e.amount_minor AS "amountMinor", e.energy_wh AS "energyWh", a.account_number AS account
       FROM ledger_entries e LEFT JOIN accounts a ON a.id = e.account_id`,
    ),
    balances: await postgres.read(
      `SELECT a.account_number AS account, b.balance_wh AS "balanceWh", b.seq FROM account_balances b JOIN accounts a ON a.id = b.account_id`,
    ),
    connects: world.published.filter(({ action }) => action === "close").map(({ topic }) => topic),
  };
}
