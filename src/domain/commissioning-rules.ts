/** What an account goes through, in the order that reports show. */
export const STEPS = [
  "registered",
  "connection_fee_paid",
  "readyboard_fee_paid",
  "readyboard_tested",
  "readyboard_installed",
  "airdac_connected",
  "meter_installed",
  "commissioned",
  "terminated",
] as const;
export type Step = (typeof STEPS)[number];

export type Rule = {
  /** What has to be there before, on the same day at the latest. */
  needs: readonly { step: Step; why: string }[];
  /** Why a meter has to stand on the account that day; null: none has to. */
  meter: string | null;
};

const REGISTERED = { step: "registered", why: "whatever happens, happens to an account that is there" } as const;

/**
 * Which step needs which before it. Only what cannot be otherwise stands here; the rest is custom, and the field differs
 * from it. A fee is needed for nothing: customers who have paid a part of it are connected, and the rest stays a debt. A
 * readyboard is not needed either, since some have wiring of their own.
 */
export const RULES: Record<Step, Rule> = {
  registered: { needs: [], meter: null },
  connection_fee_paid: { needs: [REGISTERED], meter: null },
  readyboard_fee_paid: { needs: [REGISTERED], meter: null },
  readyboard_tested: { needs: [REGISTERED], meter: null },
  readyboard_installed: {
    needs: [REGISTERED, { step: "readyboard_tested", why: "no board goes into a house that nobody has tested" }],
    meter: null,
  },
  airdac_connected: { needs: [REGISTERED], meter: null },
  meter_installed: { needs: [REGISTERED], meter: "a meter that stands nowhere is not installed" },
  commissioned: {
    needs: [
      REGISTERED,
      { step: "meter_installed", why: "without a meter nothing is measured and nothing is switched" },
    ],
    meter: "who is connected without a meter is never debited",
  },
  terminated: { needs: [REGISTERED], meter: null },
};

/** The steps that cannot stand without `step`, and why. */
export const neededBy = (step: Step): { step: Step; why: string }[] =>
  STEPS.flatMap((other) =>
    RULES[other].needs.filter((need) => need.step === step).map(({ why }) => ({ step: other, why })),
  );
