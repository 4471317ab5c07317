import type { VendorHealth } from "../src/ports/vendor-budget.ts";
import type { VendorSite } from "../src/ports/vendor-sites.ts";
import { type Command, type Flags, need, say } from "./command.ts";
import { call, type Door } from "./door.ts";
import { credits, mirror, takeInHand } from "./vendor-credits.ts";

/** Commands about meter vendors' platforms. */
export const VENDOR_COMMANDS: Record<string, Command> = {
  "vendor:sites": {
    help: "[--site MAT --vendor koios|thundercloud --id ID --reason TEXT --actor NAME]   which sites have their wallets on a vendor's platform; with --site: says so of one",
    run: sites,
  },
  "vendor:credits": {
    help: "[--state queued|sent|confirmed|rejected|blocked|dead|withdrawn|taking_back|taken_back] [--account 0045MAK]   what customers have paid and the wallets do not have yet, oldest first",
    run: credits,
  },
  "vendor:credit:retry": {
    help: "--account 0045MAK --id receipt:QK7AAA#1.1 --reason TEXT --actor NAME   a person has looked: it is looked for there, and sent if it is not",
    run: (door, flags) => takeInHand(door, flags, "retry"),
  },
  "vendor:credit:settle": {
    help: "--account 0045MAK --id correction:17 --reason TEXT --actor NAME   done by hand on the platform: a rejected or dead credit ends, and its case",
    run: (door, flags) => takeInHand(door, flags, "settle"),
  },
  "vendor:mirror": {
    help: "--vendor koios|thundercloud [--from 2026-11-01T00:00:00Z] --actor NAME   what was paid at the vendor's own console; every quarter of an hour by itself",
    run: mirror,
  },
  "wallet:live": {
    help: "--account 0045MAT   the balance as it is shown: the platform's wallet, its source and age, beside the ledger's",
    run: live,
  },
  "sync:steama": {
    help: "--actor NAME   what clinics' meters counted since they were asked last; four times a day by itself",
    run: (door, flags) => say(door, "POST", "/sync/steama", {}, need(flags, "actor")),
  },
  "vendor:health": {
    help: "what this country has of each vendor, today's requests, and what is stopped",
    run: health,
  },
};

type Live = {
  account: string;
  currency: string;
  shown: { source: string; balanceWh: number; walletMinor: number | null; ageMs: number };
  ledger: { availableWh: number };
};

async function live(door: Door, flags: Flags) {
  const { account, currency, shown, ledger } = await call<Live>(
    door,
    "GET",
    `/accounts/${encodeURIComponent(need(flags, "account"))}/live-balance`,
  );
  const wallet = shown.walletMinor === null ? "" : `, ${shown.walletMinor} minor units of ${currency}`;
  console.log(
    `${account}  ${shown.balanceWh} Wh${wallet}  from ${shown.source}, ${Math.round(shown.ageMs / 1_000)} s old`,
  );
  console.log(`${account}  ${ledger.availableWh} Wh by the ledger`);
}

async function sites(door: Door, flags: Flags) {
  if (flags.site !== undefined) {
    const wanted = {
      site: need(flags, "site"),
      vendor: need(flags, "vendor"),
      vendorSiteId: need(flags, "id"),
      reason: need(flags, "reason"),
    };
    const set = await call<VendorSite & { accounts: string }>(
      door,
      "POST",
      "/vendor-sites",
      wanted,
      need(flags, "actor"),
    );
    return console.log(`${siteLine(set)}  accounts: ${set.accounts}`);
  }
  const { sites: known } = await call<{ sites: VendorSite[] }>(door, "GET", "/vendor-sites");
  console.log(known.length === 0 ? "no site has its wallets on a vendor's platform" : known.map(siteLine).join("\n"));
}

const siteLine = ({ site, vendor, vendorSiteId }: Omit<VendorSite, "version">) => `${site}  ${vendor}  ${vendorSiteId}`;

type Health = {
  vendors: { vendor: string; configured: boolean; set: string[]; unset: string[] }[];
  budgets: VendorHealth[];
};

async function health(door: Door) {
  const told = await call<Health>(door, "GET", "/vendors");
  console.log(healthLines(told).join("\n"));
}

const time = (at: number) => `${new Date(at).toISOString().slice(0, 19).replace("T", " ")} UTC`;

/** One line a vendor, then what its day has cost and what is stopped. */
export function healthLines({ vendors, budgets }: Health): string[] {
  const here = vendors.map(({ vendor, configured, unset }) =>
    configured
      ? `${vendor}: configured${unset.length === 0 ? "" : `, without ${unset.join(", ")}`}`
      : `${vendor}: not in this country`,
  );
  return [...here, ...budgets.flatMap(budgetLines)];
}

function budgetLines(budget: VendorHealth): string[] {
  const used = Object.entries(budget.used).map(([kind, count]) => `${kind} ${count}`);
  const stopped = Object.entries(budget.breakers)
    .filter(([, { state }]) => state !== "closed")
    .map(([kind, { state, openUntil }]) => `  ${kind} is ${state}, looked at again ${time(openUntil ?? 0)}`);
  return [
    `${budget.name} on ${budget.day}: ${budget.usedTotal} of ${budget.dailyMax} requests (${used.join(", ")})`,
    ...(budget.spentUntil === null
      ? []
      : [`  the vendor says the day is spent; asked again ${time(budget.spentUntil)}`]),
    ...stopped,
    `  last answer ${budget.lastOkAt === null ? "never" : time(budget.lastOkAt)}`,
    ...(budget.lastFailure === null
      ? []
      : [`  last failure ${time(budget.lastFailure.at)}: ${budget.lastFailure.detail}`]),
  ];
}
