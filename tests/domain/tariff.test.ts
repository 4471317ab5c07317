import { describe, expect, it } from "vitest";
import { COUNTRIES } from "../../src/domain/country.ts";
import { type Rate, rateAt, resolveTariff } from "../../src/domain/tariff.ts";
import { formatLocal, formatRate, parseRateE4, sayTariff } from "../../src/domain/tariff-words.ts";

const rate = (scope: Rate["scope"], tariffId: number, rateE4PerKwh: number | null, validFrom = 0): Rate => ({
  tariffId,
  scope,
  rateE4PerKwh,
  validFrom,
});
const ended = (scope: Rate["scope"], tariffId: number, validFrom = 0): Rate => ({
  ...rate(scope, tariffId, null, validFrom),
  ends: true,
});

/** Midnight that begins 1 March 2026 in Maseru (UTC+2) and in Porto-Novo (UTC+1). */
const MASERU = Date.UTC(2026, 1, 28, 22);
const PORTO_NOVO = Date.UTC(2026, 1, 28, 23);
const DAY = 86_400_000;

describe("the rate", () => {
  it.each`
    about                                         | rates                                                                                 | at            | tariffId
    ${"the country's rate"}                       | ${[rate("global", 1, 50_000)]}                                                        | ${MASERU}     | ${1}
    ${"the site over the country"}                | ${[rate("global", 1, 50_000), rate("site", 2, 40_000)]}                               | ${MASERU}     | ${2}
    ${"the account over both"}                    | ${[rate("account", 3, 30_000), rate("site", 2, 40_000)]}                              | ${MASERU}     | ${3}
    ${"an old account rate over a newer site"}    | ${[rate("account", 3, 30_000), rate("site", 2, 40_000, MASERU)]}                      | ${MASERU}     | ${3}
    ${"the site before the account's begins"}     | ${[rate("account", 3, 30_000, MASERU), rate("site", 2, 40_000)]}                      | ${MASERU - 1} | ${2}
    ${"the old rate up to midnight"}              | ${[rate("site", 1, 50_000), rate("site", 2, 60_000, MASERU)]}                         | ${MASERU - 1} | ${1}
    ${"the new rate at midnight"}                 | ${[rate("site", 1, 50_000), rate("site", 2, 60_000, MASERU)]}                         | ${MASERU}     | ${2}
    ${"the new one whatever the order"}           | ${[rate("site", 2, 60_000, MASERU), rate("site", 1, 50_000)]}                         | ${MASERU}     | ${2}
    ${"each zone's own midnight, before"}         | ${[rate("site", 1, 50_000), rate("site", 2, 60_000, PORTO_NOVO)]}                     | ${MASERU}     | ${1}
    ${"each zone's own midnight, at it"}          | ${[rate("site", 1, 50_000), rate("site", 2, 60_000, PORTO_NOVO)]}                     | ${PORTO_NOVO} | ${2}
    ${"none before the first begins"}             | ${[rate("global", 1, 50_000, MASERU)]}                                                | ${MASERU - 1} | ${null}
    ${"none where there is none"}                 | ${[]}                                                                                 | ${MASERU}     | ${null}
    ${"none where it is zero"}                    | ${[rate("global", 1, 0)]}                                                             | ${MASERU}     | ${null}
    ${"none where it was unset"}                  | ${[rate("global", 1, 50_000), rate("global", 2, null, MASERU)]}                       | ${MASERU}     | ${null}
    ${"none for a site that unset its own"}       | ${[rate("global", 1, 50_000), rate("site", 2, null)]}                                 | ${MASERU}     | ${null}
    ${"none for an account set to zero"}          | ${[rate("site", 1, 50_000), rate("account", 2, 0)]}                                   | ${MASERU}     | ${null}
    ${"the account's up to its end"}              | ${[rate("site", 1, 50_000), rate("account", 2, 30_000), ended("account", 3, MASERU)]} | ${MASERU - 1} | ${2}
    ${"the site's from the account's end on"}     | ${[rate("site", 1, 50_000), rate("account", 2, 30_000), ended("account", 3, MASERU)]} | ${MASERU}     | ${1}
    ${"the country's when both have ended"}       | ${[rate("global", 1, 50_000), ended("site", 2), ended("account", 3)]}                 | ${MASERU}     | ${1}
    ${"the account's again after an end"}         | ${[rate("site", 1, 50_000), ended("account", 2), rate("account", 3, 30_000, MASERU)]} | ${MASERU}     | ${3}
    ${"none when the only say has ended"}         | ${[rate("site", 1, 50_000), ended("site", 2, MASERU)]}                                | ${MASERU}     | ${null}
    ${"the country's again, not the site's zero"} | ${[rate("global", 1, 50_000), rate("site", 2, null), ended("site", 3, MASERU)]}       | ${MASERU}     | ${1}
  `("takes $about", ({ rates, at, tariffId }) => {
    expect(rateAt(rates, at)?.tariffId ?? null).toBe(tariffId);
    // One answer, whoever asks: the row is named also where it says that nothing is vended.
    const resolved = resolveTariff(rates, at);
    expect(resolved.rateE4PerKwh === null ? null : resolved.tariffId).toBe(tariffId);
  });
});

