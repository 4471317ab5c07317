import type { DayPlacement, StagedMeter } from "../domain/imports/place.ts";
import type { UnitName } from "../domain/imports/unit.ts";

/** How far the attempt at a unit has come; kept between its steps, so that any of them may be the last of its Worker. */
export type RunState = {
  /** `fetch`: pages are coming. `hand`: all pages are in. */
  phase: "fetch" | "hand";
  /** Where the next page begins; null: with the first. */
  cursor: string | null;
  /** Times that the day was begun again because its cursor had died. */
  restarts: number;
  /** Rows that were read and left out, by reason. */
  leftOut: Record<string, number>;
  /** Newest reading that the vendor had of the site as the attempt began; null: it was not asked. */
  freshAt: number | null;
};

/** A unit in our hands until the lease ends, or somebody else takes it. */
export type TakenUnit = UnitName & {
  vendorSiteId: string;
  fence: number;
  runId: number;
  attempts: number;
  pages: number;
  /** Whole hours after the last taking that ended; null: none has. */
  receivedBefore: number | null;
  state: RunState;
};

/** Intervals of one name, each start once. */
export type PageRows = StagedMeter[];

export type DayOutcome = {
  /** Null: nobody has counted. */
  expectedHours: number | null;
  receivedHours: number;
  complete: boolean;
  nextAt: number | null;
  /** What a person should know: why nothing came, or null. */
  error: string | null;
  rowsRefused: number;
  details: Record<string, unknown>;
};

/** Site-days of sources, and how far each is. All throw when nobody knows. */
export interface MeterDays {
  /** Makes the rows of units that are not there yet, due at once. Of a site without a vendor there is none. */
  open(units: readonly UnitName[], at: number): Promise<number>;
  /**
   * Makes the rows of units that somebody asks for and says how each stands. With `again`, those that are complete are not any
   * more: they are fetched again.
   */
  ask(units: readonly UnitName[], again: boolean, at: number): Promise<(UnitName & { complete: boolean })[]>;
  /** Days whose unplaced meters have been placed since are not complete any more. Returns how many. */
  reopen(fromDay: string, at: number): Promise<number>;
  /** Units to be fetched, newest day first; none of a day that another source has completed, nor one in somebody's hands. */
  due(
    at: number,
    fromDay: string,
    limit: number,
  ): Promise<(UnitName & { vendorSiteId: string; freshAt: number | null })[]>;
  /**
   * Takes a unit that is not complete and in nobody's hands, and goes on with its attempt or begins one. Null: not to be had. No
   * attempt is begun for who asked (`sentAt`) before the last one ended: it has been done meanwhile.
   */
  take(unit: UnitName, order: { freshAt: number | null; sentAt: number | null }, at: number): Promise<TakenUnit | null>;
  /**
   * Stores a page, and where the next begins. Lets go of the unit, or, when its taker goes on, holds it anew. False: somebody
   * else has it by now, and nothing was stored.
   */
  storePage(unit: TakenUnit, rows: PageRows, state: RunState, goesOn: boolean, at: number): Promise<boolean>;
  /**
   * The day begins again: what was stored of this attempt goes, since the vendor may tell the day otherwise by now, and two
   * tellings of one day must not be mixed.
   */
  beginAgain(unit: TakenUnit, state: RunState, at: number): Promise<boolean>;
  /** All that was stored of the unit, by name. */
  staged(unit: UnitName): Promise<StagedMeter[]>;
  /** Placements of these names and of the site's meters that touch the day. */
  placements(unit: UnitName, names: readonly string[]): Promise<DayPlacement[]>;
  /** The attempt goes on later from where it is. False: somebody else has it. */
  postpone(unit: TakenUnit, state: RunState, error: string, nextAt: number, at: number): Promise<boolean>;
  /** The attempt is over, and nothing of it was taken. */
  fail(unit: TakenUnit, error: string, nextAt: number, at: number): Promise<boolean>;
  /** The attempt is over, and the accounts have what it brought; its intervals go, and cases about the day close when it is complete. */
  finish(unit: TakenUnit, outcome: DayOutcome, at: number): Promise<boolean>;
  /** Not before so late: there is nothing new to be had. */
  defer(unit: UnitName, nextAt: number, at: number): Promise<void>;
}

/** Which sources are believed, by scope: `country`, a site, an account. */
export interface SourcePriorities {
  list(): Promise<{ scope: string; sources: string[]; updatedAt: number }[]>;
  put(scope: string, sources: readonly string[], at: number): Promise<void>;
}
