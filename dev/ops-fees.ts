import { type DebtStanding, UNALLOCATED } from "../src/domain/fees/debt.ts";
import type { SplitPart } from "../src/domain/fees/split.ts";
import type { Unallocated } from "../src/domain/fees/unallocated.ts";
import type { FeeOrderRow, FeeVerification } from "../src/ports/fees.ts";
import { type Command, type Flags, need } from "./command.ts";
import { call, type Door } from "./door.ts";

type One = { order: FeeOrderRow };
type Standing = { debts: DebtStanding[]; unallocated: Unallocated[]; unallocatedMore: number; currency: string };
type Applied = { currency: string; amountMinor: number; energyWh: number; balanceAfterWh: number };

/** Commands about what accounts owe beside energy. */
export const FEE_COMMANDS: Record<string, Command> = {
  fees: { help: "--account 0045MAK   what it owes beside energy, and what was paid of it", run: standings },
  split: {
    help: "--account 0045MAK --amount MINOR [--channel electricity|fees]   where a payment would go; posts nothing",
    run: split,
  },
  "fees:charge": {
    help: "--account 0045MAK --part connection|readyboard --reason TEXT --actor NAME   at the country's price, once an account",
    run: (door, flags) => order(door, flags, { act: "charge" }, `charge-${need(flags, "account")}`),
  },
  "fees:writeoff": {
    help: "--account 0045MAK --part NAME --amount MINOR --reason TEXT --document TEXT --key NAME --actor NAME   a debt by its name in `fees`; a second person approves it",
    run: (door, flags) => order(door, flags, given(flags, "writeoff"), need(flags, "key")),
  },
  "fees:refund": {
    help: "--account 0045MAK --part NAME --amount MINOR --reason TEXT --document TEXT --key NAME --actor NAME   paid back to the customer, and not owed again; a second person approves it",
    run: (door, flags) => order(door, flags, given(flags, "refund"), need(flags, "key")),
  },
  "fees:apply": {
    help: "--account 0045MAK --entry KEY --left MINOR --amount MINOR --reason TEXT --actor NAME   energy for what nothing took of a payment, by its name and what `fees` says is left of it; at once, and sent again once",
    run: apply,
  },
  "fees:approve": {
    help: "--id ID --reason TEXT --actor NAME   by another person than the one who ordered it",
    run: (door, flags) => decide(door, flags, "approve"),
  },
  "fees:refuse": { help: "--id ID --reason TEXT --actor NAME", run: (door, flags) => decide(door, flags, "refuse") },
  "fees:list": { help: "[--state waiting|approved|posted|refused] [--account 0045MAK]", run: list },
  "fees:from": {
    help: "--at 2026-12-01T00:00:00+02:00 | --at never --reason TEXT --actor NAME   from when on a registration charges the connection",
    run: async (door, flags) => {
      const at = need(flags, "at");
      const body = { from: at === "never" ? null : at, reason: need(flags, "reason") };
      console.log(JSON.stringify(await call(door, "PUT", "/fees/from", body, need(flags, "actor"))));
    },
  },
  "fees:verifications": { help: "payments that were taken for a fee by their amount alone and wait", run: queue },
  "fees:verify": {
    help: "--entry KEY --verdict verified|rejected --reason TEXT --actor NAME   rejected: the receipt is then moved by hand",
    run: async (door, flags) => {
      const body = { entryKey: need(flags, "entry"), verdict: need(flags, "verdict"), reason: need(flags, "reason") };
      console.log(JSON.stringify(await call(door, "POST", "/fees/verifications", body, need(flags, "actor"))));
    },
  },
};

function whole(flags: Flags, name: string): number {
  const text = need(flags, name);
  if (!/^\d{1,15}$/.test(text)) throw new Error(`--${name} is a whole number above 0, not "${text}"`);
  return Number(text);
}

const given = (flags: Flags, act: "writeoff" | "refund") => ({
  act,
  amountMinor: whole(flags, "amount"),
  document: need(flags, "document"),
});

