import { type Command, type Flags, need, say } from "./command.ts";
import { call, type Door } from "./door.ts";
import { clearLine, progressLine } from "./progress-line.ts";

/** Accounts and pages that a command goes through at most. */
const PAGES_MAX = 2_000;
const NAMED_MAX = 50;

type Wallet = {
  account: string;
  readAt: number;
  walletMinor: number | null;
  currency: string;
  oursWh: number;
  theirsWh: number | null;
  deltaWh: number | null;
  verdict: string;
  causes: { cause: string; explainsWh?: number; exact?: boolean; names?: string[] }[];
};
type Compared = { checked: number; differ: string[]; stopped: string | null; next: string | null };

/** Commands about our balances beside the wallets on vendors' platforms. */
export const WALLET_COMMANDS: Record<string, Command> = {
  wallets: {
    help: "[--verdict agree|waits|differ|unknown] [--site MAT]   our balances beside the platforms' wallets, the largest difference first",
    run: list,
  },
  "wallets:compare": {
    help: "--actor NAME   compares all of them now, as every night: each is one question to the vendor",
    run: compareAll,
  },
  wallet: {
    help: "--account A   how one account and its wallet compared, day by day",
    run: async (door, flags) => {
      const { days } = await call<{ days: Wallet[] }>(door, "GET", `/accounts/${need(flags, "account")}/wallet`);
      for (const day of days) console.log(lineOf(day));
      if (days.length === 0)
        console.log("never compared: wallets:compare, or this account has no wallet on a platform");
    },
  },
  "wallet:compare": {
    help: "--account A --actor NAME   looks at one wallet now",
    run: (door, flags) =>
      say(door, "POST", `/accounts/${need(flags, "account")}/wallet/compare`, undefined, need(flags, "actor")),
  },
  "wallet:close": {
    help: "--account A --reason TEXT --actor NAME   ends the case: what was found is settled",
    run: (door, flags) =>
      say(
        door,
        "POST",
        `/accounts/${need(flags, "account")}/wallet/close`,
        { reason: need(flags, "reason") },
        need(flags, "actor"),
      ),
  },
};

async function list(door: Door, flags: Flags) {
  let cursor: number | null = 0;
  let count = 0;
  for (let page = 0; page < PAGES_MAX && cursor !== null; page++) {
    const query = new URLSearchParams({ cursor: String(cursor) });
    for (const name of ["verdict", "site"]) if (flags[name] !== undefined) query.set(name, flags[name]);
    const answer: { wallets: Wallet[]; next: number | null } = await call(door, "GET", `/wallets?${query}`);
    for (const wallet of answer.wallets) console.log(lineOf(wallet));
    count += answer.wallets.length;
    cursor = answer.next;
  }
  console.log(`${count} accounts`);
}

async function compareAll(door: Door, flags: Flags) {
  const draw = progressLine();
  const differ: string[] = [];
  let [after, checked] = ["", 0];
  for (let page = 0; page < PAGES_MAX; page++) {
    const done: Compared = await call(door, "POST", "/wallets/compare", { after }, need(flags, "actor"));
    checked += done.checked;
    differ.push(...done.differ);
    draw(() => `${checked} compared, ${differ.length} differ`);
    if (done.stopped !== null) {
      clearLine();
      throw new Error(`${done.stopped}; ${checked} were compared, run it again for the others`);
    }
    if (done.next === null) break;
    after = done.next;
  }
  clearLine();
  console.log(`${checked} compared, ${differ.length} differ`);
  for (const account of differ.slice(0, NAMED_MAX))
    console.log(`  ${account}   npm run wallet -- --account ${account}`);
  if (differ.length > NAMED_MAX)
    console.log(`  and ${differ.length - NAMED_MAX} more: npm run wallets -- --verdict differ`);
}

const kwh = (wh: number | null | undefined) => (wh === null || wh === undefined ? "?" : (wh / 1_000).toFixed(3));

function lineOf({
  account,
  readAt,
  walletMinor,
  currency,
  oursWh,
  theirsWh,
  deltaWh,
  verdict,
  causes,
}: Wallet): string {
  const time = new Date(readAt).toISOString().slice(0, 16).replace("T", " ");
  const money = walletMinor === null ? "no wallet seen" : `${walletMinor} ${currency} minor`;
  const because = causes.map(
    ({ cause, explainsWh, exact }) =>
      `${cause}${explainsWh === undefined ? "" : ` ${kwh(explainsWh)}`}${exact === false ? " (estimated)" : ""}`,
  );
  return [
    `${account}  ${time} UTC  ${verdict.padEnd(7)}`,
    `ours ${kwh(oursWh)} kWh, theirs ${kwh(theirsWh)} kWh (${money}), difference ${kwh(deltaWh)}`,
    because.join("; "),
  ]
    .filter(Boolean)
    .join("  ");
}
