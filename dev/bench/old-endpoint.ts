/** The old endpoint in its three moods. */
import { Agent, request } from "node:http";
import type { Legacy } from "../legacy.ts";
import { readBytes, sendJson, serve } from "../serve.ts";
import { randomFrom } from "./texts.ts";

export const OLD_ENDPOINT_MODES = ["fast", "slow", "errors"] as const;
export type OldEndpointMode = (typeof OLD_ENDPOINT_MODES)[number];

const SLOW_MS = 200;
const ERROR_SHARE = 0.25;

type OldEndpoint = { vars: Record<string, string>; close(): Promise<void> };

/** `vars` send the Worker there. */
export async function oldEndpoint(legacy: Legacy, mode: OldEndpointMode, port: number): Promise<OldEndpoint> {
  legacy.fail(mode === "slow" ? { next: Number.MAX_SAFE_INTEGER, hangMs: SLOW_MS } : { next: 0 });
  if (mode !== "errors") return { vars: {}, close: async () => legacy.fail({ next: 0 }) };
  const draw = randomFrom(25);
  const agent = new Agent({ keepAlive: true });
  // A quarter is refused before the old system sees it; the rest passes.
  const served = await serve(port, async (req, res) => {
    const body = await readBytes(req);
    if (draw() < ERROR_SHARE) return sendJson(res, 500, { error: true });
    const { method = "GET", url = "/", headers } = req;
    await new Promise<void>((done, failed) => {
      const on = request({ host: "127.0.0.1", port: legacy.port, path: url, method, headers, agent }, (answer) => {
        res.writeHead(answer.statusCode ?? 502, { "content-type": "application/json" });
        answer.pipe(res).on("finish", done);
      });
      on.on("error", failed);
      on.end(body);
    });
    return undefined;
  });
  return {
    vars: { LEGACY_SMS_URL: `${served.url}/receive.php` },
    close: async () => {
      agent.destroy();
      await served.close();
    },
  };
}
