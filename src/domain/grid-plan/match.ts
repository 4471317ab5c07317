import { metresBetween, type Place } from "./place.ts";

/** A connection as the planning tool lists it. */
export type PlanConnection = {
  /** "MAK 0047 HH"; the empty text: it has none. */
  surveyId: string;
  customerCode: string;
  place: Place | null;
};
/** An account as we know it. */
export type PlanAccount = {
  account: string;
  /** The survey's id of the plot, as the customer's record has it. */
  plotNumber: string | null;
  place: Place | null;
};

export type MatchMethod = "customer_code" | "survey_id" | "prefix" | "gps";
export type Match<Connection, Account> = {
  connection: Connection;
  account: Account;
  by: MatchMethod;
  metres: number | null;
};
/** Why a connection has no account. */
export type ConnectionReason = "no_survey_id" | "unknown_customer_code" | "ambiguous" | "no_account";
/** Why an account has no connection. */
export type AccountReason = "no_plot_number" | "plot_not_planned" | "ambiguous";
export type Matched<C, A> = {
  matches: Match<C, A>[];
  connections: { connection: C; reason: ConnectionReason }[];
  accounts: { account: A; reason: AccountReason }[];
};

/** A neighbour's house is further than that in any village of ours. */
export const GPS_METRES_MAX = 50;

/**
 * Which connection is whose, rung by rung for all of them before the next rung is tried: the customer code, the survey id, the survey id
 * without its type ("MAK 0047"), and the place. A rung pairs only what is one to one there; of what it finds twice it pairs nothing, and
 * nearness never decides what a name has left open. What is paired once is paired for good.
 */
export function matchConnections<C extends PlanConnection, A extends PlanAccount>(
  connections: readonly C[],
  accounts: readonly A[],
): Matched<C, A> {
  const openC = new Set(connections);
  const openA = new Set(accounts);
  const doubtful = { connections: new Set<C>(), accounts: new Set<A>() };
  const matches: Match<C, A>[] = [];
  const pair = (connection: C, account: A, by: MatchMethod, metres: number | null) => {
    openC.delete(connection);
    openA.delete(account);
    matches.push({ connection, account, by, metres });
  };

  for (const { by, ofConnection, ofAccount } of RUNGS) {
    const left = grouped([...openC], ofConnection);
    const right = grouped([...openA], ofAccount);
    for (const [key, found] of left) {
      const owners = right.get(key) ?? [];
      if (owners.length === 0) continue;
      const [connection, account] = [found[0], owners[0]];
      if (found.length === 1 && owners.length === 1 && connection !== undefined && account !== undefined)
        pair(connection, account, by, null);
      else {
        for (const each of found) doubtful.connections.add(each);
        for (const each of owners) doubtful.accounts.add(each);
      }
    }
  }

  // The nearest pair first, so that no order of the lists decides; of two as near none.
  const near = [...openC]
    // A code that we do not know is somebody's: whoever lives near is not them.
    .filter((each) => !doubtful.connections.has(each) && each.place !== null && codeKey(each.customerCode) === null)
    .flatMap((connection) =>
      [...openA]
        .filter((each) => !doubtful.accounts.has(each) && each.place !== null)
        .map((account) => ({
          connection,
          account,
          metres: metresBetween(connection.place as Place, account.place as Place),
        })),
    )
    .filter(({ metres }) => metres <= GPS_METRES_MAX);
  for (const { connection, account, metres } of near.toSorted((a, b) => a.metres - b.metres)) {
    if (!openC.has(connection) || !openA.has(account)) continue;
    const isOnly = near.every(
      (other) =>
        (other.connection !== connection && other.account !== account) ||
        (other.connection === connection && other.account === account) ||
        !openC.has(other.connection) ||
        !openA.has(other.account),
    );
    if (isOnly) pair(connection, account, "gps", metres);
    else {
      doubtful.connections.add(connection);
      doubtful.accounts.add(account);
    }
  }

  return {
    matches,
    connections: [...openC].map((connection) => ({
      connection,
      reason: reasonOf(connection, doubtful.connections.has(connection)),
    })),
    accounts: [...openA].map((account) => ({
      account,
      reason: doubtful.accounts.has(account)
        ? "ambiguous"
        : surveyKey(account.plotNumber) === null
          ? "no_plot_number"
          : "plot_not_planned",
    })),
  };
}

function reasonOf(connection: PlanConnection, isDoubtful: boolean): ConnectionReason {
  if (isDoubtful) return "ambiguous";
  if (connection.customerCode.trim() !== "") return "unknown_customer_code";
  return surveyKey(connection.surveyId) === null ? "no_survey_id" : "no_account";
}

/** "MAK0047HH", however it is spaced and written; null: nothing. */
const surveyKey = (text: string | null): string | null => {
  const key = (text ?? "").toUpperCase().replace(/[^A-Z0-9]/g, "");
  return key === "" ? null : key;
};
/** "MAK0047": site and number, the number without leading zeros' meaning; null: it is not written so. */
const prefixKey = (text: string | null): string | null => {
  const [, site, number] = /^([A-Z]{3})(\d{1,6})/.exec(surveyKey(text) ?? "") ?? [];
  return site === undefined || number === undefined ? null : `${site}${Number(number)}`;
};
const codeKey = (text: string): string | null => text.toUpperCase().replace(/\s+/g, "") || null;

const RUNGS: readonly {
  by: MatchMethod;
  ofConnection: (connection: PlanConnection) => string | null;
  ofAccount: (account: PlanAccount) => string | null;
}[] = [
  {
    by: "customer_code",
    ofConnection: (each) => codeKey(each.customerCode),
    ofAccount: (each) => codeKey(each.account),
  },
  {
    by: "survey_id",
    ofConnection: (each) => surveyKey(each.surveyId),
    ofAccount: (each) => surveyKey(each.plotNumber),
  },
  { by: "prefix", ofConnection: (each) => prefixKey(each.surveyId), ofAccount: (each) => prefixKey(each.plotNumber) },
];

function grouped<T>(things: readonly T[], keyOf: (thing: T) => string | null): Map<string, T[]> {
  const found = new Map<string, T[]>();
  for (const thing of things) {
    const key = keyOf(thing);
    if (key !== null) found.set(key, [...(found.get(key) ?? []), thing]);
  }
  return found;
}
