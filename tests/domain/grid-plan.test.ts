import { describe, expect, it } from "vitest";
import {
  GPS_METRES_MAX,
  matchConnections,
  type PlanAccount,
  type PlanConnection,
} from "../../src/domain/grid-plan/match.ts";
import { metresBetween, readPlace } from "../../src/domain/grid-plan/place.ts";
import { projectOfSite } from "../../src/domain/grid-plan/project.ts";

const LESOTHO = { south: -30.7, north: -28.5, west: 27, east: 29.5 };
const HOME = { latitude: -29.5, longitude: 28.5 };
/** So many metres to the north. */
const north = (metres: number) => ({ ...HOME, latitude: HOME.latitude + metres / 111_195 });

describe("a place", () => {
  it("is so many metres from another", () => {
    expect(metresBetween(HOME, HOME)).toBe(0);
    expect(metresBetween(HOME, north(50))).toBeCloseTo(50, 1);
    // Maseru to Cotonou, and over the date line.
    expect(
      metresBetween({ latitude: -29.31, longitude: 27.48 }, { latitude: 6.37, longitude: 2.43 }) / 1_000,
    ).toBeCloseTo(4_780, -2);
    expect(metresBetween({ latitude: 0, longitude: 179.9995 }, { latitude: 0, longitude: -179.9995 })).toBeCloseTo(
      111.2,
      0,
    );
  });

  it("is read with X as the longitude and Y as the latitude, as numbers or as text", () => {
    expect(readPlace(28.5, -29.5, LESOTHO)).toEqual({ ok: true, value: HOME });
    expect(readPlace("28.5", " -29.5 ", LESOTHO)).toEqual({ ok: true, value: HOME });
  });

  it.each([
    [null, null],
    ["", ""],
    [0, 0],
    ["none", undefined],
  ])("of %s and %s is none", (x, y) => expect(readPlace(x, y, LESOTHO)).toEqual({ ok: true, value: null }));

  it.each([
    [-29.5, 28.5, "GPS_X", /exchanged/],
    [28.5, 29.5, "GPS_X", /latitude -30.7 to -28.5/],
    [28.5, null, "GPS_Y", /a latitude/],
    [null, -29.5, "GPS_X", /a longitude/],
    [28.5, -129.5, "GPS_Y", /-90 to 90/],
    [428.5, -29.5, "GPS_X", /-180 to 180/],
  ])("of X %s and Y %s is refused at %s", (x, y, field, expected) =>
    expect(readPlace(x, y, LESOTHO)).toMatchObject({
      ok: false,
      error: { field, expected: expect.stringMatching(expected) },
    }),
  );
});

describe("the project of a site", () => {
  const project = (code: string, name = "") => ({ code, name });
  const named = (site: { code: string; name: string }, ...projects: { code: string; name: string }[]) =>
    projectOfSite(site, projects).project?.code ?? null;
  const MAK = { code: "MAK", name: "Ha Makebe" };

  it.each([
    ["its code", project("MAK"), true],
    ["its code in small letters", project("mak"), true],
    ["its code as a word of the project's", project("MAK_minigrid"), true],
    ["its name as whole words", project("P1", "Ha Makebe minigrid 2025"), true],
    ["its name with accents", project("P1", "Hà Makebé"), true],
    ["a part of a word", project("MAKA"), false],
    ["a part of a word of the name", project("P1", "Hamakebe"), false],
    ["half its name", project("P1", "Makebe"), false],
    ["no code at all", project("", ""), false],
  ])("is found by %s: %o", (_, candidate, isFound) =>
    expect(named(MAK, candidate)).toBe(isFound ? candidate.code : null),
  );

  it("is not one whose name merely has the letters in it", () =>
    expect(named({ code: "SIN", name: "Sin" }, project("P1", "Basin north"), project("sin-old", "Business"))).toBe(
      "sin-old",
    ));

  it("is the nearer rung's, and nobody's where two are as near", () => {
    expect(named(MAK, project("P1", "Ha Makebe"), project("MAK"))).toBe("MAK");
    const two = projectOfSite(MAK, [project("MAK_minigrid"), project("MAK_ci")]);
    expect([two.project, two.candidates.length]).toEqual([null, 2]);
  });
});

