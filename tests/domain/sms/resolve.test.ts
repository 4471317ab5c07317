import { describe, expect, it } from "vitest";
import { COUNTRIES, type CountryCode } from "../../../src/domain/country.ts";
import { parseSms } from "../../../src/domain/sms/parse.ts";
import type { ParsedPayment } from "../../../src/domain/sms/parsed.ts";
import { type ResolveFacts, resolveAccount, tokensOf } from "../../../src/domain/sms/resolve.ts";
import { ECOCASH_SAMPLES, MOMO_SAMPLES, MPESA_SAMPLES } from "./samples.ts";

function paymentOf(text: string, country: CountryCode = "LS"): ParsedPayment {
  const parsed = parseSms(text, "x", COUNTRIES[country]);
  if (parsed.kind !== "payment") throw new Error(`not a payment: ${text}`);
  return parsed;
}

/** A payment whose remark and reference are as given, put to accounts whose status is as given. */
function resolve(said: { remark?: string; reference?: string }, facts: Partial<ResolveFacts> = {}) {
  const payment = { ...paymentOf("6AB11C22DE Confirmed. M2.00 received from 26650000101."), ...said };
  const { remark, text } = tokensOf(payment, COUNTRIES.LS);
  const existing = { "0045MAK": "live", "0046MAS": "live", "0047TOS": "terminated", "0048SEB": "postpaid" } as const;
  return resolveAccount({
    remarkTokens: remark,
    textTokens: text,
    existing,
    aliasAccount: null,
    payerAccounts: null,
    ...facts,
  });
}

const live = (account: string) => ({ account, status: "live" as const });

describe("tokensOf", () => {
  const named = (name: string) => {
    const sample = [...MPESA_SAMPLES, ...ECOCASH_SAMPLES, ...MOMO_SAMPLES].find((found) => found.name === name);
    if (sample?.want.kind !== "payment") throw new Error(`no payment sample ${name}`);
    const { remark, text, alias } = tokensOf(sample.want, COUNTRIES[sample.country]);
    return { remark: remark.map((token) => token.account), text: text.map((token) => token.account), alias };
  };

  it.each([
    ["M1", [], [], "415000084"],
    ["the 2018 shape, whose reference is an old channel id", [], [], "315103084"],
    ["M2", [], ["0252SHG"], null],
    ["M3", [], ["0065MAS"], null],
    ["M4", ["0252SHG"], [], "516000021"],
    ["M5", ["0252SHG"], [], null],
    ["M6", [], ["1101MAS", "1101HH"], null],
    ["M7", [], [], null],
    ["M8", [], [], null],
    ["M10", ["0007MAT"], [], null],
    ["E1", [], ["0119MAT"], null],
    ["E2", [], ["0119MAT"], null],
    ["E3", [], ["0155KET"], null],
    ["E4", [], ["0007MAT"], null],
    ["E5", ["1234MAT"], [], null],
    ["E6", ["0100MAT"], [], null],
    ["E7", ["0200MAT"], [], null],
    ["E8", ["0046MAT"], [], "1133557799"],
    ["E9", [], [], null],
    ["B1", [], [], null],
    ["B2", [], [], null],
    ["B3", ["0123GBO"], [], null],
    ["B4", ["0045SAM"], [], null],
    ["B5", ["0045SAM"], [], null],
    ["B6", ["0190GBO"], [], null],
    ["B7", ["0201GBO"], [], null],
    ["B8 with a comma", [], [], null],
  ])("it finds in %s: remark %j, text %j, alias %s", (name, remark, text, alias) => {
    expect(named(name)).toEqual({ remark, text, alias });
  });

  it("it overlooks no account that stands without a label", () => {
    const tokens = tokensOf(paymentOf("M25.00 received from 26650000108. 0045MAK"), COUNTRIES.LS);
    expect(tokens.text.map((token) => token.account)).toEqual(["0045MAK"]);
  });
});

