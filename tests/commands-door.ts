import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, vi } from "vitest";
import type { Door } from "../dev/door.ts";

export type Heard = {
  method: string;
  path: string;
  actor: string | undefined;
  key: string | undefined;
  body: unknown;
};

/**
 * A server in the place of a country's, for the tests of commands: `heard` is what a command asked it, `printed` what it printed, each of
 * one test. Call at the top of a file. `answer`: what it says to a method and path below `/api/ops`.
 */
export function commandsDoor(answer: (asked: string) => unknown) {
  const heard: Heard[] = [];
  const printed: string[] = [];
  const door: Door = { url: "", key: "k", where: "a test", country: "LS" };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { method = "", headers } = request;
      const path = (request.url ?? "").replace("/api/ops", "");
      const text = Buffer.concat(chunks).toString("utf8");
      const [actor, key] = [headers["x-actor"], headers["idempotency-key"]].map((each) => each?.toString());
      heard.push({ method, path, actor, key, body: text === "" ? null : JSON.parse(text) });
      response.end(JSON.stringify(answer(`${method} ${path}`)));
    });
  });
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    door.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    vi.spyOn(console, "log").mockImplementation((line: string) => void printed.push(line));
  });
  beforeEach(() => {
    heard.length = 0;
    printed.length = 0;
  });
  afterAll(() => {
    vi.restoreAllMocks();
    server.close();
  });
  return { door, heard, printed };
}