describe("the reason", () => {
  const rates = [
    rate("global", 1, 50_000),
    rate("global", 2, 55_000, MASERU - DAY),
    rate("site", 3, 45_000),
    rate("site", 4, 47_500, MASERU),
    rate("account", 5, 30_000),
    ended("account", 6, MASERU - 1),
    rate("site", 7, 60_000, MASERU + DAY),
  ];

  it("names the row that decides, each wider row in force, older rows, and a narrower say that has ended", () => {
    expect(resolveTariff(rates, MASERU)).toEqual({
      at: MASERU,
      rateE4PerKwh: 47_500,
      tariffId: 4,
      scope: "site",
      validFrom: MASERU,
      beaten: [
        { rate: rates[5], how: "ended" },
        { rate: rates[1], how: "wider" },
        { rate: rates[2], how: "older" },
      ],
      next: { at: MASERU + DAY, rateE4PerKwh: 60_000, tariffId: 7, scope: "site" },
    });
  });

  it("announces the end of an own rate, and passes over what it will not hear", () => {
    const { tariffId, next } = resolveTariff([...rates, rate("global", 8, 99_000, MASERU - 5)], MASERU - 10);
    expect([tariffId, next]).toEqual([5, { at: MASERU - 1, rateE4PerKwh: 45_000, tariffId: 3, scope: "site" }]);
  });

  it("names no more older rows than a person reads", () => {
    const many = Array.from({ length: 40 }, (_, index) => rate("global", index + 1, 50_000 + index, index));
    expect(resolveTariff(many, 100).beaten.map(({ rate: older }) => older.tariffId)).toEqual([39, 38, 37, 36, 35]);
  });

  it("is a sentence with the site's local time", () => {
    expect(sayTariff(resolveTariff(rates, MASERU), COUNTRIES.LS)).toBe(
      "the site's rate, 4.75 LSL a kWh, since 2026-03-01 00:00; the account's own rate ended on 2026-02-28 23:59:59.999; " +
        "goes before the country's rate (5.50 LSL a kWh, since 2026-02-28 00:00); follows 4.50 LSL a kWh of 1970-01-01 02:00; " +
        "from 2026-03-02 00:00: the site's rate, 6.00 LSL a kWh",
    );
    expect(sayTariff(resolveTariff([], 0), COUNTRIES.LS)).toBe("no rate is set, so nothing is vended");
    expect(sayTariff(resolveTariff([rate("global", 1, null)], 0), COUNTRIES.BJ)).toBe(
      "the country's rate, nothing is vended, since 1970-01-01 01:00",
    );
  });

  it.each([
    [50_000, "LS", "5.00 LSL a kWh"],
    [49_990, "LS", "4.999 LSL a kWh"],
    [1, "LS", "0.0001 LSL a kWh"],
    [1_600_000, "BJ", "160 XOF a kWh"],
    [1_605_000, "BJ", "160.5 XOF a kWh"],
  ] as const)("writes a rate of %i in %s as %s", (e4, country, text) => {
    expect(formatRate(e4, COUNTRIES[country])).toBe(text);
  });

  it.each([
    ["5", 50_000],
    ["5.5", 55_000],
    [" 4.9999 ", 49_999],
    ["160", 1_600_000],
    ["0", 0],
    ["0.0001", 1],
    ["5,50", null],
    ["05", null],
    ["5.00001", null],
    ["-5", null],
    ["5e3", null],
    ["", null],
  ])("reads a rate typed as %j as %j ten-thousandths", (typed, e4) => {
    expect(parseRateE4(typed)).toBe(e4);
  });

  it.each([
    [MASERU, "2026-03-01 00:00"],
    [MASERU - 1, "2026-02-28 23:59:59.999"],
    [MASERU + 30_000, "2026-03-01 00:00:30"],
  ])("writes %i as %s", (at, text) => {
    expect(formatLocal(at, COUNTRIES.LS)).toBe(text);
  });
});
