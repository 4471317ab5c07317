import { describe, expect, it } from "vitest";
import { COUNTRIES } from "../../src/domain/country.ts";
import { choosePhone, withinSmsRate } from "../../src/domain/sms-choice.ts";
import {
  checkTemplate,
  DEFAULT_TEMPLATES,
  formatHours,
  renderTemplate,
  smsSize,
  TEMPLATE_KINDS,
} from "../../src/domain/templates.ts";

const VALUES = { account: "0045MAK", amount: "M20.00", energy_kwh: "4.0", balance_kwh: "5.2", receipt: "QK7A" };

describe("checkTemplate", () => {
  it.each(
    Object.values(COUNTRIES).flatMap((country) =>
      (["en", "fr", "st"] as const).flatMap((language) =>
        TEMPLATE_KINDS.map((kind) => [kind, language, country.code] as const),
      ),
    ),
  )("takes the built-in %s in %s for %s, in GSM-7", (kind, language, code) => {
    const checked = checkTemplate(kind, DEFAULT_TEMPLATES[kind][language], COUNTRIES[code]);
    expect(checked).toMatchObject({ ok: true, value: { alphabet: "gsm7" } });
  });

  it.each`
    text                              | error
    ${""}                             | ${{ kind: "template_empty" }}
    ${" \n "}                         | ${{ kind: "template_empty" }}
    ${"Hello {name}"}                 | ${{ kind: "unknown_placeholder", name: "name" }}
    ${"Hello {Account}"}              | ${{ kind: "unknown_placeholder", name: "Account" }}
    ${"Hello { account }"}            | ${{ kind: "unknown_placeholder", name: " account " }}
    ${"Hello {}"}                     | ${{ kind: "unknown_placeholder", name: "" }}
    ${"Hello {__proto__}"}            | ${{ kind: "unknown_placeholder", name: "__proto__" }}
    ${"Hello {account"}               | ${{ kind: "stray_brace", at: 6 }}
    ${"{account}} hello"}             | ${{ kind: "stray_brace", at: 9 }}
    ${`${"x".repeat(300)} {receipt}`} | ${{ kind: "template_too_long", parts: 3, units: 325 }}
    ${`${"ê".repeat(120)} {receipt}`} | ${{ kind: "template_too_long", parts: 3, units: 145 }}
  `("refuses $text", ({ text, error }) => {
    expect(checkTemplate("payment_receipt", text, COUNTRIES.LS)).toMatchObject({ ok: false, error });
  });

  it("measures with the longest values, not with short ones", () => {
    const text = `${"x".repeat(265)} {amount}{receipt}`;
    expect(smsSize(renderTemplate(text, VALUES)).parts).toBe(2);
    expect(checkTemplate("payment_receipt", text, COUNTRIES.BJ)).toMatchObject({ ok: true });
    expect(checkTemplate("payment_receipt", `${text}xx`, COUNTRIES.BJ)).toMatchObject({ ok: false });
  });
});

describe("renderTemplate", () => {
  it("puts in each value, as often as it is named, and nothing that a value names", () => {
    const rendered = renderTemplate("{account} {amount} {account} {receipt}", { ...VALUES, receipt: "{amount} $& $1" });
    expect(rendered).toBe("0045MAK M20.00 0045MAK {amount} $& $1");
  });

  it("leaves out the part in brackets that names what nobody knows, and says so elsewhere", () => {
    const text = "{balance_kwh} left[, about {hours_left} hours]. [{account}]";
    const known = { balance_kwh: "4.0", account: "[0045MAK]", hours_left: "5" };
    expect(renderTemplate(text, known)).toBe("4.0 left, about 5 hours. [0045MAK]");
    expect(renderTemplate(text, { ...known, hours_left: null })).toBe("4.0 left. [0045MAK]");
    expect(renderTemplate("{hours_left} hours", { hours_left: null })).toBe("? hours");
    expect(renderTemplate("a [ b ] c [", {})).toBe("a  b  c [");
  });

  it.each(["low_balance", "balance"] as const)("writes a whole %s while nobody knows how long it lasts", (kind) => {
    const values = { account: "0045MAK", balance_kwh: "1.6", hours_left: null };
    for (const language of ["en", "fr", "st"] as const)
      expect(renderTemplate(DEFAULT_TEMPLATES[kind][language], values)).toMatch(/^[^?[\]{}]*1\.6 kWh[^?[\]{}]*\.$/);
  });
});

