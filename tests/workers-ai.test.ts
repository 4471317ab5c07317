import { describe, expect, it } from "vitest";
import { workersAi } from "../src/adapters/workers-ai.ts";

const URL_OF = "https://api.cloudflare.com/client/v4/accounts/a/ai/run/@cf/a/model";

/** A model that answers so, and what it was asked. */
function model(answer: () => Response | Promise<Response>) {
  const asked: { url: string; token: string | null; body: string }[] = [];
  const ask: typeof fetch = async (url, init) => {
    const token = new Headers(init?.headers).get("Authorization");
    asked.push({ url: String(url), token, body: String(init?.body) });
    return answer();
  };
  return { asked, classify: workersAi({ url: URL_OF, token: "t" }, ask).classify };
}
const says = (response: unknown) => model(() => Response.json({ result: { response }, success: true }));

describe("the model of a country that has one", () => {
  it("says a category, as an object or as its text", async () => {
    expect(await says({ category: "meter-issue" }).classify("the box hums")).toEqual({ category: "meter-issue" });
    expect(await says('{"category":"meter-issue"}').classify("the box hums")).toEqual({ category: "meter-issue" });
  });

  it("is asked at its address with its key, about categories without money, and told no number of anybody", async () => {
    const { asked, classify } = says({ category: "complaint" });
    await classify("call 5000 0101 or +266 5000-0102 about 0045MAK and QK7");
    expect(asked).toMatchObject([{ url: URL_OF, token: "Bearer t" }]);
    const body = asked[0]?.body ?? "";
    expect(body).not.toMatch(/5000|0101|0045/);
    expect(body).toContain("about #MAK");
    expect(body).not.toContain("billing");
  });

  it("is told the beginning of a long message alone", async () => {
    const { asked, classify } = says({ category: "complaint" });
    await classify(`${"a".repeat(5_000)}end`);
    expect(asked[0]?.body).not.toContain('end"');
    expect(asked[0]?.body.length).toBeLessThan(3_000);
  });

  it.each<[string, () => Response | Promise<Response>]>([
    ["refuses our key", () => Response.json({ success: false }, { status: 401 })],
    ["has too much to do", () => new Response("busy", { status: 429 })],
    ["leads elsewhere", () => new Response(null, { status: 302, headers: { Location: "https://elsewhere.example/" } })],
    ["answers a page", () => new Response("<html>")],
    ["answers prose", () => Response.json({ result: { response: "It seems to be a meter." } })],
    ["answers nothing that was asked", () => Response.json({ result: null, success: true })],
    ["never answers", () => Promise.reject(new DOMException("", "TimeoutError"))],
  ])("throws where it %s", async (_, answer) => {
    await expect(model(answer).classify("the box hums")).rejects.toThrow();
  });
});
