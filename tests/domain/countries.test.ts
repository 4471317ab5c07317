import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { listOf } from "../../dev/country-list.ts";
import { checkCountries, countryFaults } from "../../src/domain/countries/check.ts";
import { FILES } from "../../src/domain/countries/index.ts";
import { COUNTRIES, countryOfSite } from "../../src/domain/country.ts";

const FOLDER = fileURLToPath(new URL("../../src/domain/countries", import.meta.url));
const { LS, BJ, ZM } = FILES;

describe("the files of the countries", () => {
  it("are right, and all of them are in the list", () => {
    expect(countryFaults(FILES)).toEqual([]);
    const list = readFileSync(`${FOLDER}/index.ts`, "utf8");
    expect(list, "run npm run countries").toBe(listOf(readdirSync(FOLDER), list));
  });

  it.each(Object.values(COUNTRIES))("say of $name by how much its zone is ahead, summer and winter", (country) => {
    const { timeZone, utcOffsetMinutes } = country;
    for (const month of [0, 6]) {
      const at = new Date(Date.UTC(2026, month, 15, 12));
      const wall = new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "medium" }).format(at);
      expect((Date.parse(`${wall.replace(" ", "T")}Z`) - at.getTime()) / 60_000).toBe(utcOffsetMinutes);
    }
  });

  it("name a site for one country only", () => {
    expect(countryOfSite("MAK")?.code).toBe("LS");
    expect(countryOfSite("FSI")?.code).toBe("LS");
    expect(countryOfSite("GBO")?.code).toBe("BJ");
    expect(countryOfSite("XYZ")).toBeNull();
  });
});

describe("a file that is wrong", () => {
  it.each<[change: object, says: string]>([
    [{ minorDigits: 3 }, "LS: minorDigits is 3, expected 0 or 2"],
    [{ currency: "Loti" }, 'LS: currency is "Loti", expected three capital letters (ISO 4217)'],
    [{ phone: { ...LS.phone, lengths: [0] } }, "LS: phone.lengths[0] is 0, expected a whole number from 4 to 12"],
    [{ defaultRateE4PerKwh: 0 }, `LS: defaultRateE4PerKwh is 0, expected a whole number from 1 to 9000000000000`],
    [{ features: { ...LS.features, relay: undefined } }, "LS: features.relay is missing, expected true or false"],
    [{ operators: ["mpesa", "orange"] }, 'LS: operators[1] is "orange", expected one of mpesa, ecocash, momo'],
    [
      { sites: [{ code: "MAK1", name: null, district: null }] },
      'LS: sites[0].code is "MAK1", expected three capital letters',
    ],
    [{ languages: [] }, "LS: languages[0] is missing, expected one of en, fr, st"],
    [{ timeZone: "+02:00" }, 'LS: timeZone is "+02:00", expected a zone of the IANA list, as Africa/Maseru'],
    [
      { lowBalance: { warnWh: 5_000, clearWh: 5_000 } },
      "LS: lowBalance.clearWh is 5000, expected more than warnWh, 5000",
    ],
    [{ code: "LE" }, 'LS: code is "LE", expected LS, as the list names it'],
    [
      { senders: { momo: ["MTN"] } },
      'LS: senders.momo is ["MTN"], expected an operator of the country: mpesa, ecocash',
    ],
    [{ box: { ...LS.box, south: 1, north: -1 } }, "LS: box.south is 1, expected less than north, -1"],
    [
      { phone: { ...LS.phone, groups: [4, 5] } },
      "LS: phone.groups is [4,5], expected the digits of a number: 8 and the trunk",
    ],
    [
      { phone: { ...LS.phone, renewals: [{ digits: 7, prefix: "22" }] } },
      'LS: phone.renewals[0] is {"digits":7,"prefix":"22"}, expected digits that are no length, and with the prefix are one: 8',
    ],
    [
      { caps: { ...LS.caps, accountDayMinorMax: 1 } },
      "LS: caps.accountDayMinorMax is 1, expected at least one payment's, 2000000",
    ],
  ])("with %j says which, what it is and what was expected", (change, says) => {
    expect(countryFaults({ ...FILES, LS: { ...LS, ...change } })).toContain(says);
  });

  it.each<[name: string, change: object, says: RegExp]>([
    ["another's site", { sites: [{ code: "GBO", name: null, district: null }] }, /^ZM: site GBO is there twice/],
    [
      "another's site of the past",
      { closedSites: ["KIT"] },
      /^ZM: site KIT is there twice, expected to be LS's alone$/,
    ],
    ["another's dial code", { dialCode: "26" }, /^ZM: dialCode is "26", expected none that LS's 266 begins with$/],
    [
      "another's currency with other decimals",
      { currency: "XOF" },
      /^ZM: minorDigits is 2, expected those of XOF in BJ$/,
    ],
  ])("that claims %s is refused", (_, change, says) => {
    const faults = countryFaults({ ...FILES, ZM: { ...ZM, ...change } });
    expect(faults.filter((fault) => says.test(fault))).not.toEqual([]);
  });

  it("that names another's organisation at a vendor is refused", () => {
    const koios = { firstWebPage: 1, oldName: null, organisations: ["org-1"] };
    const faults = countryFaults({ ...FILES, BJ: { ...BJ, vendors: { koios } }, ZM: { ...ZM, vendors: { koios } } });
    expect(faults).toEqual(["ZM: vendor organisation koios org-1 is there twice, expected to be BJ's alone"]);
  });

  it("with a field that nobody knows is refused, so that a misspelt switch is not simply off", () => {
    expect(countryFaults({ ...FILES, LS: { ...LS, feature: {} } }).join()).toContain("expected no field feature");
  });

  it("stops whatever loads it, with all that is wrong", () => {
    const wrong = { ...FILES, LS: { ...LS, name: "", dialCode: "+266" } };
    expect(() => checkCountries(wrong)).toThrow(
      'src/domain/countries is wrong:\nLS: name is "", expected text of 1 to 60 letters\nLS: dialCode is "+266", expected 1 to 3 digits without +',
    );
  });
});
