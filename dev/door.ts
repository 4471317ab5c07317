import { readFileSync } from "node:fs";

/**
 * Where commands knock: /api/ops of a deployment. `--env local` is the world of `npm start` (with `--country BJ` for
 * Benin); `--env ls|bj|zm` is a deployment, found by OPS_URL_LS and OPS_KEY_LS, or the local world where those are unset.
 */
export type Door = { url: string; key: string; where: string; country: string };

const CALL_MS_MAX = 120_000;

export function doorOf(flags: { env?: string | undefined; country?: string | undefined }): Door {
  const env = (flags.env ?? "local").toUpperCase();
  const country = env === "LOCAL" ? (flags.country ?? "LS").toUpperCase() : env;
  const url = process.env[`OPS_URL_${env}`];
  const key = process.env[`OPS_KEY_${env}`];
  if (url !== undefined && key !== undefined) return { url, key, where: url, country };
  if ((url === undefined) !== (key === undefined))
    throw new Error(`set both OPS_URL_${env} and OPS_KEY_${env}, or neither: only one of them is there`);
  let local: { countries: Record<string, { url: string; opsKey: string }> };
  try {
    local = JSON.parse(readFileSync(new URL("../.data/local.json", import.meta.url), "utf8"));
  } catch {
    throw new Error(`set OPS_URL_${env} and OPS_KEY_${env}, or start the local world with: npm start`);
  }
  const found = local.countries[country];
  if (found === undefined) throw new Error(`the local world has no country ${country}`);
  // Whoever meant the deployment has to see at once that it was not asked, and what is done here is not done there.
  if (env !== "LOCAL")
    console.error(
      `NOT a deployment: the local world (${country}); for --env ${country.toLowerCase()} set OPS_URL_${env} and OPS_KEY_${env}`,
    );
  return { url: found.url, key: found.opsKey, where: `the local world (${country})`, country };
}

/** Asks once; says status and text, whatever they are. Throws when nobody answers. */
export async function knock(
  door: Door,
  method: string,
  path: string,
  body?: unknown,
  actor?: string,
  headers: Record<string, string> = {},
) {
  const response = await fetch(`${door.url}/api/ops${path}`, {
    method,
    headers: {
      ...headers,
      "X-Ops-Key": door.key,
      "X-Actor": actor ?? process.env.USER ?? "operator",
      ...(body === undefined ? {} : { "Content-Type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(CALL_MS_MAX),
  });
  return { ok: response.ok, status: response.status, text: await response.text() };
}

/** Asks once; anything but a 2xx throws. */
export async function call<T>(
  door: Door,
  method: string,
  path: string,
  body?: unknown,
  actor?: string,
  headers?: Record<string, string>,
): Promise<T> {
  const { ok, status, text } = await knock(door, method, path, body, actor, headers);
  if (!ok) throw new Error(`${door.where} answered ${status}: ${text}`);
  return JSON.parse(text) as T;
}

/** Sends a file as it is; anything but a 2xx throws. */
export async function send<T>(
  door: Door,
  path: string,
  bytes: Uint8Array<ArrayBuffer>,
  actor: string,
  headers: Record<string, string>,
): Promise<T> {
  const response = await fetch(`${door.url}/api/ops${path}`, {
    method: "POST",
    headers: { ...headers, "X-Ops-Key": door.key, "X-Actor": actor, "Content-Type": "application/octet-stream" },
    body: bytes,
    signal: AbortSignal.timeout(CALL_MS_MAX),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${door.where} answered ${response.status}: ${text}`);
  return JSON.parse(text) as T;
}
