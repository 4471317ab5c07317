import { useEffect, useState } from "preact/hooks";
import { apiUrl } from "./api.ts";
import { country } from "./country.ts";
import { comeIn, isAbroad, isKept } from "./identity.ts";

export type LiveState = "connecting" | "live" | "lost";
type Live<T> = {
  value: T | null;
  state: LiveState /** When the last word came, by this device's clock. */;
  heardAt: number | null;
};

/** The browser connects again by itself after two seconds; a line that is not back by then is lost. */
const BACK_MS_MAX = 7_000;
/** After a refusal the browser gives up; we do not. */
const RETRY_MS = 5_000;
/** The server says something every fifteen seconds at least; a line that is silent longer is broken, whatever it says itself. */
const SILENT_MS_MAX = 40_000;

/**
 * Listens to a live stream of the server: each message is the whole state of now. `live` while the line stands, `lost` when
 * it does not, or when the server itself cannot look; the last value stays. A line that the server ended is replaced
 * unnoticed. `null` listens to nothing.
 */
export function useLive<T>(path: string | null): Live<T> {
  const [live, setLive] = useState<Live<T>>({ value: null, state: "connecting", heardAt: null });
  useEffect(() => {
    setLive({ value: null, state: "connecting", heardAt: null });
    return path === null ? undefined : listen(apiUrl(path), setLive);
  }, [path]);
  return live;
}

function listen<T>(url: string, set: (change: (now: Live<T>) => Live<T>) => void): () => void {
  let source: EventSource | undefined;
  let isOver = false;
  const timers: Record<"back" | "retry" | "silence", ReturnType<typeof setTimeout> | undefined> = {
    back: undefined,
    retry: undefined,
    silence: undefined,
  };
  const stopTimers = () => {
    for (const timer of Object.values(timers)) clearTimeout(timer);
  };
  const lost = () => set((now) => ({ ...now, state: "lost" }));
  const heard = () => {
    stopTimers();
    timers.silence = setTimeout(connect, SILENT_MS_MAX);
  };
  const connect = () => {
    source?.close();
    stopTimers();
    timers.back = setTimeout(lost, BACK_MS_MAX);
    source = new EventSource(url);
    source.addEventListener("message", (event) => {
      heard();
      set(() => ({ value: JSON.parse(event.data) as T, state: "live", heardAt: Date.now() }));
    });
    source.addEventListener("ping", () => {
      heard();
      set((now) => ({ ...now, state: "live", heardAt: Date.now() }));
    });
    source.addEventListener("trouble", () => {
      heard();
      lost();
    });
    source.addEventListener("error", () => {
      clearTimeout(timers.back);
      timers.back = setTimeout(lost, BACK_MS_MAX);
      if (source?.readyState === EventSource.CLOSED) timers.retry = setTimeout(() => void knock(), RETRY_MS);
    });
  };
  // Why it was refused a browser does not say: where people come in by the home's word, that may be over.
  const knock = async () => {
    const of = country.peek();
    if (isAbroad(of) && !isKept(of)) await comeIn(of);
    if (!isOver) connect();
  };
  connect();
  addEventListener("offline", lost);
  addEventListener("online", connect);
  return () => {
    removeEventListener("offline", lost);
    removeEventListener("online", connect);
    isOver = true;
    source?.close();
    stopTimers();
  };
}
