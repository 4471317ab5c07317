import { describe, expect, it } from "vitest";
import { countriesOf, workerPorts, worldPorts } from "../dev/countries.ts";

const KNOWN = ["LS", "BJ", "ZM", "XA", "XB", "XC", "XD", "XE", "XF", "XG"];

describe("the countries of a local world", () => {
  it.each`
    text              | countries
    ${"LS,BJ,ZM"}     | ${["LS", "BJ", "ZM"]}
    ${"zm"}           | ${["ZM"]}
    ${" bj , ls "}    | ${["LS", "BJ"]}
    ${"LS,ls,LS,BJ,"} | ${["LS", "BJ"]}
  `("are read from $text", ({ text, countries }) => {
    expect(countriesOf(text)).toEqual(countries);
  });

  it.each(["XX", "LS,XX", "LS BJ", "constructor"])("refuses %s and says what there is", (text) => {
    expect(() => countriesOf(text)).toThrow(
      `--countries: there is no country ${text.split(",").pop()?.toUpperCase()}; name some of LS,BJ,ZM`,
    );
  });

  it.each(["", " ", ","])("refuses %j, which names none", (text) => {
    expect(() => countriesOf(text)).toThrow(/names none; name some of LS,BJ,ZM/);
  });

  it("keeps each Worker's port, whichever others run", () => {
    expect(KNOWN.slice(0, 4).map((country) => workerPorts(8787, country, KNOWN))).toEqual([
      { port: 8787, inspectorPort: 8817 },
      { port: 8788, inspectorPort: 8818 },
      { port: 8789, inspectorPort: 8819 },
      { port: 8791, inspectorPort: 8820 },
    ]);
  });

  it("gives no port to two", () => {
    const workers = KNOWN.slice(0, 9).flatMap((country) => Object.values(workerPorts(1_000, country, KNOWN)));
    const ports = [...workers, ...Object.values(worldPorts(1_000))];
    expect(new Set(ports).size).toBe(ports.length);
  });

  it.each(["XG", "YY"])("has no port for %s: too many, or unknown", (country) => {
    expect(() => workerPorts(8787, country, KNOWN)).toThrow(`no port is kept for the Worker of ${country}`);
  });
});
