/** What is in Postgres and in the wallets, against what is true. */
import { HOUR_MS } from "../../src/domain/imports/vendor-day.ts";
import { DAY_MS, dayOf, INTERVAL_MS } from "../vendors/energy.ts";
import type { CreditTruth, SiteTruth } from "./options.ts";
import type { TruthWorld } from "./world.ts";

/** What is still owed to anybody; empty: nothing. */
export async function owedBy({ database, clockwork }: TruthWorld): Promise<string> {
  const states = await database.read<{ state: string; n: number }>(
    `SELECT state || coalesce(' ' || because, '') AS state, count(*)::int AS n FROM vendor_credits
     WHERE state NOT IN ('confirmed', 'withdrawn', 'taken_back') GROUP BY 1`,
  );
  const credits = states.map(({ state, n }) => `${n} credits ${state}`);
  return [...credits, ...(clockwork.isQueueEmpty() ? [] : ["queues are not empty"])].join(", ");
}

type UnitSums = { site: string; vendor: string; units: number; attempts: number; days: number; complete: number };

export async function sitesOf(world: TruthWorld): Promise<SiteTruth[]> {
  const { from, to } = world.options;
  const range = [dayOf(from), dayOf(to)];
  const sums = await world.database.read<UnitSums>(
    `SELECT d.site_code AS site, v.vendor, count(*)::int AS units, sum(d.attempts)::int AS attempts, count(DISTINCT d.day)::int AS days,
       count(DISTINCT d.day) FILTER (WHERE d.complete)::int AS complete
     FROM meter_days d JOIN vendor_sites v ON v.site_code = d.site_code WHERE d.day BETWEEN $1::date AND $2::date
     GROUP BY d.site_code, v.vendor ORDER BY d.site_code`,
    range,
  );
  const leftOut = await world.database.read<{ site: string; because: string; n: number }>(
    `SELECT site_code AS site, l.key AS because, sum(l.value::bigint)::bigint AS n FROM meter_days,
       jsonb_each_text(coalesce(details -> 'leftOut', '{}')) l WHERE day BETWEEN $1::date AND $2::date GROUP BY 1, 2 ORDER BY 1, 2`,
    range,
  );
  const sites: SiteTruth[] = [];
  for (const { site, vendor, complete, ...sum } of sums)
    sites.push({
      ...{ site, vendor, ...sum, daysComplete: complete },
      leftOut: Object.fromEntries(leftOut.filter((row) => row.site === site).map(({ because, n }) => [because, n])),
      ...(await energyOf(world, site)),
    });
  return sites;
}

/** Each hour of each account against its meter's truth, and what was debited for the days against their sum. */
async function energyOf(world: TruthWorld, site: string) {
  const { from, to } = world.options;
  const end = to + DAY_MS;
  const sum = { importedWh: 0, truthWh: 0, hours: 0, hoursWrong: 0, accounts: 0, accountsEqual: 0 };
  for (const { account } of world.people.filter((each) => each.site === site)) {
    const hours = await world.database.read<{ at: number; wh: number }>(
      `SELECT cc_ms(h.hour) AS at, h.energy_wh AS wh FROM consumption_hourly h JOIN accounts a ON a.id = h.account_id
       WHERE a.account_number = $1 AND h.hour >= cc_at($2::bigint) AND h.hour < cc_at($3::bigint)`,
      [account, String(from), String(end)],
    );
    const [debited] = await world.database.read<{ wh: number }>(
      `SELECT coalesce(-sum(e.energy_wh), 0)::bigint AS wh FROM ledger_entries e JOIN accounts a ON a.id = e.account_id
       WHERE a.account_number = $1 AND e.kind = 'consumption' AND e.occurred_at >= cc_at($2::bigint) AND e.occurred_at < cc_at($3::bigint)`,
      [account, String(from), String(end)],
    );
    const found = new Map(hours.map(({ at, wh }) => [at, wh]));
    const importedWh = hours.reduce((total, { wh }) => total + wh, 0);
    let [truthWh, wrong] = [0, 0];
    for (let hour = from; hour < end; hour += HOUR_MS) {
      const wh = trueWh(world, account, hour, hour + HOUR_MS);
      truthWh += wh;
      if (found.get(hour) !== wh) wrong += 1;
    }
    sum.importedWh += importedWh;
    sum.truthWh += truthWh;
    sum.hours += (end - from) / HOUR_MS;
    sum.hoursWrong += wrong;
    sum.accounts += 1;
    if (wrong === 0 && debited?.wh === truthWh) sum.accountsEqual += 1;
  }
  return sum;
}

