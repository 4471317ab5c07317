import { describe, expect, it } from "vitest";
import { classifyMessage, isSameThread, languageOf } from "../../src/domain/classify-message.ts";

describe("a customer's message", () => {
  it.each`
    text                                                       | category               | ticket
    ${"Hello, there is NO POWER in our house since yesterday"} | ${"no-power"}          | ${true}
    ${"we are in the dark"}                                    | ${"no-power"}          | ${true}
    ${"Lumela, ha ho motlakase ha ka"}                         | ${"no-power"}          | ${true}
    ${"motlakase o tsamaile maobane"}                          | ${"no-power"}          | ${true}
    ${"Bonjour, il n’y a pas de courant chez nous"}            | ${"no-power"}          | ${true}
    ${"plus d'électricité depuis ce matin"}                    | ${"no-power"}          | ${true}
    ${"There are sparks from the pole and no power"}           | ${"equipment-failure"} | ${true}
    ${"mosi o tsoa mithareng"}                                 | ${"equipment-failure"} | ${true}
    ${"Le câble tombé fait des étincelles"}                    | ${"equipment-failure"} | ${true}
    ${"somebody stole the wire"}                               | ${"vandalism"}         | ${true}
    ${"ba utsoitse mohala"}                                    | ${"vandalism"}         | ${true}
    ${"A tree leans on the line"}                              | ${"vegetation"}        | ${true}
    ${"sefate se holim'a terata"}                              | ${"vegetation"}        | ${true}
    ${"The display of my meter is blank"}                      | ${"meter-issue"}       | ${true}
    ${"mithara ea ka e senyehile"}                             | ${"meter-issue"}       | ${true}
    ${"mon compteur ne marche pas"}                            | ${"meter-issue"}       | ${true}
    ${"I paid M50 and got nothing"}                            | ${"billing"}           | ${false}
    ${"ke lefile empa ha ke so fumane"}                        | ${"billing"}           | ${false}
    ${"J'ai payé hier"}                                        | ${"billing"}           | ${false}
    ${"ke kopa ho hokeloa"}                                    | ${"installation"}      | ${true}
    ${"je veux un raccordement"}                               | ${"installation"}      | ${true}
    ${"I want to complain"}                                    | ${"complaint"}         | ${true}
    ${"ke na le tletlebo"}                                     | ${"complaint"}         | ${true}
    ${"Good morning"}                                          | ${"general-inquiry"}   | ${false}
    ${"The power is back, thank you"}                          | ${"general-inquiry"}   | ${false}
    ${"motlakase o khutlile, kea leboha"}                      | ${"general-inquiry"}   | ${false}
    ${"le courant est revenu mais il y a de la fumée"}         | ${"equipment-failure"} | ${true}
    ${""}                                                      | ${"general-inquiry"}   | ${false}
  `("$text: $category, a ticket $ticket", ({ text, category, ticket }) => {
    const classified = classifyMessage(text);
    expect([classified.category, classified.needsTicket]).toEqual([category, ticket]);
  });

  it("is read by whole words at their beginning: a street is no tree", () => {
    expect(classifyMessage("we live in Main Street").category).toBe("general-inquiry");
  });

  it("never makes a ticket of money by itself, however urgent it sounds", () => {
    for (const text of ["URGENT refund my money now", "chelete ea ka e kae", "remboursez mon argent"])
      expect(classifyMessage(text)).toMatchObject({ category: "billing", needsTicket: false });
  });

  it.each`
    text                         | language
    ${"Lumela, ha ho motlakase"} | ${"st"}
    ${"Bonjour, pas de courant"} | ${"fr"}
    ${"Hello, the power is out"} | ${"en"}
    ${"0045MAK"}                 | ${null}
  `("in $language: $text", ({ text, language }) => {
    expect(languageOf(text)).toBe(language);
  });
});

describe("a thread", () => {
  const AT = Date.parse("2026-11-29T12:00:00Z");
  it.each`
    minutes | isResolved | same     | why
    ${1}    | ${false}   | ${true}  | ${"a minute later"}
    ${30}   | ${false}   | ${true}  | ${"half an hour later"}
    ${31}   | ${false}   | ${false} | ${"a minute too late"}
    ${-5}   | ${false}   | ${true}  | ${"a message that was overtaken"}
    ${5}    | ${true}    | ${false} | ${"the ticket is resolved by now"}
  `("goes on: $same, $why", ({ minutes, isResolved, same }) => {
    expect(isSameThread({ at: AT, isResolved }, AT + minutes * 60_000)).toBe(same);
  });
  it("does not go on where nothing came before", () => expect(isSameThread(null, AT)).toBe(false));
});
