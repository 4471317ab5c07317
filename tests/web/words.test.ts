import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";

const WEB = fileURLToPath(new URL("../../web", import.meta.url));
const rooms = ["words", ...readdirSync(join(WEB, "pages")).map((page) => join("pages", page, "words"))];

async function wordsOf(room: string, language: string): Promise<Record<string, string>> {
  const file = pathToFileURL(join(WEB, room, `${language}.ts`)).href;
  return ((await import(file)) as { default: Record<string, string> }).default;
}
const blanks = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort();

describe.each(rooms)("the words of %s", (room) => {
  it.each(["fr", "st"])("are all there in %s, with the same blanks to fill", async (language) => {
    const english = await wordsOf(room, "en");
    const other = await wordsOf(room, language);
    expect(Object.keys(other).sort()).toEqual(Object.keys(english).sort());
    for (const [key, text] of Object.entries(english)) {
      expect(other[key]?.trim(), `${room} ${language} ${key}`).not.toBe("");
      expect(blanks(other[key] ?? ""), `${room} ${language} ${key}`).toEqual(blanks(text));
    }
  });
});

describe("a page", () => {
  it("has words of its own, and a name in the navigation", async () => {
    const shell = await wordsOf("words", "en");
    for (const page of readdirSync(join(WEB, "pages"))) {
      const files = readdirSync(join(WEB, "pages", page));
      if (!files.includes("page.tsx")) continue;
      expect(files, `${page} has no words`).toContain("words");
      expect(Object.keys(shell)).toContain(`page_${page}`);
    }
  });
});
