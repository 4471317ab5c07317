import { COUNTRIES, type Country, type CountryCode } from "../src/domain/country.ts";
import { formatKwh } from "../src/domain/energy.ts";
import { formatMoney } from "../src/domain/money.ts";
import type { TariffEffect } from "../src/domain/tariff-effect.ts";
import { formatLocal, formatRate, parseRateE4 } from "../src/domain/tariff-words.ts";
import type { OtherwisePriced, TellingRun } from "../src/queries/tariff-checks.ts";
import type { BoughtUnder } from "../src/queries/tariff-effect.ts";
import type { FactsPage } from "../workers/jobs/facts-page.ts";
import type { RowView, TariffView } from "../workers/portal/tariffs-view.ts";
import { type Command, type Flags, need } from "./command.ts";
import { call, type Door } from "./door.ts";

const PAGES_MAX = 1_000;
const HISTORY_PAGES_MAX = 100;

const WHOSE = "--global | --site MAK | --account 0045MAK";
const WHAT =
  "--rate 5.50 | --rate 0 (nothing is vended) | --ends (the wider rate again) [--from 2027-03-01 | --from 2027-03-01T06:00:00+02:00]";

/** Commands about what a kWh costs. */
export const TARIFF_COMMANDS: Record<string, Command> = {
  tariff: {
    help: "[--account 0045MAK] [--at 2027-03-01]   what a kWh costs at every scope, or for one account, since when and why",
    run: show,
  },
  "tariff:history": {
    help: `[${WHOSE}]   every rate that was ever set, by whom and why, cancelled ones too`,
    run: history,
  },
  "tariff:dry-run": { help: `${WHOSE} ${WHAT}   what a change would mean, and changes nothing`, run: dryRun },
  "tariff:schedule": {
    help: `${WHOSE} ${WHAT} [--confirm jump,stops_vending] [--back-dated] --reason TEXT --actor NAME`,
    run: async (door, flags) => {
      const body = {
        ...wantedOf(flags, countryOf(door)),
        reason: need(flags, "reason"),
        confirm: flags.confirm?.split(",") ?? [],
      };
      const path = flags["back-dated"] === "true" ? "/tariffs/back-dated" : "/tariffs";
      const set = await call<{ status: string; tariff: RowView; told?: string }>(
        door,
        "POST",
        path,
        body,
        need(flags, "actor"),
      );
      console.log(
        `${set.status}: ${rowLine(set.tariff, countryOf(door))}${set.told === undefined ? "" : `; accounts: ${set.told}`}`,
      );
    },
  },
  "tariff:cancel": {
    help: "--id 12 --reason TEXT --actor NAME   a rate that has not begun",
    run: async (door, flags) => {
      const path = `/tariffs/${encodeURIComponent(need(flags, "id"))}/cancel`;
      const done = await call<{ tariff: RowView; told: string }>(
        door,
        "POST",
        path,
        { reason: need(flags, "reason") },
        need(flags, "actor"),
      );
      console.log(`${rowLine(done.tariff, countryOf(door))}; accounts: ${done.told}`);
    },
  },
  "tariff:told": {
    help: "[--write --actor NAME]   how far changes have come, and which accounts' objects do not have the newest rates yet; --write tells those again",
    run: told,
  },
  "tariff:priced": {
    help: "[--since 2027-03-01]   payments that were priced by another rate than the one in force: there should be none",
    run: priced,
  },
};

const countryOf = (door: Door): Country => {
  const country = COUNTRIES[door.country as CountryCode];
  if (country === undefined) throw new Error(`no country ${door.country}`);
  return country;
};

/** A bare day is its first moment where the sites are. */
const instantOf = (typed: string, { utcOffsetMinutes }: Country): string =>
  /^\d{4}-\d{2}-\d{2}$/.test(typed)
    ? new Date(Date.parse(`${typed}T00:00:00Z`) - utcOffsetMinutes * 60_000).toISOString()
    : typed;

