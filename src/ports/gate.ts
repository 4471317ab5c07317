/** What one Mailbox last told the country. */
export type PhonePulse = {
  phoneId: string;
  tillId: string;
  channel: "electricity" | "fees";
  lastPollAt: number | null;
  oldestUnprocessedAt: number | null;
  revoked: boolean;
  /** Since when the oldest SMS waits that the old system has not confirmed; missing: none does, or a release that does not say it told. */
  oldestForwardAt?: number | null;
};

/** Money that waits, by whom it names: while any is open, nobody it names is disconnected. */
export type HeldMoney = { key: string; accounts: string[]; phones: string[]; since: number };

/** Who would go dark. The site is in the account's number. */
export type PermitQuestion = { account: string; phones: string[]; meterNumber: string; at: number };

/** What the gate says of itself. `lacks`: who has not told it all they know; until they have, nobody goes dark. */
export type GateState = {
  disconnectsOn: boolean;
  lacks: string[];
  breakers: { site: string; trippedAt: number; because: "burst" | "share" }[];
};

export interface Gate {
  /** Before a claim that holds money is answered. */
  hold(held: HeldMoney): Promise<void>;
  release(key: string): Promise<void>;
  pulse(pulse: PhonePulse): Promise<void>;
  phones(): Promise<PhonePulse[]>;
}
