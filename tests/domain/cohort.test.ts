import { describe, expect, it } from "vitest";
import { COUNTRIES } from "../../src/domain/country.ts";
import { COHORT_STATUSES, type CohortAccount, cohortOf } from "../../src/domain/metrics/cohort.ts";

const account = (over: Partial<CohortAccount> = {}): CohortAccount => ({
  feesMinor: null,
  ...{ isConnectionPaid: false, isReadyboardPaid: false, isConnected: false, isMetered: false, isEnded: false },
  ...over,
});
const lit = { isConnected: true, isMetered: true };

describe("where a customer stands", () => {
  it.each`
    feesMinor  | steps               | light                           | isKnown  | status                            | debt
    ${100_000} | ${[]}               | ${lit}                          | ${false} | ${"fully_paid_connected"}         | ${0}
    ${120_000} | ${[]}               | ${lit}                          | ${false} | ${"fully_paid_connected"}         | ${0}
    ${99_999}  | ${[]}               | ${lit}                          | ${false} | ${"partially_paid_connected"}     | ${1}
    ${50_100}  | ${[]}               | ${{}}                           | ${false} | ${"partially_paid_not_connected"} | ${49_900}
    ${null}    | ${["con"]}          | ${{}}                           | ${false} | ${"partially_paid_not_connected"} | ${49_900}
    ${null}    | ${["con", "ready"]} | ${{ ...lit, isMetered: false }} | ${false} | ${"fully_paid_not_metered"}       | ${0}
    ${50_100}  | ${["con", "ready"]} | ${{}}                           | ${false} | ${"fully_paid_not_connected"}     | ${0}
    ${0}       | ${[]}               | ${lit}                          | ${false} | ${"not_paid"}                     | ${100_000}
    ${-50_100} | ${[]}               | ${lit}                          | ${false} | ${"not_paid"}                     | ${100_000}
    ${null}    | ${[]}               | ${lit}                          | ${true}  | ${"not_paid"}                     | ${100_000}
    ${null}    | ${[]}               | ${lit}                          | ${false} | ${"fee_unknown_connected"}        | ${null}
    ${null}    | ${[]}               | ${{}}                           | ${false} | ${"fee_unknown_not_connected"}    | ${null}
    ${null}    | ${[]}               | ${{ isMetered: true }}          | ${true}  | ${"not_paid"}                     | ${100_000}
  `("of $feesMinor in fees and steps $steps: $status", ({ feesMinor, steps, light, isKnown, status, debt }) => {
    const one = account({
      ...{ feesMinor, isConnectionPaid: steps.includes("con"), isReadyboardPaid: steps.includes("ready") },
      ...light,
    });
    expect(cohortOf({ isKnown, accounts: [one] }, COUNTRIES.LS.fees)).toMatchObject({ status, feeDebtMinor: debt });
    expect(COHORT_STATUSES).toContain(status);
  });

  it("bug of old: an unknown debt was taken for 0, so who never paid was listed as fully paid", () => {
    expect(cohortOf({ isKnown: false, accounts: [account()] }, COUNTRIES.LS.fees).status).toBe(
      "fee_unknown_not_connected",
    );
  });

  it("bug of old: where there is no fee everybody was fully paid", () => {
    expect(cohortOf({ isKnown: true, accounts: [account(lit)] }, COUNTRIES.BJ.fees)).toEqual({
      ...{ status: "no_fee_connected", feePaidMinor: null, feeDueMinor: null, feeDebtMinor: null },
    });
  });

  it("has an end only when every account has one, and the accounts that ended no say before", () => {
    const ended = account({ isEnded: true, feesMinor: 100_000 });
    expect(cohortOf({ isKnown: true, accounts: [ended] }, COUNTRIES.LS.fees).status).toBe("terminated");
    expect(cohortOf({ isKnown: true, accounts: [ended, account(lit)] }, COUNTRIES.LS.fees).status).toBe("not_paid");
  });

  it("of two accounts owes the fees of both, and what is too much for one pays nothing of the other", () => {
    const two = [account({ feesMinor: 150_000, ...lit }), account({ feesMinor: 50_100 })];
    const stands = { status: "partially_paid_connected", feeDueMinor: 200_000, feeDebtMinor: 49_900 };
    expect(cohortOf({ isKnown: true, accounts: two }, COUNTRIES.LS.fees)).toMatchObject(stands);
    expect(cohortOf({ isKnown: true, accounts: two.toReversed() }, COUNTRIES.LS.fees)).toMatchObject(stands);
  });

  it("without an account owes the fees of one, if anybody would know that they were paid", () => {
    expect(cohortOf({ isKnown: true, accounts: [] }, COUNTRIES.LS.fees)).toMatchObject({
      status: "not_paid",
      feeDebtMinor: 100_000,
    });
    expect(cohortOf({ isKnown: false, accounts: [] }, COUNTRIES.LS.fees).status).toBe("fee_unknown_not_connected");
    expect(cohortOf({ isKnown: false, accounts: [] }, COUNTRIES.BJ.fees).status).toBe("no_fee_not_connected");
  });
});
