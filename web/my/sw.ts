/**
 * Keeps a customer's last page, so that it opens without a network, with the time of what it shows. Code is never stale: a
 * page comes from the network whenever there is one, and names the files of its own version, which never change. Whoever
 * signs out takes the page along.
 */
type Waiting = Event & { waitUntil(work: Promise<unknown>): void };
type Asked = Waiting & { request: Request; respondWith(answer: Promise<Response>): void };
type PhoneWorker = {
  skipWaiting(): Promise<void>;
  clients: { claim(): Promise<void> };
  registration: { scope: string };
  addEventListener(name: "install" | "activate", heard: (event: Waiting) => void): void;
  addEventListener(name: "fetch", heard: (event: Asked) => void): void;
};
const worker = self as unknown as PhoneWorker;

const VERSION = 1;
const PAGE = new URL(worker.registration.scope).pathname;
const CACHE = `my ${PAGE} ${VERSION}`;
/** Files of the versions that were seen last. */
const FILES_MAX = 40;
const NETWORK_MS_MAX = 20_000;

worker.addEventListener("install", (event) => event.waitUntil(worker.skipWaiting()));
worker.addEventListener("activate", (event) => event.waitUntil(takeOver()));
worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== location.origin) return;
  if (request.method === "POST" && pathname === `${PAGE}/sign-out`) event.waitUntil(forget());
  if (request.method !== "GET") return;
  if (request.mode === "navigate" && pathname === PAGE) event.respondWith(page(request));
  else if (pathname.startsWith("/assets/") || /\.(png|svg)$/.test(pathname)) event.respondWith(file(request));
});

async function takeOver() {
  const names = await caches.keys();
  await Promise.all(
    names.filter((name) => name.startsWith(`my ${PAGE} `) && name !== CACHE).map((name) => caches.delete(name)),
  );
  await worker.clients.claim();
  // The page that has just made this worker was not served by it: it is kept from now on.
  await page(new Request(PAGE)).catch(() => undefined);
}

const forget = async () => (await caches.open(CACHE)).delete(PAGE);

/** From the network; only where there is none, as it was last. Kept while somebody is signed in, and only then. */
async function page(request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(NETWORK_MS_MAX) });
    const isSignedIn = answer.headers.get("X-My") === "signed-in";
    // What is kept is the page itself: its newest payments, not a look further back.
    if (answer.ok && isSignedIn && new URL(request.url).search === "") await cache.put(PAGE, answer.clone());
    else if (answer.ok && !isSignedIn) await cache.delete(PAGE);
    // The records do not answer: what was known is better than nothing, and says of when it is.
    return answer.status === 503 ? ((await cache.match(PAGE)) ?? answer) : answer;
  } catch {
    return (await cache.match(PAGE)) ?? Response.error();
  }
}

/** Named after their content, so never another: once is enough. */
async function file(request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(request);
  if (kept !== undefined) return kept;
  const answer = await fetch(request);
  if (answer.ok) {
    await cache.put(request, answer.clone());
    const keys = (await cache.keys()).filter(({ url }) => new URL(url).pathname !== PAGE);
    for (const old of keys.slice(0, Math.max(0, keys.length - FILES_MAX))) await cache.delete(old);
  }
  return answer;
}

// A module to the compiler; what is built has neither imports nor exports, and runs as a script.
export {};
