import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { accountTokens, canonicalAccount } from "../../src/domain/account.ts";
import { COUNTRIES } from "../../src/domain/country.ts";

const LS = COUNTRIES.LS.siteCodes;
const BJ = COUNTRIES.BJ.siteCodes;

describe("canonicalAccount", () => {
  it.each(["0045MAK", "mak0045", "0045 MAK", "0045mak", "MAK 0045", " 0045\u00a0mak ", "045MAK", "45 mak", "mak45"])(
    "it spells %j as 0045MAK",
    (text) => {
      expect(canonicalAccount(text)).toEqual({ ok: true, value: "0045MAK" });
    },
  );

  it.each(["", "MAK", "0045", "5MAK", "00045MAK", "0045MA", "0045MAKK", "0045-MAK", "MAK0045MAK", "0045aß", "٠٠٤٥MAK"])(
    "it refuses %j and says what is expected",
    (text) => {
      expect(canonicalAccount(text)).toEqual({
        ok: false,
        error: { kind: "account_malformed", value: text, expected: expect.stringContaining("0045MAK") },
      });
    },
  );

  it("it repeats no more than a little of what it refuses", () => {
    const refused = canonicalAccount("x".repeat(5000));
    expect(refused.ok ? "" : refused.error.value).toHaveLength(40);
  });

  it("it changes nothing the second time", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-zA-Z]{3} ?[0-9]{2,4}$/), (text) => {
        const once = canonicalAccount(text);
        expect(once.ok && canonicalAccount(once.value)).toEqual(once);
      }),
    );
  });
});

describe("accountTokens", () => {
  it.each([
    ["0252SHG", LS, ["0252SHG"]],
    ["0119mat", LS, ["0119MAT"]],
    ["0065 MAS", LS, ["0065MAS"]],
    ["045 MAK", LS, ["0045MAK"]],
    ["45 SAM", BJ, ["0045SAM"]],
    ["45 SAM", LS, []],
    ["45 elec", LS, []],
    ["MAT0045", LS, ["0045MAT"]],
    ["sam 45", BJ, ["0045SAM"]],
    ["XYZ0045", LS, []],
    ["0045SEM", LS, ["0045SEM"]],
    ["0252 SHG electricity", LS, ["0252SHG"]],
    ["0045MAK 0046MAS", LS, ["0045MAK", "0046MAS"]],
    ["SAM 0045, then 0190GBO", BJ, ["0045SAM", "0190GBO"]],
    ["MAT 0045 SHG", LS, ["0045SHG"]],
    ["plot 1101 MAS 1101 HH", LS, ["1101MAS", "1101HH"]],
    // A slip beside a known site is still a token, so that the payer's phone does not decide.
    ["0045-MAK", LS, ["0045MAK"]],
    ["0045/mak", LS, ["0045MAK"]],
    ["00045MAK", LS, ["00045MAK"]],
    ["0252SHGelectricity", LS, ["0252SHGELECTRICITY"]],
    // Units and everyday words are never sites.
    ["on 3/11/2026 at 7:41", LS, []],
    ["2026AT", LS, []],
    ["000FCFA 2000XOF 250 FCFA 100 KWH 500 LSL 100 units", BJ, []],
    ["26650000101 thanks", LS, []],
    ["315103084", LS, []],
    ["", LS, []],
  ] as const)("it finds in %j, with sites %j, %j", (text, sites, accounts) => {
    expect(accountTokens(text, sites).map((token) => token.account)).toEqual(accounts);
  });

  it.each([
    ["plot 1101 MAS", true],
    ["PLOT: 1101MAS", true],
    ["Stand no. 1101MAS", true],
    ["site 1101 MAS", true],
    ["erf1101 MAS", false], // glued to the word, it is no token by itself
    ["plots? no, account 1101MAS", false],
    ["1101MAS", false],
    ["exploit 1101MAS", false],
  ])("it says whether the token of %j stands beside a plot word: %s", (text, besidePlot) => {
    expect(accountTokens(text, LS).some((token) => token.besidePlot)).toBe(besidePlot);
  });

  it("it keeps what was typed and whether the site is known", () => {
    expect(accountTokens("for 0252 shg, 0045sem", LS)).toEqual([
      { account: "0252SHG", raw: "0252 shg", knownSite: true, besidePlot: false },
      { account: "0045SEM", raw: "0045sem", knownSite: false, besidePlot: false },
    ]);
  });

  it("it takes digits between a site and other letters for more than small talk, since they may mean either", () => {
    expect(accountTokens("SAM 0045 then 0190GBO", BJ).map((token) => [token.account, token.knownSite])).toEqual([
      ["0045THEN", true],
      ["0190GBO", true],
    ]);
  });

  it("it never throws, and its tokens lie in the text one after another", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
        let from = 0;
        for (const token of accountTokens(text, LS)) {
          const at = text.indexOf(token.raw, from);
          expect(at).toBeGreaterThanOrEqual(from);
          from = at + token.raw.length;
        }
      }),
    );
  });
});