function wantedOf(flags: Flags, country: Country) {
  const named = [
    ...(flags.global === "true" ? [{ scope: "global" }] : []),
    ...(flags.site === undefined ? [] : [{ scope: "site", site: flags.site }]),
    ...(flags.account === undefined ? [] : [{ scope: "account", account: flags.account }]),
  ];
  if (named.length !== 1) throw new Error(`say whose rate it is: ${WHOSE}`);
  const rateE4PerKwh = flags.rate === undefined ? undefined : parseRateE4(flags.rate);
  if (rateE4PerKwh === null)
    throw new Error(`--rate ${flags.rate} is no rate: ${country.currency} a kWh with at most four decimals, as 5.50`);
  return {
    ...named[0],
    ...(rateE4PerKwh === undefined ? {} : { rateE4PerKwh }),
    ...(flags.ends === "true" ? { ends: true } : {}),
    ...(flags.from === undefined ? {} : { validFrom: instantOf(flags.from, country) }),
  };
}

async function show(door: Door, flags: Flags) {
  const country = countryOf(door);
  const at = flags.at === undefined ? "" : `at=${encodeURIComponent(instantOf(flags.at, country))}`;
  if (flags.account !== undefined) {
    const one = await call<TariffView>(door, "GET", `/accounts/${encodeURIComponent(flags.account)}/tariff?${at}`);
    return console.log(tariffLine(flags.account, one));
  }
  let cursor: string | null = "";
  for (let page = 0; cursor !== null && page < PAGES_MAX; page++) {
    const after: string = cursor === "" ? "" : `&cursor=${cursor}`;
    const view: {
      global: TariffView;
      sites: ({ site: string } & TariffView)[];
      accounts: ({ account: string } & TariffView)[];
      next: string | null;
    } = await call(door, "GET", `/tariffs?${at}${after}`);
    if (page === 0) {
      console.log(tariffLine(country.name, view.global));
      for (const each of view.sites) console.log(tariffLine(each.site, each));
    }
    for (const each of view.accounts) console.log(tariffLine(each.account, each));
    cursor = view.next;
  }
}

