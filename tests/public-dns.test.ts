import { describe, expect, it } from "vitest";
import { addressesOf } from "../src/adapters/public-dns.ts";

type Says = { Status: number; Answer?: { type: number; data: string }[] };
const says = (a: Says | Response, aaaa: Says | Response) => {
  const asked: string[] = [];
  const ask = ((url: string, init: RequestInit) => {
    asked.push(`${url} ${new Headers(init.headers).get("Accept")} ${init.redirect}`);
    const said = url.endsWith("type=1") ? a : aaaa;
    return Promise.resolve(said instanceof Response ? said : Response.json(said));
  }) as unknown as typeof fetch;
  return { asked, found: () => addressesOf("erp.example.org", ask) };
};
const NONE: Says = { Status: 0 };

describe("where a host leads", () => {
  it("is every address of both kinds, without the names on the way there", async () => {
    const { asked, found } = says(
      {
        Status: 0,
        Answer: [
          { type: 5, data: "erp.hosted.example.net." },
          { type: 1, data: "8.8.8.8" },
          { type: 1, data: "10.0.0.1" },
        ],
      },
      { Status: 0, Answer: [{ type: 28, data: "fd00::1" }] },
    );
    expect(await found()).toEqual(["8.8.8.8", "10.0.0.1", "fd00::1"]);
    expect(asked).toEqual([
      "https://cloudflare-dns.com/dns-query?name=erp.example.org&type=1 application/dns-json manual",
      "https://cloudflare-dns.com/dns-query?name=erp.example.org&type=28 application/dns-json manual",
    ]);
  });

  it("is nowhere when there is no such name, or it has no address", async () => {
    expect(await says({ Status: 3 }, { Status: 3 }).found()).toEqual([]);
    expect(await says(NONE, NONE).found()).toEqual([]);
  });

  it.each([
    ["the resolver fails", { Status: 2 }],
    ["the answer is a page", new Response("<html>", { status: 200 })],
    ["the answer is of another shape", Response.json({ status: 0 })],
    ["too much is asked of it", new Response("{}", { status: 429 })],
  ])("is not known, though one of the two kinds is told, when %s", async (_, broken) => {
    const good = { Status: 0, Answer: [{ type: 1, data: "8.8.8.8" }] };
    await expect(says(good, broken).found()).rejects.toThrow();
  });
});