async function standings(door: Door, flags: Flags) {
  const account = encodeURIComponent(need(flags, "account"));
  const { debts, unallocated, unallocatedMore, currency } = await call<Standing>(
    door,
    "GET",
    `/accounts/${account}/fees`,
  );
  const owed = debts.filter(({ part, outstandingMinor }) => part !== UNALLOCATED || outstandingMinor > 0);
  for (const { part, chargedMinor, forgivenMinor, paidMinor, outstandingMinor } of owed)
    console.log(
      `${part}  owed ${outstandingMinor} of ${chargedMinor}, paid ${paidMinor}, written off ${forgivenMinor}  (${currency}, minor units)`,
    );
  if (owed.length === 0) console.log("owes nothing beside energy");
  for (const { paymentKey, amountMinor, leftMinor, availableMinor } of unallocated)
    console.log(
      `${paymentKey}  unallocated ${leftMinor} of ${amountMinor}, ${availableMinor} may become energy  (${currency}, minor units)`,
    );
  if (unallocatedMore > 0) console.log(`and ${unallocatedMore} more, older: each is listed once a newer one has gone`);
}

/** Sends what its person has seen to be left: the same command again, after an answer that was lost, sells nothing more. */
async function apply(door: Door, flags: Flags) {
  const account = encodeURIComponent(need(flags, "account"));
  const paymentKey = need(flags, "entry");
  const body = {
    ...{ paymentKey, leftMinor: whole(flags, "left") },
    ...{ amountMinor: whole(flags, "amount"), reason: need(flags, "reason") },
  };
  const sold = await call<Applied>(door, "POST", `/accounts/${account}/unallocated/energy`, body, need(flags, "actor"));
  console.log(
    `${paymentKey}  ${sold.amountMinor} ${sold.currency} (minor units) are ${sold.energyWh} Wh, ${sold.balanceAfterWh} Wh are left`,
  );
}

async function split(door: Door, flags: Flags) {
  const account = encodeURIComponent(need(flags, "account"));
  const asked = new URLSearchParams({
    amountMinor: String(whole(flags, "amount")),
    channel: flags.channel ?? "electricity",
  });
  const found = await call<{ parts: SplitPart[]; energyWh: number | null; currency: string }>(
    door,
    "GET",
    `/accounts/${account}/split?${asked}`,
  );
  for (const { to, amountMinor, because } of found.parts)
    console.log(
      `${to}  ${amountMinor} ${found.currency} (minor units)  ${because}${to === "energy" ? `  ${found.energyWh ?? "no tariff:"} Wh` : ""}`,
    );
}

async function order(door: Door, flags: Flags, what: object, key: string) {
  const body = {
    ...what,
    account: need(flags, "account"),
    part: need(flags, "part"),
    reason: need(flags, "reason"),
  };
  const made = await call<One>(door, "POST", "/fees", body, need(flags, "actor"), { "Idempotency-Key": key });
  console.log(orderLine(made.order));
}

async function decide(door: Door, flags: Flags, how: "approve" | "refuse") {
  const path = `/fees/${encodeURIComponent(need(flags, "id"))}/${how}`;
  const made = await call<One>(door, "POST", path, { reason: need(flags, "reason") }, need(flags, "actor"));
  console.log(orderLine(made.order));
}

async function list(door: Door, flags: Flags) {
  const asked = new URLSearchParams();
  for (const name of ["state", "account"]) if (flags[name] !== undefined) asked.set(name, flags[name]);
  const page = await call<{ from: number | null; orders: FeeOrderRow[] }>(door, "GET", `/fees?${asked}`);
  const since = page.from === null ? "by nobody yet" : `from ${new Date(page.from).toISOString()} on`;
  console.log(`the connection is charged at registration: ${since}`);
  for (const each of page.orders) console.log(orderLine(each));
  if (page.orders.length === 0) console.log("none");
}

async function queue(door: Door) {
  const page = await call<{ verifications: FeeVerification[] }>(door, "GET", "/fees/verifications");
  for (const { entryKey, account, part, feeMinor, amountMinor, paidAt } of page.verifications)
    console.log(
      `${new Date(paidAt).toISOString()}  ${account}  ${part}  ${feeMinor} of ${amountMinor} minor units  ${entryKey}`,
    );
  if (page.verifications.length === 0) console.log("none");
}

export function orderLine(one: FeeOrderRow): string {
  const { id, account, act, part, amountMinor, currency, state, because, orderedBy, decidedBy } = one;
  const who = decidedBy === null ? orderedBy : `${orderedBy}, then ${decidedBy}`;
  const what = amountMinor === null ? "the country's price" : `${amountMinor} ${currency} (minor units)`;
  return `${id}  ${account}  ${act} ${part}  ${what}  ${state}${because === null ? "" : `, ${because}`}  by ${who}`;
}
