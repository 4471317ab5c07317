/**
 * A change that accounts' objects have to be told, and how far that has come. It is filed in the transaction of the change,
 * so no change is without one; a message only says that there is work.
 */
export type RefreshRun = {
  /** Names the change: `tariff:12`, `tariff:12:cancel`, `cutover:1023`. */
  unit: string;
  /** Rises with every taking: who has an older one writes nothing. */
  fence: number;
  /** The last account that was come to, in order of number; "" before the first. */
  after: string;
  /** All accounts were come to. */
  walked: boolean;
  /** Only accounts of this site; only this account; both null: all. */
  site: string | null;
  account: string | null;
  /** Come to and not reached: told again until they are. */
  late: string[];
  /** Accounts come to so far, and how many there were when it began. */
  seen: number;
  accounts: number;
};

export interface RefreshRuns {
  /** Null: it is done, or there is none. Runs that have not begun, and whose accounts are all among this one's, end with it. */
  take(unit: string, at: number): Promise<RefreshRun | null>;
  /** The next accounts of a run. */
  accountsAfter(run: Pick<RefreshRun, "after" | "site" | "account">, limit: number): Promise<string[]>;
  /** False: another has taken it meanwhile, and goes on from where this one began. */
  advance(
    run: Pick<RefreshRun, "unit" | "fence" | "after" | "walked" | "late" | "seen">,
    dueAt: number,
    at: number,
  ): Promise<boolean>;
  /** Runs that nobody works on, the widest first. */
  due(at: number, limit: number): Promise<string[]>;
}
