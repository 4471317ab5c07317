import { spawnSync } from "node:child_process";
import { expect, it } from "vitest";
import { elsewhere } from "../dev/ops-staff.ts";

const run = (...args: string[]) => {
  const { stdout, stderr } = spawnSync(process.execPath, ["dev/ops.ts", ...args], { encoding: "utf8" });
  return stdout + stderr;
};

it("takes every flag that the commands about staff name", () => {
  const lines = run("staff:list", "--help").split("\n");
  const named = lines
    .filter((line) => line.startsWith("npm run staff:"))
    .flatMap((line) => line.match(/--[a-z-]{2,}/g));
  const flags = [...new Set(named)].filter((flag) => flag !== "--env").map((flag) => `${flag}=x`);
  expect(flags).toContain("--elsewhere=x");
  // An address that is none ends it, and before that a flag that is not known.
  const nowhere = ["staff:list", "--env=xx"];
  expect(run(...nowhere, "--nowhere=x")).toContain("Unknown option '--nowhere'");
  expect(run(...nowhere, ...flags)).not.toContain("Unknown option");
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
