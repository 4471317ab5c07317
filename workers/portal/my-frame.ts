import type { Context } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import { html, raw } from "hono/html";
import type { HtmlEscapedString } from "hono/utils/html";
import type { Country, Language } from "../../src/domain/country.ts";
import {
  filled,
  languagesOf,
  MY_LANGUAGES,
  MY_WORDS,
  type MyKey,
  type MyWords,
  myLanguage,
} from "../../src/domain/my-page/words.ts";
import type { Env } from "../env.ts";
import { countryOf } from "../ports.ts";

export type C = Context<{ Bindings: Env }>;
export type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

/** Nothing but our own files, no script or style in the page itself, and nobody's frame. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "worker-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join("; ");

const LANGUAGE_SECONDS = 365 * 86_400;
const FLASH_SECONDS = 120;
const TEMPLATE = "/my/";
const BODY = "<!--page-->";
/** Of tests and of a bundle that was not built: the same page without its script and style. */
const BARE = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title></title></head><body>${BODY}</body></html>`;

/** Everything that is drawn needs these: which country, which language, its words. */
export type Frame = { c: C; country: Country; language: Language; words: MyWords; say: Say };
export type Say = (key: MyKey, values?: Record<string, string | number>) => string;

export function frameOf(c: C): Frame {
  const country = countryOf(c.env);
  const language = myLanguage(country, getCookie(c, cookieName(c, "lang"), "host"));
  const words = MY_WORDS[language];
  return { c, country, language, words, say: (key, values = {}) => filled(words[key], values) };
}

export const keepLanguage = (c: C, language: string) =>
  setCookie(c, cookieName(c, "lang"), myLanguage(countryOf(c.env), language), {
    ...HOST_ONLY,
    maxAge: LANGUAGE_SECONDS,
  });

const HOST_ONLY = { prefix: "host", path: "/", secure: true, httpOnly: true, sameSite: "Lax" } as const;
const cookieName = (c: C, what: "lang" | "said") => `cc-${c.env.COUNTRY.toLowerCase()}-${what}`;

/** What the page says once about the form that was sent, and what was typed there; never a secret. */
export type Said = { say: MyKey; values?: Record<string, string | number>; account?: string };

/** A form that was sent is answered by going back to the page, so that loading it again sends nothing again. */
export function sayOnPage(c: C, said: Said | null, to: string): Response {
  if (said !== null)
    setCookie(c, cookieName(c, "said"), encodeURIComponent(JSON.stringify(said)), {
      ...HOST_ONLY,
      maxAge: FLASH_SECONDS,
    });
  c.header("Cache-Control", "no-store");
  return c.redirect(to, 303);
}

export function takeSaid(c: C): Said | null {
  const kept = getCookie(c, cookieName(c, "said"), "host");
  if (kept === undefined) return null;
  setCookie(c, cookieName(c, "said"), "", { ...HOST_ONLY, maxAge: 0 });
  try {
    const said = JSON.parse(decodeURIComponent(kept)) as Partial<Said>;
    const { say, values, account } = said;
    if (say === undefined || !Object.hasOwn(MY_WORDS.en, say)) return null;
    return {
      say,
      ...(typeof values === "object" && values !== null ? { values } : {}),
      ...(typeof account === "string" ? { account: account.slice(0, 40) } : {}),
    };
  } catch {
    return null;
  }
}

/** Built with the portal: names the files of this version. Read once, since another version is another isolate. */
let template: string | null = null;
async function templateOf(c: C): Promise<string> {
  if (template !== null) return template;
  const found = await c.env.ASSETS.fetch(new URL(TEMPLATE, c.req.url)).catch(() => null);
  const text = found?.ok === true ? await found.text() : "";
  if (!text.includes(BODY)) return BARE;
  template = text;
  return text;
}

/** The whole page around what it shows. `data`: what its script needs, as text that no browser runs. */
export async function framed(
  frame: Frame,
  {
    body,
    data = null,
    status = 200,
    up = "",
  }: { body: Html; data?: unknown; status?: 200 | 404 | 503; up?: "" | "../../" },
): Promise<Response> {
  const { c, language, say } = frame;
  const page = await html`<a class="skip" href="#page">${say("skip")}</a>
${await body}
${data === null ? "" : html`<script type="application/json" id="data">${raw(jsonInHtml(data))}</script>`}`;
  const text = (await templateOf(c))
    .replace(/<html lang="[^"]*"/, `<html lang="${language}"`)
    .replace(/<title>[^<]*<\/title>/, `<title>${String(await html`${say("title")}`)} · 1PWR</title>`)
    .replace("<!--links-->", `<link rel="manifest" href="${up}my/app.webmanifest">`)
    .replace(BODY, () => String(page));
  c.header("Content-Security-Policy", POLICY);
  c.header("Cache-Control", "no-store");
  c.header("Vary", "Cookie");
  return c.html(text, status);
}

const jsonInHtml = (data: unknown) => JSON.stringify(data).replaceAll("<", "\\u003c");

/** The other languages of this country, each named in itself. */
export const languageLinks = ({ country, language, say }: Frame) =>
  html`<nav class="languages" aria-label="${say("language")}">
${languagesOf(country).map((each) =>
  each === language
    ? html`<span lang="${each}" aria-current="true">${MY_LANGUAGES[each]}</span>`
    : html`<a lang="${each}" hreflang="${each}" href="?lang=${each}">${MY_LANGUAGES[each]}</a>`,
)}
</nav>`;

/** Above every page: whose it is, and in which language. */
export const head = (frame: Frame, more: Html | "" = "") => html`<header class="top">
<span class="brand"><svg viewBox="0 0 64 64" width="28" height="28" aria-hidden="true"><rect width="64" height="64" rx="14" class="brand-sun"/><path d="M36 8 16 36h13l-3 20 22-30H34z" class="brand-bolt"/></svg>1PWR</span>
${languageLinks(frame)}
${more}
</header>`;
