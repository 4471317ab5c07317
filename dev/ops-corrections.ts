import type { Correction } from "../src/ports/corrections.ts";
import { type Command, type Flags, need } from "./command.ts";
import { call, type Door } from "./door.ts";

type One = { correction: Correction };

/** Commands about balances that people put right. */
export const CORRECTION_COMMANDS: Record<string, Command> = {
  correction: {
    help: "--account 0045MAK --amount MINOR | --energy WH (taking away: --amount=-500) --code payment_missing|payment_twice|wrong_account|wrong_tariff|meter_fault|reading_wrong|legacy_error|goodwill --reason TEXT --document TEXT --key NAME --actor NAME   a second person has to approve it above the limit",
    run: order,
  },
  "correction:approve": {
    help: "--id ID --reason TEXT --actor NAME   by another person than the one who ordered it",
    run: (door, flags) => decide(door, flags, "approve"),
  },
  "correction:refuse": {
    help: "--id ID --reason TEXT --actor NAME",
    run: (door, flags) => decide(door, flags, "refuse"),
  },
  "correction:limit": {
    help: "--amount MINOR --reason TEXT --actor NAME   up to so much a day and account one person may order alone",
    run: async (door, flags) => {
      const body = { limitMinor: whole(flags, "amount"), reason: need(flags, "reason") };
      console.log(JSON.stringify(await call(door, "PUT", "/corrections/limit", body, need(flags, "actor"))));
    },
  },
  "correction:list": {
    help: "[--state waiting|approved|posted|refused] [--account 0045MAK]",
    run: list,
  },
};

const whole = (flags: Flags, name: string): number => {
  const text = need(flags, name);
  if (!/^-?\d{1,15}$/.test(text)) throw new Error(`--${name} is a whole number, not "${text}"`);
  return Number(text);
};

async function order(door: Door, flags: Flags) {
  const body = {
    account: need(flags, "account"),
    ...(flags.energy === undefined ? { amountMinor: whole(flags, "amount") } : { energyWh: whole(flags, "energy") }),
    code: need(flags, "code"),
    reason: need(flags, "reason"),
    document: need(flags, "document"),
  };
  // Sent again under the same name it is the same order: the name is whoever orders it to choose.
  const headers = { "Idempotency-Key": need(flags, "key") };
  const { correction } = await call<One>(door, "POST", "/corrections", body, need(flags, "actor"), headers);
  console.log(correctionLine(correction));
}

async function decide(door: Door, flags: Flags, how: "approve" | "refuse") {
  const path = `/corrections/${encodeURIComponent(need(flags, "id"))}/${how}`;
  const { correction } = await call<One>(door, "POST", path, { reason: need(flags, "reason") }, need(flags, "actor"));
  console.log(correctionLine(correction));
}

async function list(door: Door, flags: Flags) {
  const asked = new URLSearchParams();
  for (const name of ["state", "account"]) if (flags[name] !== undefined) asked.set(name, flags[name]);
  const page = await call<{ limitMinor: number; corrections: Correction[] }>(door, "GET", `/corrections?${asked}`);
  console.log(`one person alone: up to ${page.limitMinor} minor units an account and day`);
  for (const correction of page.corrections) console.log(correctionLine(correction));
  if (page.corrections.length === 0) console.log("none");
}

export function correctionLine(correction: Correction): string {
  const { id, account, energyWh, amountMinor, currency, code, state, because, orderedBy, decidedBy, document } =
    correction;
  const what = energyWh === null ? `${amountMinor} ${currency} (minor units)` : `${energyWh} Wh`;
  const who = decidedBy === null ? orderedBy : `${orderedBy}, then ${decidedBy}`;
  return `${id}  ${account}  ${what}  ${code}  ${state}${because === null ? "" : `, ${because}`}  by ${who}  "${document}"`;
}
