import { describe, expect, it } from "vitest";
import { aboutLetter, roadOf } from "../../src/domain/dead-letter.ts";

describe("a message that a queue gave up on", () => {
  it.each([
    [{ object: "till", name: "ls-till-north" }, "copy", "till:ls-till-north"],
    [{ kind: "stored", phoneId: "ls-north-a", forwardId: 7 }, "forward", "ls-north-a:7"],
    [{ kind: "poll", phoneId: "ls-north-a", method: "GET" }, "forward", "ls-north-a"],
    [{ site: "KET", day: "2026-11-03", source: "koios", freshAt: null }, "import", "KET 2026-11-03 koios"],
    [{ job: "heads", page: null }, "job", "heads"],
    [{ job: "heads" }, null, ""],
    [{ something: 1 }, null, ""],
    ["text", null, ""],
    [null, null, ""],
  ])("%j goes by %s", (body, road, about) => {
    expect(roadOf(body)).toBe(road);
    expect(aboutLetter(body)).toBe(about);
  });
});