function trueWh(world: TruthWorld, account: string, from: number, to: number): number {
  for (const wallets of world.wallets()) {
    const customer = wallets.customers.get(account);
    const energy = customer === undefined ? null : wallets.energyOf(customer);
    if (energy === null) continue;
    let wh = 0;
    for (let at = from; at < to; at += INTERVAL_MS) wh += energy.intervalWh(at);
    return wh;
  }
  throw new Error(`${account} is on no platform`);
}

/** What was posted for payments, against what the wallets got by our keys. */
export async function creditsOf(world: TruthWorld): Promise<CreditTruth> {
  const posted = await world.database.read<{
    key: string;
    account: string;
    amountMinor: number;
    state: string | null;
    tries: number;
  }>(
    `SELECT e.entry_key AS key, a.account_number AS account, p.amount_minor AS "amountMinor", c.state, coalesce(c.attempts, 0) AS tries
     FROM ledger_entries e JOIN accounts a ON a.id = e.account_id JOIN payments p ON p.receipt = e.receipt
       LEFT JOIN vendor_credits c ON c.external_id = e.entry_key
     WHERE e.kind = 'payment' AND p.road <> 'mirror' ORDER BY e.entry_key`,
  );
  const there = world
    .wallets()
    .flatMap(({ payments }) => payments.filter(({ by, kind }) => by === "api" && kind === "payment"));
  const now = world.now();
  const truth: CreditTruth = {
    payments: posted.length,
    once: 0,
    twice: [],
    missing: [],
    strangers: [],
    states: {},
    tries: 0,
  };
  for (const { key, account, amountMinor, state, tries } of posted) {
    const own = there.filter(({ externalId, code }) => externalId === key && code === account);
    const isThere = own.some(
      (each) => each.amountMinor === amountMinor && each.processedAt !== null && each.processedAt <= now,
    );
    truth.states[state ?? "none"] = (truth.states[state ?? "none"] ?? 0) + 1;
    truth.tries += tries;
    if (own.length > 1) truth.twice.push(key);
    else if (isThere) truth.once += 1;
    else truth.missing.push(key);
  }
  const keys = new Set(posted.map(({ key }) => key));
  truth.strangers = there.filter(({ externalId }) => !keys.has(externalId ?? "")).map(({ id }) => id);
  return truth;
}

/** The comparison of tonight, of every account; and who has a case. */
export async function driftOf(world: TruthWorld) {
  const { clockwork, database } = world;
  clockwork.job("compare-wallets");
  do await clockwork.clock.advanceTo(world.now() + 60_000);
  while (!clockwork.isQueueEmpty());
  const verdicts = await database.read<{ verdict: string; n: number }>(
    `SELECT verdict, count(*)::int AS n FROM (SELECT DISTINCT ON (account_id) verdict FROM wallet_checks
       ORDER BY account_id, read_at DESC) w GROUP BY 1 ORDER BY 1`,
  );
  const cases = await database.read<{ subject: string }>(
    "SELECT subject FROM reconciliation_cases WHERE case_kind = 'wallet_drift' AND state = 'open' ORDER BY 1",
  );
  return {
    verdicts: Object.fromEntries(verdicts.map(({ verdict, n }) => [verdict, n])),
    cases: cases.map(({ subject }) => subject),
  };
}
