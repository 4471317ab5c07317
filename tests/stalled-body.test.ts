import { expect, it } from "vitest";
import { readCapped } from "../workers/ingest/gateway-request.ts";

const SILENT_MS_MAX = 60;
const URL = "https://gateway.example/api/sms/incoming";

/** Brings one part after the other, each after so many milliseconds, and ends, or not. */
function slow(parts: readonly string[], everyMs: number, ends: boolean) {
  const state = { cancelled: false };
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      for (const part of parts) {
        await new Promise((resolve) => setTimeout(resolve, everyMs));
        controller.enqueue(new TextEncoder().encode(part));
      }
      if (ends) controller.close();
    },
    cancel() {
      state.cancelled = true;
    },
  });
  // Node wants to be told that the body is sent before an answer comes.
  const init = { method: "POST", body, duplex: "half" };
  return { request: new Request(URL, init), state };
}

it("a body that stops coming is given up, and what was begun is let go", async () => {
  const { request, state } = slow(['{"messages":['], 1, false);
  expect(await readCapped(request, SILENT_MS_MAX)).toEqual({ kind: "stalled" });
  expect(state.cancelled).toBe(true);
});

it("a body of which nothing ever comes is given up", async () => {
  expect(await readCapped(slow([], 1, false).request, SILENT_MS_MAX)).toEqual({ kind: "stalled" });
});

it("a slow network has all the time it needs, as long as something comes", async () => {
  const parts = Array.from({ length: 12 }, (_, nth) => String(nth % 10));
  const read = await readCapped(slow(parts, SILENT_MS_MAX / 6, true).request, SILENT_MS_MAX);
  expect(read.kind === "body" && new TextDecoder().decode(read.body)).toBe("012345678901");
});
