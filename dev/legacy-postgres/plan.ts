/** How large a synthetic old database is, and what it is drawn from: the same plan gives the same rows. */
export type LegacyPlan = {
  seed: number;
  customers: number;
  meters: number;
  transactions: number;
  readings: number;
  hours: number;
  /** Registered where it moves in; accounts are spread over them evenly. */
  sites: readonly string[];
  /** The first account number of each site. */
  firstNumber: number;
};

/** What the existing system had, rounded up: what has to move in within ten minutes. */
export const FULL_PLAN: LegacyPlan = {
  seed: 1,
  customers: 1_500,
  meters: 5_000,
  transactions: 600_000,
  readings: 1_000_000,
  hours: 200_000,
  sites: ["MAK", "MAS", "SHG", "MAT", "KET"],
  firstNumber: 1,
};

/** Every kind of defect, in seconds. */
export const SMALL_PLAN: LegacyPlan = {
  ...FULL_PLAN,
  customers: 60,
  meters: 200,
  transactions: 6_000,
  readings: 4_000,
  hours: 2_000,
};

/** Wall times of Lesotho, as ms of the same wall in Greenwich. */
export const OFFSET_MS = 2 * 3_600_000;
export const BEGIN_WALL = Date.UTC(2021, 0, 4, 6);
/** The Access file became this database, and payments came by SMS. */
export const POSTGRES_WALL = Date.UTC(2026, 1, 19);
export const UNTIL_WALL = Date.UTC(2026, 10, 1);

export const DAY_MS = 86_400_000;

/** As PostgreSQL reads an instant. */
export const instantText = (wallMs: number): string => new Date(wallMs - OFFSET_MS).toISOString();
export const dayText = (wallMs: number): string => new Date(wallMs).toISOString().slice(0, 10);
