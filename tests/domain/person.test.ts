import { describe, expect, it } from "vitest";
import { isSamePerson } from "../../src/domain/person.ts";
import { PERSON_CASES } from "./person-cases.ts";

describe("who is a second person", () => {
  it.each(PERSON_CASES)("$why: $same", ({ one, other, same }) => {
    expect([isSamePerson(one, other), isSamePerson(other, one)]).toEqual([same, same]);
  });

  it("is nobody whom nobody named", () => {
    expect([isSamePerson(null, null), isSamePerson(null, "Thabo"), isSamePerson("Thabo", null)]).toEqual([
      false,
      false,
      false,
    ]);
  });
});
