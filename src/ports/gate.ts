/** What one Mailbox last told the country. */
export type PhonePulse = {
  phoneId: string;
  tillId: string;
  channel: "electricity" | "fees";
  lastPollAt: number | null;
  oldestUnprocessedAt: number | null;
  revoked: boolean;
};

/** Money that waits, by whom it names: while any is open, nobody it names is disconnected. */
export type HeldMoney = { key: string; accounts: string[]; phones: string[]; since: number };

export interface Gate {
  /** Before a claim that holds money is answered. */
  hold(held: HeldMoney): Promise<void>;
  release(key: string): Promise<void>;
  pulse(pulse: PhonePulse): Promise<void>;
  phones(): Promise<PhonePulse[]>;
}
