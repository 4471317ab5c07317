import { describe, expect, it } from "vitest";
import { ofOwnSite } from "../../workers/portal/acts.ts";

describe("what somebody bound to one site reads of a refusal", () => {
  it.each([
    ["meter 23099002 is on 0052MAS then or later", "MAK", "meter 23099002 is on an account elsewhere then or later"],
    ["meter 23099002 is on 0052MAK then or later", "MAK", "meter 23099002 is on 0052MAK then or later"],
    ["meter 23099002 is on 0052MAS then or later", null, "meter 23099002 is on 0052MAS then or later"],
  ])("%s, at %s: %s", (said, site, read) => expect(ofOwnSite(said, site)).toBe(read));
});
