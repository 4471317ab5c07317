/** What a first visit loads, from the real build, against its limits: prints a table, and fails where one is broken. */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const KB = 1_024;

/** A page, the most that its first visit may load (gzip), and what it may load in addition to what its HTML names. */
type Limit = { page: string; name: string; maxBytes: number; besides: RegExp };
const LIMITS: readonly Limit[] = [
  // The worker of the phone, its manifest's icon and what the Worker writes into the page come with the first visit.
  {
    page: "my/index.html",
    name: "customer's page",
    maxBytes: 60 * KB,
    besides: /^(my\/sw\.js|icon\.svg|my-icon-192\.png)$/,
  },
  // One language of the shell is loaded with it; the longest counts.
  { page: "index.html", name: "staff shell", maxBytes: 100 * KB, besides: /^icon\.svg$/ },
];
/** What the Worker writes into the customer's page, at most: tests/browser/my.test.ts measures it. */
export const WRITTEN_BYTES = 8 * KB;

/** Libraries that belong to pages which draw, by words that only their code has. */
const HEAVY: readonly { name: string; sign: RegExp }[] = [
  { name: "uPlot", sign: /u-cursor-x|\bu-select\b/ },
  { name: "a map", sign: /leaflet|maplibre|mapbox/i },
];

/** Names of XML vocabularies are no addresses: nothing is asked there. */
const NO_ADDRESS = /^https?:\/\/www\.w3\.org\//;
/** An address that is only shown, or stands in a library's message, is asked by nobody; each with why. */
const SHOWN: readonly RegExp[] = [
  /^https?:\/\/(?:localhost|127\.0\.0\.1|x)\b/,
  /^https:\/\/github\.com\/preactjs\/preact-iso/,
];

export type Finding = { name: string; bytes: number; maxBytes: number; files: string[]; faults: string[] };

/** The files that a page's HTML asks for by itself. */
export function filesOf(html: string): string[] {
  const named = html.matchAll(/<(?:script|link)\b[^>]*?\b(?:src|href)="\/([^"]+)"[^>]*>/g);
  return [
    ...new Set(
      [...named].filter(([tag]) => !/rel="(?:icon|apple-touch-icon|manifest)"/.test(tag)).map(([, file = ""]) => file),
    ),
  ];
}

/** Static imports of a built file: they are loaded with it, whether the HTML names them or not. */
export function importsOf(code: string): string[] {
  const found = code.matchAll(/(?:^|[;}\s])(?:import|export)\s*(?:[\w*{}\s,$]+from\s*)?["'`](\.{1,2}\/[^"'`]+)["'`]/g);
  return [...found].map(([, file = ""]) => file);
}

/** Other hosts that a file names. */
export const hostsIn = (text: string): string[] => [
  ...new Set(
    [...text.matchAll(/https?:\/\/[\w.-]+(?:\/[\w./-]*)?/g)]
      .map(([address]) => address)
      .filter((address) => !NO_ADDRESS.test(address) && !SHOWN.some((each) => each.test(address))),
  ),
];

const gzipped = (bytes: Buffer) => gzipSync(bytes, { level: 9 }).length;

/** Everything that the first visit of a page loads. */
function closureOf(bundle: string, html: string): string[] {
  const seen = new Set(filesOf(html));
  for (const file of seen)
    if (file.endsWith(".js"))
      for (const next of importsOf(readFileSync(join(bundle, file), "utf8"))) seen.add(join(file, "..", next));
  return [...seen];
}

export function judge(bundle: string): Finding[] {
  const all = readdirSync(bundle, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(bundle, join(entry.parentPath, entry.name)));
  const foreign = all
    .filter((file) => /\.(?:js|css|html|svg|webmanifest)$/.test(file))
    .flatMap((file) => hostsIn(readFileSync(join(bundle, file), "utf8")).map((host) => `${file} names ${host}`));
  return LIMITS.map(({ page, name, maxBytes, besides }, nth) => {
    const html = readFileSync(join(bundle, page), "utf8");
    const files = [page, ...closureOf(bundle, html), ...all.filter((file) => besides.test(file))];
    const words = Math.max(
      0,
      ...all
        .filter((file) => /^assets\/(?:en|fr|st)-/.test(file))
        .map((file) => gzipped(readFileSync(join(bundle, file)))),
    );
    const own = files.reduce((total, file) => total + gzipped(readFileSync(join(bundle, file))), 0);
    const bytes = own + (page === "index.html" ? words : WRITTEN_BYTES);
    const heavy = files.flatMap((file) =>
      HEAVY.filter(({ sign }) => /\.(?:js|css)$/.test(file) && sign.test(readFileSync(join(bundle, file), "utf8"))).map(
        (each) => `${file} brings ${each.name} with the first visit`,
      ),
    );
    const size = bytes > maxBytes ? [`${bytes} bytes, at most ${maxBytes}`] : [];
    return { name, bytes, maxBytes, files, faults: [...size, ...heavy, ...(nth === 0 ? foreign : [])] };
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const bundle = process.argv[2] ?? fileURLToPath(new URL("../web/dist", import.meta.url));
  const found = judge(bundle);
  for (const { name, bytes, maxBytes, files } of found)
    console.log(
      `${name.padEnd(16)} ${(bytes / KB).toFixed(1).padStart(6)} KB gzip of ${(maxBytes / KB).toFixed(0).padStart(3)} KB, ${files.length} files`,
    );
  const faults = found.flatMap((each) => each.faults);
  for (const fault of faults) console.error(`RED ${fault}`);
  process.exit(faults.length === 0 ? 0 : 1);
}