describe("resolveAccount", () => {
  it.each([
    [{ remark: "0045MAK" }, {}, "0045MAK", "remark"],
    [{ remark: "0045 mak", reference: "0045MAK" }, {}, "0045MAK", "remark"],
    [{ reference: "0045mak" }, {}, "0045MAK", "text"],
    [{ reference: "MAK0045" }, {}, "0045MAK", "text"],
    [{ reference: "0048SEB" }, {}, "0048SEB", "text"],
    [{ reference: "0045MAK 100 bags" }, {}, "0045MAK", "text"],
    [{ remark: "0045MAK", reference: "516000021" }, { aliasAccount: "0046MAS" }, "0045MAK", "remark"],
    [{ remark: "0045MAK" }, { payerAccounts: [live("0046MAS")] }, "0045MAK", "remark"],
    [{ reference: "415000084" }, { aliasAccount: "0045MAK" }, "0045MAK", "alias"],
    [{ reference: "415000084" }, { aliasAccount: "0045MAK", payerAccounts: [live("0046MAS")] }, "0045MAK", "alias"],
    [{ reference: "415000084" }, { payerAccounts: [live("0046MAS")] }, "0046MAS", "phone"],
    [{}, { payerAccounts: [live("0046MAS")] }, "0046MAS", "phone"],
    [{}, { payerAccounts: [live("0046MAS"), { account: "0047TOS", status: "terminated" }] }, "0046MAS", "phone"],
    [{}, { payerAccounts: [live("0046MAS"), live("0046MAS")] }, "0046MAS", "phone"],
  ] as [object, Partial<ResolveFacts>, string, string][])(
    "it gives %j with %j to %s by %s",
    (said, facts, account, by) => {
      expect(resolve(said, facts)).toEqual({ kind: "account", account, by });
    },
  );

  it.each([
    [{ reference: "0045SEM" }, {}, "wrong_token", []],
    [{ reference: "9999MAK" }, { payerAccounts: [live("0046MAS")] }, "wrong_token", ["0046MAS"]],
    [{ reference: "9999MAK" }, { aliasAccount: "0046MAS" }, "wrong_token", []],
    [{ remark: "0045MAK", reference: "9999MAS" }, {}, "wrong_token", ["0045MAK"]],
    [{ remark: "0045MAK", reference: "0046MAS" }, {}, "two_accounts", ["0045MAK", "0046MAS"]],
    [{ reference: "0045MAK and 0046MAS" }, {}, "two_accounts", ["0045MAK", "0046MAS"]],
    [{ reference: "0045MAK 0047TOS" }, {}, "two_accounts", ["0045MAK", "0047TOS"]],
    [{ reference: "plot 0045 MAK" }, {}, "plot_number", ["0045MAK"]],
    [{ reference: "plot 1101 MAS 1101 HH" }, { payerAccounts: [live("0046MAS")] }, "plot_number", ["0046MAS"]],
    [{ reference: "0047TOS" }, { payerAccounts: [live("0045MAK")] }, "terminated_account", ["0047TOS", "0045MAK"]],
    [{ reference: "415000084" }, { aliasAccount: "0047TOS" }, "terminated_account", ["0047TOS"]],
    [{}, { payerAccounts: [{ account: "0047TOS", status: "terminated" }] }, "terminated_account", ["0047TOS"]],
    [{}, { payerAccounts: [live("0045MAK"), live("0046MAS")] }, "phone_shared", ["0045MAK", "0046MAS"]],
    [{}, { payerAccounts: [] }, "no_account_token", []],
    [{}, { payerAccounts: null }, "no_account_token", []],
    [{ reference: "electricity" }, { payerAccounts: [] }, "no_account_token", []],
    [{ reference: "415000084" }, { payerAccounts: [] }, "no_account_token", []],
  ] as [object, Partial<ResolveFacts>, string, string[]][])(
    "it holds %j with %j: %s, hints %j",
    (said, facts, because, accounts) => {
      expect(resolve(said, facts)).toMatchObject({ kind: "suspense", because, hints: { accounts } });
    },
  );

  it("it takes no status from words that every object carries", () => {
    expect(resolve({}, { aliasAccount: "constructor" })).toMatchObject({ kind: "account", by: "alias" });
  });
});
