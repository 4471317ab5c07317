import type { StatusView } from "../workers/portal/status-view.ts";

export type Country = "ls" | "bj";
export type Answer =
  | { ok: true; value: StatusView }
  | { ok: false; because: "key" | "offline" | "error"; detail: string };

const TIMEOUT_MS = 10_000;

/** On one origin for several countries the portal puts the country first in the path; a Worker alone has none. */
export const hasCountryPath = () => document.querySelector("meta[name=countries]") !== null;
export const countries = (): Country[] =>
  (document.querySelector("meta[name=countries]")?.getAttribute("content")?.split(",") ?? ["ls"]) as Country[];

export async function readStatus(country: Country, key: string | null, fetchFn: typeof fetch = fetch): Promise<Answer> {
  const base = hasCountryPath() ? `/${country}` : "";
  try {
    const response = await fetchFn(`${base}/api/ops/status`, {
      headers: key === null ? {} : { "X-Ops-Key": key },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (response.status === 401 || response.status === 403) return { ok: false, because: "key", detail: "" };
    if (!response.ok) return { ok: false, because: "error", detail: `status ${response.status}` };
    return { ok: true, value: (await response.json()) as StatusView };
  } catch (thrown) {
    return { ok: false, because: "offline", detail: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}
