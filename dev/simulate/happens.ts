/** One deed of a plan, done to the world. */
import type { MedicPhone } from "../medic-phone.ts";
import { asRecord } from "../serve.ts";
import { insist, tellReading } from "./country.ts";
import type { Deed, Later } from "./plan.ts";
import { setBack } from "./set-back.ts";
import type { Answer, Moved, World } from "./world.ts";

const SECOND_MS = 1_000;
const TRIES_MAX = 2_000;
/** How wrong the clocks of the machines are on which the Worker runs, either way. */
export const SKEW_MS_MAX = 90 * SECOND_MS;

export async function happens(world: World, phones: readonly MedicPhone[], deed: Deed): Promise<void> {
  const { machine, faults, queues } = world;
  switch (deed.what) {
    case "payment":
      await Promise.all(
        deed.phones.map(async ({ phone, after, chars }) => {
          await machine.sleep(after);
          phones[phone]?.store({ from: deed.text.from, content: deed.text.content.slice(0, chars ?? undefined) });
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
      await once(world, () => world.call("POST", "/api/payments/webhook", body, { "x-gateway-key": key }));
      return;
    }
    case "reading": {
      const readAt = machine.now() + deed.skewMs;
      await Promise.all(
        deed.sent.map(async (after) => {
          await machine.sleep(after);
          await once(world, () => tellReading(world, deed.meter, deed.registerWh, readAt));
        }),
      );
      return;
    }
    case "assign":
      await Promise.all([
        assign(world, deed.receipt, deed.account),
        ...(deed.rival === null ? [] : [rival(world, deed.receipt, deed.rival)]),
      ]);
      if (deed.moved === null) return;
      await machine.sleep(deed.moved.after);
      await assign(world, deed.receipt, deed.moved.account);
      return;
    case "crash":
      return world.crash();
    case "kill": {
      const names = world.objects[deed.binding].names();
      const name = names[deed.nth % Math.max(1, names.length)];
      if (name === undefined) return;
      machine.strike("kill");
      world.objects[deed.binding].kill(name);
      return;
    }
    case "database":
      faults.database = deed.mode;
      await machine.sleep(deed.ms);
      faults.database = "none";
      return;
    case "set back":
      return setBack(world, deed);
    case "clocks":
      machine.skewMsMax = Math.round(deed.share * SKEW_MS_MAX);
      await machine.sleep(deed.ms);
      machine.skewMsMax = 0;
      return;
    case "releases":
      world.deploy(deed.share);
      await machine.sleep(deed.ms);
      world.deploy(0);
      return;
    case "meters":
    case "cut":
    case "old":
    case "koios":
    case "thundercloud":
      faults[deed.what] = deed.share;
      await machine.sleep(deed.ms);
      faults[deed.what] = 0;
      return;
    case "disks":
    case "alarms":
    case "answers": {
      const fault = ({ disks: "failing", alarms: "givingUp", answers: "losing" } as const)[deed.what];
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

/** Told until it is understood, and remembered: all that was told is told once more in the end. */
async function once(world: World, tell: () => Promise<Answer>) {
  world.told.push(tell);
  await insist(world, tell);
}

/** A person looks, acts on what was seen, and comes again while told to. */
async function assign(world: World, receipt: string, account: string) {
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const seen = await world.ops("GET", `/receipts/${receipt}`);
    if (seen.status === 200) {
      const { generation } = asRecord(seen.body);
      const order = { expectedGeneration: generation, account, reason: "as the payer says" };
      const give = () => world.ops("POST", `/receipts/${receipt}/assign`, order);
      world.told.push(give);
      const { status, body } = await give();
      moved(world, { receipt, generation: Number(generation), account }, status);
      if (status >= 200 && status < 500 && !/moving|stale/.test(JSON.stringify(body))) return;
    }
    await world.machine.sleep(20 * SECOND_MS);
  }
}

/** Looks when the first one may look, acts later on what was seen then, and leaves it at that: whoever comes too late is told so. */
async function rival(world: World, receipt: string, { account, after }: Later) {
  const seen = await world.ops("GET", `/receipts/${receipt}`, undefined, "palesa");
  await world.machine.sleep(after);
  if (seen.status !== 200) return;
  const generation = Number(asRecord(seen.body).generation);
  const order = { expectedGeneration: generation, account, reason: "as somebody else says" };
  const give = () => world.ops("POST", `/receipts/${receipt}/assign`, order, "palesa");
  const { status } = await give();
  if (moved(world, { receipt, generation, account }, status)) world.told.push(give);
}

/** True: whoever gave it was told that it is so. */
function moved(world: World, move: Omit<Moved, "isKnown">, status: number): boolean {
  const isDone = status >= 200 && status < 300;
  if (isDone || status === 0 || status >= 500) world.moves.push({ ...move, isKnown: isDone });
  return isDone;
}
