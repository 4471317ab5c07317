import type { Draw } from "../faults/seeded.ts";
import type { KeyMaker } from "./key.ts";
import type { OldAccountFacts, Row } from "./people.ts";
import { DAY_MS, dayText, instantText, type LegacyPlan, POSTGRES_WALL } from "./plan.ts";

export const METER_COLUMNS = [
  "id",
  "meter_id",
  "account_number",
  "community",
  "platform",
  "role",
  "status",
  "customer_type",
  "customer_connect_date",
  "created_at",
];
export const ASSIGNMENT_COLUMNS = ["id", "meter_id", "account_number", "community", "assigned_at", "removed_at"];
const FIRST_METER = 23_200_001;

export type Meters = {
  rows: Row[];
  assignments: Row[];
  /** The one in use of each account, by its place in the list of accounts. */
  inUse: string[];
  /** How many hang or hung somewhere. */
  placed: number;
};

/** Meters in use, those they came after, check meters and stock; and what is wrong with some. */
export function makeMeters(
  plan: LegacyPlan,
  draw: Draw,
  key: KeyMaker,
  accounts: readonly OldAccountFacts[],
  isEnded: (account: OldAccountFacts) => boolean,
): Meters {
  const rows: Row[] = [];
  const assignments: Row[] = [];
  const inUse: string[] = [];
  const placed = new Set<string>();
  let next = FIRST_METER;
  const meter = (id: string, account: string | null, role: string, status: string, wall: number) => {
    const site = account === null ? "MAK" : account.slice(-3);
    const day = dayText(wall);
    rows.push([rows.length + 1, id, account, site, "sparkmeter", role, status, null, day, instantText(wall)]);
    return rows.length;
  };
  const assign = (id: string, account: string, from: number, to: number | null) => {
    const until = to === null ? null : instantText(to);
    assignments.push([assignments.length + 1, id, account, account.slice(-3), instantText(from), until]);
  };
  const draws = () => String(next++);
  for (const [index, facts] of accounts.entries()) {
    const { account, connectedWall } = facts;
    const before = index % 6 === 0 ? 2 : index % 2 === 0 ? 1 : 0;
    const step = Math.floor((POSTGRES_WALL - connectedWall) / (before + 1) / DAY_MS) * DAY_MS;
    for (let n = 0; n < before; n++) {
      const old = draws();
      meter(old, account, "primary", "decommissioned", connectedWall + n * step);
      assign(old, account, connectedWall + n * step, connectedWall + (n + 1) * step);
      if (!isEnded(facts)) placed.add(old);
    }
    const id = draws();
    inUse.push(id);
    meter(id, account, "primary", "active", connectedWall + before * step);
    // Where nobody kept assignments, the day in the meter's own row counts.
    if (before > 0 || index % 10 !== 9) assign(id, account, connectedWall + before * step, null);
    if (!isEnded(facts)) placed.add(id);
    if (index % 20 === 4) {
      const check = draws();
      meter(check, account, "check", "active", POSTGRES_WALL);
      assign(check, account, POSTGRES_WALL, null);
      if (!isEnded(facts)) placed.add(check);
    }
    if (index % 50 === 13) {
      const second = draws();
      meter(second, account, "primary", "active", POSTGRES_WALL);
      placed.add(second);
      key.person("primary_meter_unclear", `account ${account}`);
    }
  }
  const spoilt = spoilMeters(key, accounts, { meter, assign, draws, inUse });
  while (rows.length < plan.meters) {
    const stock = draws();
    meter(stock, null, "primary", "inactive", POSTGRES_WALL + draw.below(100) * DAY_MS);
    key.person("meter_not_placed", `meter ${stock}`);
  }
  return { rows, assignments, inUse, placed: placed.size + spoilt };
}

type Makers = {
  meter: (id: string, account: string | null, role: string, status: string, wall: number) => number;
  assign: (id: string, account: string, from: number, to: number | null) => void;
  draws: () => string;
  inUse: readonly string[];
};

/** Says how many more are placed. */
function spoilMeters(
  key: KeyMaker,
  accounts: readonly OldAccountFacts[],
  { meter, assign, draws, inUse }: Makers,
): number {
  for (const index of [14, 15, 16]) {
    // The other spelling of a meter, as the bridge sends it.
    const { account } = accounts[index] as OldAccountFacts;
    const row = meter(`0000${inUse[index]}`, account, "primary", "active", POSTGRES_WALL);
    key.leaveOut("meters", row, "duplicate");
  }
  for (const index of [17, 18]) {
    const { account } = accounts[index] as OldAccountFacts;
    const row = meter(`PLACEHOLDER-${index}`, account, "primary", "active", POSTGRES_WALL);
    key.leaveOut("meters", row, "meter_unreadable");
  }
  key.leaveOut("meters", meter("25000001", "0012GBO", "primary", "active", POSTGRES_WALL), "other_country");
  const lost = draws();
  meter(lost, "0950MAS", "primary", "active", POSTGRES_WALL);
  key.person("meter_not_placed", `meter ${lost}`);
  // Taken down by nobody and put up elsewhere: it hung in the second place from then on.
  const wandering = draws();
  const [first, second] = [accounts[22] as OldAccountFacts, accounts[23] as OldAccountFacts];
  const since = Math.max(first.connectedWall, second.connectedWall) + 40 * DAY_MS;
  meter(wandering, second.account, "check", "active", since);
  assign(wandering, first.account, since, null);
  assign(wandering, second.account, since + 60 * DAY_MS, null);
  key.person("placement_overlap", `meter ${wandering}`);
  return 1;
}
