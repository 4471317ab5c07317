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
  }[];
  depths: {
    unprocessedSms: number;
    forwards: number;
    parkedForwards: number;
    outgoingSms: number;
    openClaims: number;
    copyRows: number;
  };
  today: StatusToday | null;
  /** Payments per minute of the last hour, oldest first. */
  perMinute: { minute: number; payments: number }[];
  sms: {
    receivedAt: number;
    sender: string;
    content: string;
    phoneId: string;
    outcome: string | null;
    because: string | null;
  }[];
  payments: {
    receipt: string;
    provider: string;
    amountMinor: number;
    holder: string;
    account: string | null;
    paidAt: number;
    claimedAt: number;
  }[];
  entries: {
    account: string | null;
    seq: number | null;
    kind: string;
    book: string;
    energyWh: number;
    amountMinor: number;
    balanceAfterWh: number | null;
    acceptedAt: number;
    receipt: string | null;
  }[];
  commands: {
    id: string;
    account: string;
    meterNumber: string;
    action: string;
    state: string;
    because: string;
    requestedAt: number;
  }[];
  outgoing: { id: string; phoneId: string; account: string | null; state: string; createdAt: number }[];
};

export type StatusToday = {
  sms: number;
  payments: number;
  paidMinor: number;
  creditedMinor: number;
  suspenseOpen: number;
  suspenseMinor: number;
  oldestSuspenseAt: number | null;
};
