import type { CustomerHit } from "../src/queries/customer-search.ts";
import type { TwinPair } from "../src/queries/customer-twins.ts";
import { type Command, type Flags, need, say } from "./command.ts";
import { call, type Door } from "./door.ts";

type Found = Omit<CustomerHit, "phones"> & { phones: string[] };

const PAGES_MAX = 100;

/** Commands about who customers are. */
export const CUSTOMER_COMMANDS: Record<string, Command> = {
  "customer:find": {
    help: '--q "mokoena thabo"   by parts of a name, account, phone or its last digits, plot, meter, national id or old id',
    run: async (door, flags) => {
      const path = `/customers?q=${encodeURIComponent(need(flags, "q"))}`;
      const { customers, next } = await call<{ customers: Found[]; next: string | null }>(door, "GET", path);
      for (const hit of customers) console.log(line(hit));
      console.log(
        customers.length === 0 ? "nobody" : `${customers.length} found${next === null ? "" : ", and more: say more"}`,
      );
    },
  },
  customer: {
    help: "--account 0045MAK or --id 12   a customer with accounts, meters over time and phones",
    run: (door, flags) =>
      say(
        door,
        "GET",
        flags.id === undefined
          ? `/accounts/${encodeURIComponent(need(flags, "account"))}/customer`
          : `/customers/${encodeURIComponent(flags.id)}`,
      ),
  },
  "customer:add": {
    help: "--given Thabo --family Mokoena --site MAK [--account 0045MAK] [--phones 50000101,62000131] [--type HH1] [--plot P] [--national ID] [--meter 23099001] --key K --actor NAME   with an account under the site's next number; the same key again registers nobody twice",
    run: (door, flags) =>
      say(
        door,
        "POST",
        "/customers",
        {
          givenName: need(flags, "given"),
          familyName: need(flags, "family"),
          phones: flags.phones?.split(",") ?? [],
          site: need(flags, "site"),
          customerType: flags.type ?? null,
          plotNumber: flags.plot ?? null,
          nationalId: flags.national ?? null,
          account: flags.account === undefined ? { site: need(flags, "site") } : { account: flags.account },
          ...(flags.meter === undefined ? {} : { meter: { number: flags.meter } }),
        },
        need(flags, "actor"),
        { "Idempotency-Key": need(flags, "key") },
      ),
  },
  "customer:twins": {
    help: "customers who are likely one person: they share a phone or a national id, and their names are alike",
    run: twins,
  },
  "customer:merge": {
    help: "--one 12 --other 340 --keep 12 --reason TEXT --actor NAME, or --list, or --undo N   two customers are one person: the accounts go to the one who is kept",
    run: merge,
  },
  "customer:dismiss": {
    help: "--one 12 --other 340 --reason TEXT --actor NAME   they are two people, and not asked about again",
    run: dismiss,
  },
  "customers:welcome": {
    help: "[--on|--off --actor NAME]   whether new customers get an SMS that welcomes them, and how many wait for theirs",
    run: (door, flags) =>
      flags.on === undefined && flags.off === undefined
        ? say(door, "GET", "/registrations/welcome")
        : say(door, "PUT", "/registrations/welcome", { on: flags.on === "true" }, need(flags, "actor")),
  },
  "account:terminate": {
    help: "--account 0045MAK [--at 2026-11-03T12:00:00Z] --reason TEXT --actor NAME   ends it; everything it has stays",
    run: (door, flags) =>
      say(
        door,
        "POST",
        `/accounts/${encodeURIComponent(need(flags, "account"))}/terminate`,
        { reason: need(flags, "reason"), ...(flags.at === undefined ? {} : { at: flags.at }) },
        need(flags, "actor"),
      ),
  },
  "meter:swap": {
    help: "--account 0045MAK --meter OLD --new NEW --at 2026-11-03T12:00:00Z [--final WH] [--base WH] --reason TEXT --actor NAME",
    run: (door, flags) =>
      say(
        door,
        "POST",
        `/accounts/${encodeURIComponent(need(flags, "account"))}/meters/swap`,
        {
          old: need(flags, "meter"),
          new: need(flags, "new"),
          at: need(flags, "at"),
          finalRegisterWh: flags.final === undefined ? null : Number(flags.final),
          baseRegisterWh: flags.base === undefined ? null : Number(flags.base),
          reason: need(flags, "reason"),
        },
        need(flags, "actor"),
      ),
  },
};

type Proposed = { merge: { mergeId: number } };

const propose = (door: Door, flags: Flags) =>
  call<Proposed>(
    door,
    "POST",
    "/customers/merges",
    { one: Number(need(flags, "one")), other: Number(need(flags, "other")), reason: need(flags, "reason") },
    need(flags, "actor"),
  );

async function merge(door: Door, flags: Flags) {
  if (flags.list === "true") return say(door, "GET", "/customers/merges");
  const reason = need(flags, "reason");
  const actor = need(flags, "actor");
  if (flags.undo !== undefined) return say(door, "POST", `/customers/merges/${flags.undo}/undo`, { reason }, actor);
  const keep = Number(need(flags, "keep"));
  const { mergeId } = (await propose(door, flags)).merge;
  await say(door, "POST", `/customers/merges/${mergeId}/accept`, { keep, reason }, actor);
}

async function dismiss(door: Door, flags: Flags) {
  const { mergeId } = (await propose(door, flags)).merge;
  const reason = need(flags, "reason");
  await say(door, "POST", `/customers/merges/${mergeId}/dismiss`, { reason }, need(flags, "actor"));
}

async function twins(door: Door) {
  let cursor = "";
  let count = 0;
  for (let page = 0; page < PAGES_MAX; page++) {
    const answer = await call<{ pairs: TwinPair[]; next: string | null }>(door, "GET", `/customers/twins${cursor}`);
    for (const { one, other, because, likeness } of answer.pairs)
      console.log(
        `${one.customerId} ${one.name} (${one.accounts.join(" ")}) and ${other.customerId} ${other.name} (${other.accounts.join(" ")}): the same ${because.join(" and ")}, names ${Math.round(likeness * 100)} % alike`,
      );
    count += answer.pairs.length;
    if (answer.next === null) break;
    cursor = `?cursor=${answer.next}`;
  }
  console.log(`${count} pairs; nothing is merged by itself`);
}

const line = ({ customerId, name, matched, accounts, phones, plotNumber }: Found) =>
  [
    `${customerId} ${name}`,
    accounts.map(({ account, status, meters }) => [account, status, ...meters].join(" ")).join(", "),
    phones.join(", "),
    plotNumber,
    `by ${matched}`,
  ]
    .filter((part) => part !== null && part !== "")
    .join(" · ");
