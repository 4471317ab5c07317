import type { VendorDay } from "../domain/imports/vendor-day.ts";
import type { RegisterRow, RelayCommandRow, RelayOverrideRow } from "../domain/outbox.ts";
import type { StoredReading } from "../domain/reading.ts";

/** A register as Postgres has it. */
export type StoredRegister = RegisterRow & { meterNumber: string };

/** What an account knew of its meters: registers, the readings of the last weeks, orders and commands. "down": Postgres did not answer. */
export interface ReadingRestores {
  /** One for each meter that ever read for this account, in order of meter number. */
  accountRegisters(accountId: number): Promise<StoredRegister[] | "down">;
  /**
   * Readings since an instant (UTC ms, inclusive), by meter number and instant, after the one named; null: from the
   * first.
   */
  accountReadings(
    accountId: number,
    since: number,
    after: { meterNumber: string; readAt: number } | null,
    limit: number,
  ): Promise<(StoredReading & { receivedAt: number })[] | "down">;
  /** Days of vendor meters by meter number and day, after the one named; null: from the first. */
  accountVendorDays(
    accountId: number,
    after: { meterNumber: string; day: string } | null,
    limit: number,
  ): Promise<({ meterNumber: string; day: string } & VendorDay)[] | "down">;
  /** The newest word for each meter, unless it is `auto`. Whether it has expired is for the object's clock to say. */
  accountOverrides(accountId: number): Promise<RelayOverrideRow[] | "down">;
  /** The newest commands, newest first: what was last ordered of each meter, and how it ended. */
  accountCommands(accountId: number, limit: number): Promise<RelayCommandRow[] | "down">;
}