it.each([
  [null, null],
  [-5, "0"],
  [0, "0"],
  [1, "<1"],
  [59, "<1"],
  [60, "1"],
  [359, "5"],
  [59_999, "999"],
  [60_000, "999+"],
])("%s minutes are %s hours, to people", (minutes, hours) => {
  expect(formatHours(minutes)).toBe(hours);
});

describe("smsSize", () => {
  it.each`
    text               | alphabet  | units  | parts
    ${""}              | ${"gsm7"} | ${0}   | ${1}
    ${"a".repeat(160)} | ${"gsm7"} | ${160} | ${1}
    ${"a".repeat(161)} | ${"gsm7"} | ${161} | ${2}
    ${"a".repeat(306)} | ${"gsm7"} | ${306} | ${2}
    ${"a".repeat(307)} | ${"gsm7"} | ${307} | ${3}
    ${"€".repeat(80)}  | ${"gsm7"} | ${160} | ${1}
    ${"€".repeat(153)} | ${"gsm7"} | ${306} | ${3}
    ${"é".repeat(160)} | ${"gsm7"} | ${160} | ${1}
    ${"ç".repeat(70)}  | ${"ucs2"} | ${70}  | ${1}
    ${"ç".repeat(71)}  | ${"ucs2"} | ${71}  | ${2}
    ${"ç".repeat(134)} | ${"ucs2"} | ${134} | ${2}
    ${"ç".repeat(135)} | ${"ucs2"} | ${135} | ${3}
    ${"😀".repeat(35)} | ${"ucs2"} | ${70}  | ${1}
    ${"😀".repeat(67)} | ${"ucs2"} | ${134} | ${3}
  `("is $units units of $alphabet in $parts parts", ({ text, ...size }) => {
    expect(smsSize(text)).toEqual(size);
  });
});

describe("choosePhone", () => {
  const NOW = Date.UTC(2026, 10, 25);
  const MINUTE_MS = 60_000;
  const phone = (phoneId: string, minutesAgo: number | null, over = {}) => ({
    phoneId,
    channel: "electricity" as const,
    lastPollAt: minutesAgo === null ? null : NOW - minutesAgo * MINUTE_MS,
    revoked: false,
    ...over,
  });
  it.each`
    about                        | phones                                                | chosen
    ${"nobody"}                  | ${[]}                                                 | ${null}
    ${"the last to ask"}         | ${[phone("a", 9), phone("b", 3)]}                     | ${{ phoneId: "b", healthy: true }}
    ${"a healthy one at 20 min"} | ${[phone("a", 20), phone("b", null)]}                 | ${{ phoneId: "a", healthy: true }}
    ${"the least stale"}         | ${[phone("a", 400), phone("b", 21)]}                  | ${{ phoneId: "b", healthy: false }}
    ${"one that never asked"}    | ${[phone("a", null)]}                                 | ${{ phoneId: "a", healthy: false }}
    ${"no revoked one"}          | ${[phone("a", 1, { revoked: true }), phone("b", 90)]} | ${{ phoneId: "b", healthy: false }}
    ${"none of the fees line"}   | ${[phone("a", 1, { channel: "fees" })]}               | ${null}
    ${"the same one each time"}  | ${[phone("b", 1), phone("a", 1)]}                     | ${{ phoneId: "a", healthy: true }}
  `("takes $about", ({ phones, chosen }) => expect(choosePhone(phones, NOW)).toEqual(chosen));
});

describe("withinSmsRate", () => {
  const NOW = Date.UTC(2026, 10, 25);
  const HOUR_MS = 3_600_000;
  const times = (count: number, ageMs: number) => Array.from({ length: count }, () => NOW - ageMs);
  it.each`
    about                              | orderedAt                  | allowed
    ${"the first"}                     | ${[]}                      | ${true}
    ${"the fifth in an hour"}          | ${times(4, 1)}             | ${true}
    ${"the sixth in an hour"}          | ${times(5, HOUR_MS - 1)}   | ${false}
    ${"the sixth, an hour later"}      | ${times(5, HOUR_MS)}       | ${true}
    ${"the twentieth in a day"}        | ${times(19, 2 * HOUR_MS)}  | ${true}
    ${"the twenty-first in a day"}     | ${times(20, 23 * HOUR_MS)} | ${false}
    ${"the twenty-first, a day later"} | ${times(20, 24 * HOUR_MS)} | ${true}
  `("answers for $about: $allowed", ({ orderedAt, allowed }) => expect(withinSmsRate(orderedAt, NOW)).toBe(allowed));
});
