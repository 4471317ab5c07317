import { expect, it } from "vitest";
import { oldAccount, oldMeter, siteOfAccount } from "../../../src/domain/moving-in/names.ts";

it.each([
  ["0020MAk", "0020MAK"],
  [" 0020mak ", "0020MAK"],
  ["0020 MAK", "0020MAK"],
  ["smrsd-99-0001740e", "SMRSD-99-0001740E"],
  ["5001MTK", "5001MTK"],
  [null, null],
])("the account %s is %s", (text, account) => expect(oldAccount(text)).toBe(account));

it.each([
  ["000023097965", "23097965"],
  [" 23097965 ", "23097965"],
  ["0", "0"],
  ["000", "0"],
  ["0A12", "0A12"],
  ["SMRSD-99-000A3335", "SMRSD-99-000A3335"],
  [null, null],
])("the meter %s is %s", (text, meter) => expect(oldMeter(text)).toBe(meter));

it("an account's site is its last three letters", () => expect(siteOfAccount("0020MAK")).toBe("MAK"));