async function history(door: Door, flags: Flags) {
  const filter = Object.entries({
    site: flags.site,
    account: flags.account,
    scope: flags.global === "true" ? "global" : undefined,
  })
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`]))
    .join("&");
  let cursor: number | null = 0;
  for (let page = 0; cursor !== null && page < HISTORY_PAGES_MAX; page++) {
    const after: string = page === 0 ? "" : `&cursor=${cursor}`;
    const view: { rows: RowView[]; next: number | null } = await call(
      door,
      "GET",
      `/tariffs/history?${filter}${after}`,
    );
    for (const row of view.rows) console.log(rowLine(row, countryOf(door)));
    if (page === 0 && view.rows.length === 0) console.log("no rate was ever set there");
    cursor = view.next;
  }
}

type DryRun = Omit<TariffEffect, "repriced"> & {
  exists: number | null;
  fault: { message: string } | null;
  concerns: { confirm: string }[];
  paid: BoughtUnder & { days: number };
};

async function dryRun(door: Door, flags: Flags) {
  const country = countryOf(door);
  const run = await call<DryRun>(door, "POST", "/tariffs/dry-run", wantedOf(flags, country));
  const price = (rate: number | null) => (rate === null ? "nothing is vended" : formatRate(rate, country));
  const { paid } = run;
  const lines = [
    ...(run.exists === null ? [] : [`tariff ${run.exists} says that already: nothing would change`]),
    ...(run.fault === null ? [] : [`would be refused: ${run.fault.message}`]),
    ...run.concerns.map(({ confirm }) => `would ask for --confirm ${confirm}`),
    `${run.accounts} accounts are served there`,
    ...run.changes.map(
      (each) =>
        `${each.accounts} from ${formatLocal(each.at, country)}: ${price(each.fromE4PerKwh)} becomes ${price(each.toE4PerKwh)}`,
    ),
    ...(run.samePrice === 0 ? [] : [`${run.samePrice} pay the same as before`]),
    ...run.shielded.map(
      ({ by, accounts, sites }) =>
        `${accounts} hear nothing of it: ${by === "account" ? "they have rates of their own" : "their site has a rate of its own"} (${sites.join(", ")})`,
    ),
    ...run.beats.map(
      (each) =>
        `scheduled tariff ${each.tariffId} (${each.scope}, ${price(each.rateE4PerKwh)}, ${formatLocal(each.validFrom, country)}) ${each.how === "replaced" ? "ends when this begins" : "is not heard there any more"}`,
    ),
    ...(run.endedBy === null
      ? []
      : [
          `ends on ${formatLocal(run.endedBy.validFrom, country)}, when scheduled tariff ${run.endedBy.tariffId} begins`,
        ]),
    `in the last ${paid.days} days they paid ${formatMoney(paid.amountMinor, country)} in ${paid.payments} payments: it bought ${formatKwh(paid.postedWh)} kWh; at the rate before the change ${formatKwh(paid.beforeWh)}, after it ${formatKwh(paid.afterWh)}${paid.unvended === 0 ? "" : `; ${paid.unvended} payments would buy nothing`}`,
  ];
  console.log(lines.join("\n"));
}

async function told(door: Door, flags: Flags) {
  const write = flags.write === "true";
  const actor = write ? need(flags, "actor") : undefined;
  let cursor: string | null = null;
  const total = { asked: 0, behind: 0, told: 0 };
  for (let page = 0; page < PAGES_MAX; page++) {
    const after: string = cursor === null ? "" : `?cursor=${cursor}`;
    const view: FactsPage & { runs?: TellingRun[] } = write
      ? await call(door, "POST", "/tariffs/told", { cursor }, actor)
      : await call(door, "GET", `/tariffs/told${after}`);
    if (page === 0) for (const run of view.runs ?? []) console.log(runLine(run, countryOf(door)));
    for (const { account, has, wants } of view.behind)
      console.log(
        `${account} ${has === null ? "does not answer" : `has ${has}`}, should have ${wants}${view.told.includes(account) ? ": told" : ""}`,
      );
    total.asked += view.asked;
    total.behind += view.behind.length;
    total.told += view.told.length;
    if (view.next === null) break;
    cursor = view.next;
  }
  console.log(
    `${total.asked} accounts asked, ${total.behind} without the newest facts${write ? `, ${total.told} told now` : ""}`,
  );
}

async function priced(door: Door, flags: Flags) {
  const country = countryOf(door);
  const since = flags.since === undefined ? "" : `?since=${encodeURIComponent(instantOf(flags.since, country))}`;
  const view = await call<{ since: number; otherwise: OtherwisePriced[] }>(door, "GET", `/tariffs/priced${since}`);
  for (const { account, entryKey, occurredAt, tariffId, decides } of view.otherwise)
    console.log(
      `${account} ${entryKey} of ${formatLocal(occurredAt, country)}: priced by tariff ${tariffId}, tariff ${decides} was in force`,
    );
  console.log(`${view.otherwise.length} payments since ${formatLocal(view.since, country)} priced otherwise`);
}

const tariffLine = (name: string, { because }: TariffView) => `${name}: ${because}`;

const runLine = ({ change, state, accounts, seen, late, startedAt }: TellingRun, country: Country) =>
  `${change} of ${formatLocal(startedAt, country)}: ${state === "done" ? "all told" : `${seen} of ${accounts} accounts, ${late.length} not reached yet`}`;

function rowLine(row: RowView, country: Country): string {
  const whose = row.scope === "global" ? country.name : `${row.scope} ${row.site ?? row.account}`;
  const cancelled =
    row.cancelledAt === null
      ? ""
      : `; cancelled ${formatLocal(row.cancelledAt, country)} by ${row.cancelledBy}: ${row.cancelReason}`;
  return `${row.tariffId} · ${whose} · ${row.says} from ${formatLocal(row.validFrom, country)} · ${row.state} · set ${formatLocal(row.createdAt, country)} by ${row.createdBy ?? "nobody knows"}${row.reason === null ? "" : `: ${row.reason}`}${cancelled}`;
}
