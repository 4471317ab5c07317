/** Wallets are tampered with, each in one known way, and the comparison has to name that way first and nobody else. */
import type { CauseKind } from "../../src/domain/vendor-drift.ts";
import { DAY_MS, dayOf } from "../vendors/energy.ts";
import { driftOf } from "./check.ts";
import type { PlantTruth } from "./options.ts";
import { pay } from "./payments.ts";
import type { TruthWorld } from "./world.ts";

type Plant = { place: number; cause: CauseKind };

/** By place among the country's customers: three villages of six in Lesotho, the last at ThunderCloud; two in Benin. */
const PLANTS: Record<"LS" | "BJ", readonly Plant[]> = {
  LS: [
    { place: 0, cause: "missing_interval" },
    { place: 1, cause: "duplicate_there" },
    { place: 3, cause: "platform_edit" },
    { place: 7, cause: "credit_not_delivered" },
    { place: 9, cause: "tariff_differs" },
    { place: 12, cause: "missing_interval" },
    { place: 13, cause: "duplicate_there" },
    { place: 15, cause: "platform_edit" },
    { place: 17, cause: "credit_not_delivered" },
  ],
  BJ: [
    { place: 0, cause: "missing_interval" },
    { place: 1, cause: "duplicate_there" },
    { place: 3, cause: "platform_edit" },
    { place: 7, cause: "credit_not_delivered" },
    { place: 9, cause: "tariff_differs" },
  ],
};
/** Somebody who pays at the vendor's console, which the mirror brings: no difference is left. */
const PAYS_THERE = 5;
/** Days until a hole is no late reading any more, and a credit is given up. */
const DAYS = 14;
const GAP_HOURS = 8;
/** Some 25 kWh in either country. */
const MONEY_MINOR = { LS: 12_000, BJ: 4_000 } as const;

/** `live` goes on with the crons of every day. */
export async function plantAndCompare(world: TruthWorld, live: (until: number) => Promise<void>) {
  const { country } = world.options;
  const planted = PLANTS[country].flatMap(({ place, cause }) => {
    const person = world.people[place];
    return person === undefined ? [] : [{ ...person, cause }];
  });
  const began = Math.ceil(world.now() / DAY_MS) * DAY_MS;
  await live(began);
  const of = (cause: CauseKind) => planted.filter((each) => each.cause === cause);
  const meters = of("missing_interval").map(({ meter }) => meter);
  world.board("koios").set({ gaps: { permille: 1_000, hours: GAP_HOURS, meters: meters.join(",") } });
  world.board("thundercloud").set({ gaps: { permille: 1_000, hours: GAP_HOURS, meters: meters.join(",") } });
  for (const { account, vendor } of of("credit_not_delivered"))
    world.board(vendor).set({ [vendor === "koios" ? "errors_in_200" : "failure_in_200"]: { path: account } });
  for (const { account, vendor } of of("tariff_differs")) {
    const rate = world.walletsAt(vendor).customers.get(account)?.rateE4PerKwh ?? 0;
    await world.console(vendor, "tariffs", { code: account, rateE4PerKwh: rate * 2 });
  }
  for (const { account, vendor } of of("platform_edit"))
    await world.console(vendor, "edits", { code: account, amountMinor: -MONEY_MINOR[country] });
  const paid = [...of("credit_not_delivered"), ...of("duplicate_there")];
  for (const [nth, { account }] of paid.entries())
    await pay(world, {
      account,
      receipt: `PLANT${country}${nth}`,
      amountMinor: MONEY_MINOR[country] + nth,
      at: world.now(),
    });
  await live(world.now() + DAY_MS / 8);
  const amount = (minor: number) => world.walletsAt("koios").money(minor);
  for (const [nth, { account, vendor, cause }] of paid.entries())
    if (cause === "duplicate_there")
      await world.console(vendor, "payments", {
        code: account,
        amount: amount(MONEY_MINOR[country] + nth),
        memo: "cash",
      });
  const honest = world.people[PAYS_THERE];
  if (honest !== undefined)
    await world.console(honest.vendor, "payments", {
      code: honest.account,
      amount: amount(MONEY_MINOR[country]),
      memo: "cash",
    });
  await live(began + DAYS * DAY_MS);
  const { verdicts, cases } = await driftOf(world);
  const plants: PlantTruth[] = [];
  for (const { account, cause } of planted) plants.push(await sayOf(world, account, cause));
  const known = new Set(planted.map(({ account }) => account));
  return {
    plants,
    unexplained: cases.filter((account) => !known.has(account)),
    afterPlants: verdicts,
    plantedOn: dayOf(began),
  };
}

type Seen = { verdict: string; causes: { cause: string; explainsWh?: number }[]; isOpen: boolean };

async function sayOf(world: TruthWorld, account: string, planted: CauseKind): Promise<PlantTruth> {
  const [seen] = await world.database.read<Seen>(
    `SELECT w.verdict, w.causes, EXISTS (SELECT FROM reconciliation_cases k WHERE k.case_kind = 'wallet_drift'
       AND k.subject = a.account_number AND k.state = 'open') AS "isOpen"
     FROM wallet_checks w JOIN accounts a ON a.id = w.account_id WHERE a.account_number = $1 ORDER BY w.read_at DESC LIMIT 1`,
    [account],
  );
  const named = (seen?.causes ?? []).map(({ cause, explainsWh = 0 }) => `${cause} ${explainsWh} Wh`);
  return { account, planted, named, verdict: seen?.verdict ?? "never looked at", caseOpen: seen?.isOpen === true };
}
