import type { StatusRows } from "../../src/queries/status.ts";

/** What the status page shows of one country. Types only: the portal imports this file and nothing else from here. */
export type StatusView = {
  country: string;
  countryName: string;
  currency: string;
  minorDigits: 0 | 2;
  asOf: number;
  /** down: rows below are missing, and everything in `phones` and `depths` still stands. */
  database: "up" | "down";
  phones: {
    phoneId: string;
    name: string;
    channel: string;
    lastPollAt: number | null;
    silent: boolean;
    revoked: boolean;
    unprocessed: number;
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
} & Omit<StatusRows, "today"> & { today: StatusRows["today"] | null };
