import { describe, expect, it } from "vitest";
import { type Rate, rateAt } from "../../src/domain/tariff.ts";

const rate = (scope: Rate["scope"], tariffId: number, rateE4PerKwh: number | null, validFrom = 0): Rate => ({
  tariffId,
  scope,
  rateE4PerKwh,
  validFrom,
});

/** Midnight that begins 1 March 2026 in Maseru (UTC+2) and in Porto-Novo (UTC+1). */
const MASERU = Date.UTC(2026, 1, 28, 22);
const PORTO_NOVO = Date.UTC(2026, 1, 28, 23);

describe("rateAt", () => {
  it.each`
    about                                      | rates                                                             | at            | tariffId
    ${"the country's rate"}                    | ${[rate("global", 1, 50_000)]}                                    | ${MASERU}     | ${1}
    ${"the site over the country"}             | ${[rate("global", 1, 50_000), rate("site", 2, 40_000)]}           | ${MASERU}     | ${2}
    ${"the account over both"}                 | ${[rate("account", 3, 30_000), rate("site", 2, 40_000)]}          | ${MASERU}     | ${3}
    ${"an old account rate over a newer site"} | ${[rate("account", 3, 30_000), rate("site", 2, 40_000, MASERU)]}  | ${MASERU}     | ${3}
    ${"the site before the account's begins"}  | ${[rate("account", 3, 30_000, MASERU), rate("site", 2, 40_000)]}  | ${MASERU - 1} | ${2}
    ${"the old rate up to midnight"}           | ${[rate("site", 1, 50_000), rate("site", 2, 60_000, MASERU)]}     | ${MASERU - 1} | ${1}
    ${"the new rate at midnight"}              | ${[rate("site", 1, 50_000), rate("site", 2, 60_000, MASERU)]}     | ${MASERU}     | ${2}
    ${"the new one whatever the order"}        | ${[rate("site", 2, 60_000, MASERU), rate("site", 1, 50_000)]}     | ${MASERU}     | ${2}
    ${"each zone's own midnight, before"}      | ${[rate("site", 1, 50_000), rate("site", 2, 60_000, PORTO_NOVO)]} | ${MASERU}     | ${1}
    ${"each zone's own midnight, at it"}       | ${[rate("site", 1, 50_000), rate("site", 2, 60_000, PORTO_NOVO)]} | ${PORTO_NOVO} | ${2}
    ${"none before the first begins"}          | ${[rate("global", 1, 50_000, MASERU)]}                            | ${MASERU - 1} | ${null}
    ${"none where there is none"}              | ${[]}                                                             | ${MASERU}     | ${null}
    ${"none where it is zero"}                 | ${[rate("global", 1, 0)]}                                         | ${MASERU}     | ${null}
    ${"none where it was unset"}               | ${[rate("global", 1, 50_000), rate("global", 2, null, MASERU)]}   | ${MASERU}     | ${null}
    ${"none for a site that unset its own"}    | ${[rate("global", 1, 50_000), rate("site", 2, null)]}             | ${MASERU}     | ${null}
    ${"none for an account set to zero"}       | ${[rate("site", 1, 50_000), rate("account", 2, 0)]}               | ${MASERU}     | ${null}
  `("takes $about", ({ rates, at, tariffId }) => {
    expect(rateAt(rates, at)?.tariffId ?? null).toBe(tariffId);
  });
});
