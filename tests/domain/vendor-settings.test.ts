import { describe, expect, it } from "vitest";
import { COUNTRIES } from "../../src/domain/country.ts";
import { foreignVendors, pairOf, unnamedOrganisations, vendorFaults } from "../../src/domain/vendor-settings.ts";

describe("a key of a vendor", () => {
  it.each([
    ["id:secret", { id: "id", secret: "secret" }],
    // As they were found in the old environment files, where a shell ate them.
    ["id:a#b)c&d e:f", { id: "id", secret: "a#b)c&d e:f" }],
    ["someone@example.test:p:w", { id: "someone@example.test", secret: "p:w" }],
    ["id:", null],
    [":secret", null],
    ["secret", null],
    ["id:se\ncret", null],
    ["", null],
  ])("%j is read to the letter", (text, pair) => expect(pairOf(text)).toEqual(pair));
});

describe("the settings of a vendor", () => {
  const koios = { KOIOS_URL: "https://koios.test", KOIOS_ORG: "org", KOIOS_READ_KEY: "id:s" };
  it.each<[string, Record<string, string>, string[]]>([
    ["none: this country does not have it", {}, []],
    ["empty ones, as an unset secret", { KOIOS_URL: "", KOIOS_ORG: "" }, []],
    ["what is needed", koios, []],
    [
      "all",
      {
        ...koios,
        KOIOS_WRITE_KEY: "a:b",
        KOIOS_WEB_LOGIN: "c:d",
        STEAMA_URL: "http://127.0.0.1:1",
        STEAMA_LOGIN: "u:p",
      },
      [],
    ],
    ["half of them", { KOIOS_URL: "https://koios.test" }, ["KOIOS_ORG is missing", "KOIOS_READ_KEY is missing"]],
    [
      "a write key alone",
      { KOIOS_WRITE_KEY: "a:b" },
      ["KOIOS_URL is missing", "KOIOS_ORG is missing", "KOIOS_READ_KEY is missing"],
    ],
    ["a key that is no pair", { ...koios, KOIOS_WRITE_KEY: "abc" }, ["KOIOS_WRITE_KEY must hold id:secret"]],
    [
      "an address with a path",
      { ...koios, KOIOS_URL: "https://koios.test/api" },
      ["KOIOS_URL must be an origin, as https://vendor.example"],
    ],
    [
      "an address that carries a login",
      { ...koios, KOIOS_URL: "https://a:b@koios.test" },
      ["KOIOS_URL must be an origin, as https://vendor.example"],
    ],
    ["no login where one is needed", { STEAMA_URL: "https://steama.test" }, ["STEAMA_LOGIN is missing"]],
  ])("%s", (_, settings, faults) => expect(vendorFaults(settings)).toEqual(faults));

  it("never say a value", () => {
    expect(vendorFaults({ KOIOS_READ_KEY: "burning-secret", KOIOS_URL: "burning secret" }).join()).not.toContain(
      "burning",
    );
  });
});

describe("an organisation at a vendor", () => {
  const at = (url: string, org = "org-1") => ({ KOIOS_URL: url, KOIOS_ORG: org, KOIOS_READ_KEY: "id:s" });
  const naming = (...organisations: string[]) => ({
    ...COUNTRIES.LS,
    vendors: { koios: { firstWebPage: 1 as const, oldName: null, organisations } },
  });

  it.each([
    ["that the file names", "https://vendor.org", ["org-1"], []],
    [
      "where the file names none yet",
      "https://vendor.org",
      [],
      ["KOIOS_ORG is set, and the file of Lesotho names no organisation at koios yet: add it there first"],
    ],
    ["that the file does not name", "https://vendor.org", ["org-2"], ["KOIOS_ORG is none of Lesotho's: org-2"]],
    ["of a simulator on this machine", "http://127.0.0.1:4000", [], []],
    ["at a name that nobody has", "https://koios.test", [], []],
    [
      "at a name that only looks like one that nobody has",
      "https://koios.test.vendor.org",
      [],
      ["KOIOS_ORG is set, and the file of Lesotho names no organisation at koios yet: add it there first"],
    ],
  ])("%s", (_, url, named, faults) => {
    expect(foreignVendors(at(url), naming(...named))).toEqual(faults);
  });

  it("is refused before a delivery by its name alone, where the file names none", () => {
    expect(unnamedOrganisations((name) => name === "KOIOS_ORG", naming())).toHaveLength(1);
    expect(unnamedOrganisations((name) => name === "KOIOS_ORG", naming("org-1"))).toEqual([]);
    expect(unnamedOrganisations(() => false, naming())).toEqual([]);
  });
});
