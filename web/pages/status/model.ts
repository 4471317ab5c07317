import { effect, signal } from "@preact/signals";
import type { StatusView } from "../../../workers/portal/status-view.ts";
import { type Country, countries, readStatus } from "../../api.ts";

const POLL_MS = 2_000;
const KEY = "operator-key";

export const country = signal<Country>(countries()[0] ?? "ls");
export const view = signal<StatusView | null>(null);
/** What stands between us and fresh figures; null while they are live. */
export const trouble = signal<"key" | "offline" | "error" | null>(null);
export const now = signal(Date.now());
const key = signal<string | null>(sessionStorage.getItem(KEY));

export function enterKey(text: string) {
  sessionStorage.setItem(KEY, text);
  key.value = text;
}

async function refresh(of: Country, withKey: string | null) {
  const answer = await readStatus(of, withKey);
  if (of !== country.value) return;
  trouble.value = answer.ok ? null : answer.because;
  if (answer.ok) view.value = answer.value;
  now.value = Date.now();
}

/** Asks again two seconds after each answer; returns the way to stop. */
export function live(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = effect(() => {
    const of = country.value;
    const withKey = key.value;
    clearTimeout(timer);
    const loop = async () => {
      await refresh(of, withKey);
      if (of === country.value) timer = setTimeout(loop, document.hidden ? POLL_MS * 5 : POLL_MS);
    };
    void loop();
  });
  return () => {
    stop();
    clearTimeout(timer);
  };
}

export function choose(next: Country) {
  view.value = null;
  country.value = next;
}
