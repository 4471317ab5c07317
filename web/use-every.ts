import { useEffect, useRef } from "preact/hooks";

/** Does something again and again while the page is open and looked at; at once when somebody comes back to it. */
export function useEvery(everyMs: number, act: () => void): void {
  const newest = useRef(act);
  newest.current = act;
  useEffect(() => {
    const go = () => {
      if (!document.hidden) newest.current();
    };
    const timer = setInterval(go, everyMs);
    document.addEventListener("visibilitychange", go);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", go);
    };
  }, [everyMs]);
}
