import { useEffect, useState } from "preact/hooks";
import { apiUrl } from "./api.ts";

export type LiveState = "connecting" | "live" | "lost";
type Live<T> = {
  value: T | null;
  state: LiveState /** When the last word came, by this device's clock. */;
  heardAt: number | null;
};

const RETRY_MS = 4_000;
/** The server says something every fifteen seconds at least; a line that is silent longer is broken. */
const SILENT_MS_MAX = 40_000;

/**
 * Listens to a live stream of the server: each `state` event is the whole state of now. `live` while the line stands, `lost`
 * when it does not; the last value stays. It connects again by itself, also when the server ends a line that is old.
 */
export function useLive<T>(path: string | null): Live<T> {
  const [live, setLive] = useState<Live<T>>({ value: null, state: "connecting", heardAt: null });
  useEffect(() => {
    setLive({ value: null, state: "connecting", heardAt: null });
    if (path === null) return;
    return listen(apiUrl(path), setLive);
  }, [path]);
  return live;
}

function listen<T>(url: string, set: (change: (now: Live<T>) => Live<T>) => void): () => void {
  let source: EventSource | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let silence: ReturnType<typeof setTimeout> | undefined;
  const lose = () => {
    source?.close();
    clearTimeout(silence);
    set((now) => ({ ...now, state: "lost" }));
    clearTimeout(retry);
    retry = setTimeout(connect, RETRY_MS);
  };
  const heard = () => {
    clearTimeout(silence);
    silence = setTimeout(lose, SILENT_MS_MAX);
  };
  const connect = () => {
    source = new EventSource(url);
    source.addEventListener("state", (event) => {
      heard();
      set(() => ({ value: JSON.parse(event.data) as T, state: "live", heardAt: Date.now() }));
    });
    source.addEventListener("ping", () => {
      heard();
      set((now) => (now.state === "live" ? now : { ...now, state: "live" }));
    });
    // The server ended an old line: another is made at once, and nothing was lost.
    source.addEventListener("end", () => {
      source?.close();
      clearTimeout(silence);
      connect();
    });
    source.addEventListener("error", lose);
  };
  connect();
  addEventListener("offline", lose);
  return () => {
    removeEventListener("offline", lose);
    source?.close();
    clearTimeout(retry);
    clearTimeout(silence);
  };
}
