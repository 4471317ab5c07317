import { type Command, type Flags, need, say, settingOf } from "./command.ts";
import { call, type Door } from "./door.ts";

type Erasure = {
  id: string;
  customerId: number;
  state: string;
  document: string;
  orderedBy: string;
  decidedBy: string | null;
  rowsChanged: number;
};
type One = { erasure: Erasure };

/** Commands about what is kept of a person. */
export const PERSONAL_COMMANDS: Record<string, Command> = {
  "personal:export": {
    help: "--id 12 --reason TEXT --actor NAME [--json]   what is kept of a customer, to give to that customer",
    run: give,
  },
  "personal:erase": {
    help: "--id 12 --document TEXT --key K --actor NAME   asks that a customer is taken out of what is kept; a second person approves. No name in TEXT",
    run: order,
  },
  "personal:approve": {
    help: "--order ID --reason TEXT --actor NAME   the second person's word: names, phones and words go for good, money stays",
    run: (door, flags) => decide(door, flags, "approve"),
  },
  "personal:refuse": {
    help: "--order ID --reason TEXT --actor NAME   the order ends, nothing is changed",
    run: (door, flags) => decide(door, flags, "refuse"),
  },
  "personal:list": {
    help: "[--state waiting|approved|done|refused] [--id 12]   orders to erase, the newest first",
    run: list,
  },
  retention: {
    help: '[--set \'{"mailboxDays":35,"claimCodeDays":2,"sessionDays":30,"version":null}\' --reason TEXT --actor NAME]   how many days is kept what is only kept for a time, and within which bounds; all of it is set at once, over the "version" that was shown',
    run: retention,
  },
};

async function retention(door: Door, flags: Flags) {
  if (flags.set === undefined) return say(door, "GET", "/settings/retention");
  const typed = settingOf(flags.set, "retention");
  return say(door, "PUT", "/settings/retention", { ...typed, reason: need(flags, "reason") }, need(flags, "actor"));
}

async function give(door: Door, flags: Flags) {
  const path = `/personal/customers/${encodeURIComponent(need(flags, "id"))}/export`;
  const format = flags.json === undefined ? "text" : "json";
  const body = { format, reason: need(flags, "reason") };
  const given = await call<{ text?: string; personal?: unknown }>(door, "POST", path, body, need(flags, "actor"));
  console.log(given.text ?? JSON.stringify(given.personal, null, 2));
}

async function order(door: Door, flags: Flags) {
  const path = `/personal/customers/${encodeURIComponent(need(flags, "id"))}/erasure`;
  // Sent again under the same name it is the same order: the name is whoever orders it to choose.
  const headers = { "Idempotency-Key": need(flags, "key") };
  const { erasure } = await call<One>(
    door,
    "POST",
    path,
    { document: need(flags, "document") },
    need(flags, "actor"),
    headers,
  );
  console.log(lineOf(erasure));
}

async function decide(door: Door, flags: Flags, how: "approve" | "refuse") {
  const path = `/personal/erasures/${encodeURIComponent(need(flags, "order"))}/${how}`;
  const { erasure } = await call<One>(door, "POST", path, { reason: need(flags, "reason") }, need(flags, "actor"));
  console.log(lineOf(erasure));
}

async function list(door: Door, flags: Flags) {
  const asked = new URLSearchParams();
  if (flags.state !== undefined) asked.set("state", flags.state);
  if (flags.id !== undefined) asked.set("customer", flags.id);
  const { erasures } = await call<{ erasures: Erasure[] }>(door, "GET", `/personal/erasures?${asked}`);
  for (const erasure of erasures) console.log(lineOf(erasure));
  if (erasures.length === 0) console.log("none");
}

const lineOf = ({ id, customerId, state, document, orderedBy, decidedBy, rowsChanged }: Erasure) =>
  `${id}  customer ${customerId}  ${state}  ${rowsChanged} rows  by ${decidedBy === null ? orderedBy : `${orderedBy}, then ${decidedBy}`}  "${document}"`;
