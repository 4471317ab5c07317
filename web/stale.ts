import { type Signal, signal } from "@preact/signals";
import { useLayoutEffect } from "preact/hooks";

/** How many answers to another question are on the page, and how many questions have no answer at all yet. */
const [stale, awaited] = [signal(0), signal(0)];

/** What the page shows is of another question than the one it names. */
export const isPageStale = (): boolean => stale.value > 0;
/** Something of the page is still to come. */
export const isPageBusy = (): boolean => stale.value + awaited.value > 0;

/** Says so before anybody sees it. */
export function useStale(isStale: boolean, isAwaited: boolean): void {
  useCounted(stale, isStale);
  useCounted(awaited, isAwaited);
}

function useCounted(count: Signal<number>, isSo: boolean): void {
  useLayoutEffect(() => {
    if (!isSo) return;
    count.value += 1;
    return () => {
      count.value -= 1;
    };
  }, [isSo]);
}
