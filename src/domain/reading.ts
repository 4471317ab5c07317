/** primary: bills. check: compared with it. backup: waits. supply: counts what a whole site is fed, and bills nobody. */
export const METER_ROLES = ["primary", "check", "backup", "supply"] as const;
export type MeterRole = (typeof METER_ROLES)[number];

/** By which road a reading came. */
export type ReadingSource = "iot" | "s3" | "dynamodb" | "steama";

/**
 * What a meter said at one instant. `readAt` is UTC milliseconds, whole seconds. Energy is the billing register, never the
 * counter that a reboot resets. Missing is null.
 */
export type Reading = {
  /** Without leading zeros. */
  meterNumber: string;
  readAt: number;
  registerWh: number;
  powerW: number | null;
  voltageMv: number | null;
  currentMa: number | null;
  frequencyMhz: number | null;
  /** True: the relay is closed, power is on. */
  connected: boolean | null;
  source: ReadingSource;
};

/**
 * A reading that its account has stored. `begins`: counting starts anew with it, and nobody used what the register rose
 * since the reading before it.
 */
export type StoredReading = Reading & { begins?: boolean };

/** Why a reading is kept out of the balance until a person looks. */
export type QuarantineBecause =
  | "future" // dated more than an hour ahead
  | "beyond_rating" // more energy than the meter can carry in that time
  | "absurd" // no register shows that
  | "backwards"; // between two readings that it fits neither of

/**
 * What became of a reading. All but `elsewhere` are final. `gate`: too soon after the last one, it counts as "seen" only,
 * and the next one carries its energy. `late`: stored before a newer one, nothing is posted for it.
 */
export type ReadingVerdict =
  | { status: "accepted"; because: null | "duplicate" | "gate" | "late" | "reset" }
  | { status: "quarantined"; because: QuarantineBecause }
  /** The meter was not on this account then: ask the Directory again. */
  | { status: "elsewhere" };
