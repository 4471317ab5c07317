import { useEffect, useRef } from "preact/hooks";

/** Does something again and again while somebody looks at the page, and at once when they come back to it. */
export function usePoll(act: () => void, everyMs: number): void {
  const newest = useRef(act);
  newest.current = act;
  // the act of the newest drawing is done, the clock goes on
  useEffect(() => {
    const look = () => {
      if (!document.hidden) newest.current();
    };
    const timer = setInterval(look, everyMs);
    document.addEventListener("visibilitychange", look);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, [everyMs]);
}
