import type { startDatabaseProxy } from "./database-proxy.ts";
import type { startNeonBridge } from "./neon.ts";
import { asCount, readControl, type Served, sendJson, serve } from "./serve.ts";

type Options = {
  port: number;
  proxy: Awaited<ReturnType<typeof startDatabaseProxy>>;
  bridge: Awaited<ReturnType<typeof startNeonBridge>>;
  restart: () => Promise<unknown>;
};

const KNOWN = { error: "POST /down, /up, /fault or /restart" };

/** Where an outage is ordered: of the database, of the bridge before it, of the Workers. */
export function startDatabaseControl({ port, proxy, bridge, restart }: Options): Promise<Served> {
  return serve(port, async (req, res, url) => {
    if (req.method === "GET" && url.pathname === "/") return sendJson(res, 200, { down: proxy.isDown() });
    if (req.method !== "POST") return sendJson(res, 405, KNOWN);
    const order = await readControl(req);
    if (url.pathname === "/down") proxy.down(asCount(order.seconds, 60));
    else if (url.pathname === "/up") proxy.up();
    else if (url.pathname === "/fault")
      bridge.setFault(
        order.mode as never,
        order.count === undefined || order.count === null ? null : asCount(order.count, 1),
      );
    else if (url.pathname === "/restart") await restart();
    else return sendJson(res, 404, KNOWN);
    return sendJson(res, 200, { down: proxy.isDown() });
  });
}
