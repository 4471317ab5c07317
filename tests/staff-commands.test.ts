import { expect, it } from "vitest";
import { typedFlags } from "../dev/command.ts";
import { elsewhere, STAFF_COMMANDS } from "../dev/ops-staff.ts";

it("takes every flag that the commands about staff name", () => {
  const named = Object.values(STAFF_COMMANDS).flatMap(({ help }) => help.match(/--[a-z-]{2,}/g) ?? []);
  const flags = [...new Set(named)].map((flag) => `${flag}=x`);
  expect(flags).toContain("--elsewhere=x");
  expect(() => typedFlags(["--nowhere=x"])).toThrow("Unknown option '--nowhere'");
  for (const flag of flags) expect(() => typedFlags([flag]), flag).not.toThrow("Unknown option");
});

it.each([
  [undefined, {}],
  ["none", { grants: [] }],
  ["bj:field_registrar@gbo", { grants: [{ country: "BJ", roles: ["field_registrar"], site: "GBO" }] }],
  [
    "BJ:generic+onm_team,ZM:none",
    {
      grants: [
        { country: "BJ", roles: ["generic", "onm_team"], site: null },
        { country: "ZM", roles: [], site: null },
      ],
    },
  ],
] as const)("reads what somebody may elsewhere: %s", (said, grants) => {
  expect(elsewhere({ elsewhere: said })).toEqual(grants);
});

it.each(["BJ", "BJ:", "Benin:generic", "BJ:generic@G", "BJ generic"])(
  "refuses %s and says how it is written",
  (said) => {
    expect(() => elsewhere({ elsewhere: said })).toThrow("expected a country and its roles, as BJ:field_registrar@GBO");
  },
);
