import { describe, expect, it } from "vitest";
import { smsWish } from "../../src/domain/sms-wish.ts";

describe("a wish by SMS", () => {
  it.each([
    ["SESOTHO", { about: "language", language: "st" }],
    ["English please", { about: "language", language: "en" }],
    ["FRANÇAIS", { about: "language", language: "fr" }],
    ["langue francais svp", { about: "language", language: "fr" }],
    ["Puo: Sesotho", { about: "language", language: "st" }],
    ["STOP", { about: "campaigns", wanted: false }],
    ["Arrêt", { about: "campaigns", wanted: false }],
    ["emisa ka kopo", { about: "campaigns", wanted: false }],
    ["start", { about: "campaigns", wanted: true }],
    ["stop the noise of the meter", null],
    ["I speak English and have no power", null],
    ["", null],
  ])("%j: %j", (text, wish) => {
    expect(smsWish(text)).toEqual(wish);
  });
});
