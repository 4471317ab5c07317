import { useEffect, useState } from "preact/hooks";

/** A value once it has stood still for so long: who types fast asks once. */
export function useSettled<T>(value: T, afterMs = 200): T {
  const [settled, set] = useState(value);
  useEffect(() => {
    if (value === settled) return;
    const timer = setTimeout(() => set(value), afterMs);
    return () => clearTimeout(timer);
  }, [value, settled, afterMs]);
  return settled;
}
