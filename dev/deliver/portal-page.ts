/** The portal's bundle as its own home serves it: which countries it shows stands in its page. Pure, but for the folder's size. */
import { readdirSync, statSync } from "node:fs";
import { join, relative } from "node:path";

/** Cloudflare Pages takes no more of each. */
export const FILES_MAX = 20_000;
export const FILE_BYTES_MAX = 25 * 1024 * 1024;

export type PortalConfig = { countries: readonly string[]; home: string | null };

/** `"ls, BJ"` as the portal's countries. Throws with what was expected. */
export function portalConfig(countries: string, home: string, known: readonly string[]): PortalConfig {
  const codes = [...new Set(countries.split(",").map((each) => each.trim().toLowerCase()))].filter(Boolean);
  const unknown = codes.filter((code) => !known.includes(code));
  if (codes.length === 0 || unknown.length > 0)
    throw new Error(
      `PORTAL_COUNTRIES is ${JSON.stringify(countries)}; expected some of ${known.join(",")}, a comma between`,
    );
  const named = home.trim().toLowerCase();
  if (named !== "" && !codes.includes(named))
    throw new Error(`PORTAL_HOME is ${JSON.stringify(home)}; expected one of ${codes.join(",")}, or nothing`);
  return { countries: codes, home: named === "" ? null : named };
}

/** The page that says so. Throws where it has no place for it: a portal of the wrong countries is none. */
export function configuredPage(page: string, { countries, home }: PortalConfig): string {
  const place = (text: string, name: string, value: string) => {
    const meta = new RegExp(`(<meta name="${name}" content=")[^"]*(")`);
    if (!meta.test(text)) throw new Error(`the portal's page has no <meta name="${name}">`);
    return text.replace(meta, `$1${value}$2`);
  };
  const placed = place(page, "countries", countries.join(","));
  return home === null && !placed.includes('name="home"') ? placed : place(placed, "home", home ?? "");
}

/** What Pages would refuse, or would run in the place of a country's Worker. */
export function bundleFaults(folder: string): string[] {
  const files = readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
  const heavy = files.filter((file) => statSync(join(folder, file)).size > FILE_BYTES_MAX);
  return [
    ...(files.includes("index.html") ? [] : ["there is no index.html"]),
    ...(files.includes("_headers") ? [] : ["there is no _headers: the pages would have no content security policy"]),
    ...files.filter((file) => /^(?:_worker\.js|functions\/)/.test(file)).map((file) => `${file} would run as code`),
    // Without a page of its own for what is not there, Pages answers every address with the portal, whose router reads it.
    ...(files.includes("404.html") ? ["404.html would answer the portal's own addresses"] : []),
    ...(files.length > FILES_MAX ? [`${files.length} files, at most ${FILES_MAX}`] : []),
    ...heavy.map((file) => `${file} is over ${FILE_BYTES_MAX} bytes`),
  ];
}
