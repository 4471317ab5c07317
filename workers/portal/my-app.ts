import { type Context, Hono } from "hono";
import { anyone } from "../allow.ts";
import type { Env } from "../env.ts";
import { frameOf } from "./my-frame.ts";

const WHY = "what a phone needs to keep the page on its home screen; it says nothing of anybody";

/**
 * With a slash at its end the page's addresses would lead elsewhere; whatever else was typed below it is no page, and leads to
 * the one there is. Addresses are relative, since the country may stand before them.
 */
export const myFolder = new Hono<{ Bindings: Env }>()
  .get("/my/", anyone(WHY), (c) => c.redirect("../my", 301))
  .get("/my/*", anyone(WHY), (c) => c.redirect(`${"../".repeat(c.req.path.split("/").length - 2)}my`, 303));

/** What makes `/my` an app of the phone: its name in the customer's language, and the worker that keeps the last page. */
export const myApp = new Hono<{ Bindings: Env }>()
  .get("/app.webmanifest", anyone(WHY), (c) => {
    const { say, language } = frameOf(c);
    c.header("Content-Type", "application/manifest+json");
    c.header("Cache-Control", "no-cache");
    // Relative to this file, since the country may stand before it.
    return c.body(
      JSON.stringify({
        name: `${say("title")} · 1PWR`,
        short_name: say("short_name"),
        lang: language,
        id: `1pwr-my-${c.env.COUNTRY.toLowerCase()}`,
        start_url: "../my",
        scope: "../my",
        display: "standalone",
        background_color: "#f6f5f1",
        theme_color: "#1a222c",
        icons: [
          { src: "/my-icon-192.png", sizes: "192x192", type: "image/png", purpose: "any" },
          { src: "/my-icon-512.png", sizes: "512x512", type: "image/png", purpose: "any maskable" },
          { src: "/icon.svg", sizes: "any", type: "image/svg+xml", purpose: "any" },
        ],
      }),
    );
  })
  .get("/sw.js", anyone(WHY), serviceWorker);

/** Asked for anew each time, so that no phone keeps an old one; it may also keep the page above its own folder. */
async function serviceWorker(c: Context<{ Bindings: Env }>) {
  const file = await c.env.ASSETS.fetch(new URL("/my/sw.js", c.req.url));
  const isScript = (file.headers.get("Content-Type") ?? "").includes("javascript");
  if (!file.ok || !isScript) return c.text("there is none here", 404);
  return new Response(file.body, {
    headers: {
      "Content-Type": "text/javascript; charset=utf-8",
      "Cache-Control": "no-cache",
      // As seen from the script: the page itself, which lies above the script's folder.
      "Service-Worker-Allowed": "../my",
    },
  });
}