describe("whose a connection is", () => {
  const connection = (surveyId: string, over: Partial<PlanConnection> = {}): PlanConnection => ({
    ...{ surveyId, customerCode: "", place: null },
    ...over,
  });
  const account = (number: string, plotNumber: string | null, over: Partial<PlanAccount> = {}): PlanAccount => ({
    ...{ account: number, plotNumber, place: null },
    ...over,
  });
  const matched = (connections: PlanConnection[], accounts: PlanAccount[]) => {
    const found = matchConnections(connections, accounts);
    return {
      pairs: found.matches.map((each) => `${each.connection.surveyId} ${each.account.account} ${each.by}`),
      connections: found.connections.map((each) => `${each.connection.surveyId} ${each.reason}`),
      accounts: found.accounts.map((each) => `${each.account.account} ${each.reason}`),
    };
  };

  it("is said by the customer code first, whatever the survey says", () =>
    expect(
      matched(
        [connection("MAK 0047 HH", { customerCode: " 0045mak " })],
        [account("0045MAK", null), account("0047MAK", "MAK 0047 HH")],
      ).pairs,
    ).toEqual(["MAK 0047 HH 0045MAK customer_code"]));

  it("is said by the survey's id, however it is spaced", () =>
    expect(matched([connection("MAK 0047 HH")], [account("0001MAK", "mak-0047-hh")]).pairs).toEqual([
      "MAK 0047 HH 0001MAK survey_id",
    ]));

  it("is said by site and number where only one is there, and by nothing where two are", () => {
    expect(matched([connection("MAK 0047 HH")], [account("0001MAK", "MAK 47 HH2")]).pairs).toEqual([
      "MAK 0047 HH 0001MAK prefix",
    ]);
    expect(
      matched([connection("MAK 0047 HH")], [account("0001MAK", "MAK 47 HH2"), account("0002MAK", "MAK 47 SME")]),
    ).toEqual({
      pairs: [],
      connections: ["MAK 0047 HH ambiguous"],
      accounts: ["0001MAK ambiguous", "0002MAK ambiguous"],
    });
  });

  it("is not taken from the one whose name is exact by one that is only alike", () =>
    expect(
      matched(
        [connection("MAK 0047 HH"), connection("MAK 0047 SME")],
        [account("0001MAK", "MAK 0047 HH"), account("0002MAK", "MAK 47")],
      ).pairs,
    ).toEqual(["MAK 0047 HH 0001MAK survey_id", "MAK 0047 SME 0002MAK prefix"]));

  it.each([
    [GPS_METRES_MAX - 1, true],
    [GPS_METRES_MAX + 1, false],
  ])("is said by the place %d metres away: %s", (metres, isPaired) =>
    expect(
      matched([connection("A 1", { place: HOME })], [account("0001MAK", null, { place: north(metres) })]).pairs.length,
    ).toBe(Number(isPaired)),
  );

  it("is nobody's by the place where it has a code that we do not know: it is somebody's already", () =>
    expect(
      matched(
        [connection("A 1", { place: HOME, customerCode: "9999MAK" })],
        [account("0001MAK", null, { place: HOME })],
      ),
    ).toEqual({ pairs: [], connections: ["A 1 unknown_customer_code"], accounts: ["0001MAK no_plot_number"] }));

  it("is not guessed by the place where two houses are near, nor where names left it open", () => {
    const two = [account("0001MAK", null, { place: north(10) }), account("0002MAK", null, { place: north(20) })];
    expect(matched([connection("A 1", { place: HOME })], two).pairs).toEqual([]);
    const doubtful = [account("0001MAK", "MAK 47 HH2", { place: HOME }), account("0002MAK", "MAK 47 SME")];
    expect(matched([connection("MAK 0047 HH", { place: HOME })], doubtful).pairs).toEqual([]);
  });

  it("does not hang on the order of the lists", () => {
    const connections = [
      connection("MAK 0001 HH", { place: HOME }),
      connection("MAK 0002 HH"),
      connection("X", { customerCode: "0003MAK" }),
      connection("Y", { place: north(5_000) }),
    ];
    const accounts = [
      account("0001MAK", null, { place: north(10) }),
      account("0002MAK", "MAK 2"),
      account("0003MAK", "MAK 0001 HH"),
      account("0004MAK", null, { place: north(5_020) }),
    ];
    const once = matched(connections, accounts).pairs.toSorted();
    expect(once).toEqual([
      "MAK 0001 HH 0001MAK gps",
      "MAK 0002 HH 0002MAK prefix",
      "X 0003MAK customer_code",
      "Y 0004MAK gps",
    ]);
    expect(matched(connections.toReversed(), accounts.toReversed()).pairs.toSorted()).toEqual(once);
  });

  it("is told with why not", () =>
    expect(
      matched(
        [connection(""), connection("B 1", { customerCode: "0009MAK" }), connection("MAK 9 HH")],
        [account("0001MAK", null), account("0002MAK", "MAK 8")],
      ),
    ).toEqual({
      pairs: [],
      connections: [" no_survey_id", "B 1 unknown_customer_code", "MAK 9 HH no_account"],
      accounts: ["0001MAK no_plot_number", "0002MAK plot_not_planned"],
    }));
});
