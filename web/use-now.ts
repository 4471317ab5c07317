import { useEffect, useState } from "preact/hooks";

/** This device's clock, drawn anew every so often: for a countdown. */
export function useNow(everyMs = 1_000): number {
  const [now, set] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => set(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
