import type { GateState } from "../../src/ports/gate.ts";
import type { LaterReason } from "../../src/ports/mailboxes.ts";
import type { Kept } from "../../src/queries/kept.ts";
import type { StatusRows } from "../../src/queries/status.ts";
import type { Lights, LowAccount, Metered } from "../../src/queries/status-energy.ts";

/** What the status page shows of one country. Types only: the portal imports this file and nothing else from here. */
export type StatusView = {
  country: string;
  countryName: string;
  currency: string;
  minorDigits: 0 | 2;
  /** How far local time is ahead of UTC. */
  utcOffsetMinutes: number;
  asOf: number;
  /** down: rows below are missing, and everything in `phones`, `depths`, `disconnects` and `unmappedMeters` still stands. */
  database: "up" | "down";
  phones: {
    phoneId: string;
    name: string;
    channel: string;
    lastPollAt: number | null;
    silent: boolean;
    revoked: boolean;
    unprocessed: number;
    /** Why some of them wait although they were tried, the most frequent reason first. */
    later: LaterReason[];
    forwardWaiting: number;
    forwardParked: number;
    outgoingWaiting: number;
    copyWaiting: number;
    copyRefused: number;
  }[];
  depths: {
    unprocessedSms: number;
    forwards: number;
    parkedForwards: number;
    outgoingSms: number;
    openClaims: number;
    copyRows: number;
    /** Rows that Postgres refused, of any object: they wait for a person. */
    refusedRows: number;
  };
  /** Whether the system puts anybody in the dark by itself, and where it has stopped itself. */
  disconnects: GateState;
  /** Meters that send and that nobody has placed. */
  unmappedMeters: number;
  /** Paid, and not in the vendor's wallet yet: how many, and since when the oldest; null: the database is down. */
  vendorCredits: { count: number; oldestAt: number | null } | null;
  lights: Lights | null;
  low: LowAccount[] | null;
  /** Kept for some seconds: it says as of when it is. */
  metered: Kept<Metered> | null;
} & Omit<StatusRows, "today"> & { today: StatusRows["today"] | null };
