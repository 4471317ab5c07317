import { signal } from "@preact/signals";
import type { StatusView } from "../../../workers/portal/status-view.ts";
import { api, ask } from "../../api.ts";

const POLL_MS = 2_000;

export const view = signal<StatusView | null>(null);
/** What stands between us and fresh figures; null while they are live. */
export const trouble = signal<"offline" | "error" | null>(null);
export const now = signal(Date.now());

async function refresh() {
  const answer = await ask(api().status.$get());
  trouble.value = answer.ok ? null : answer.trouble.status === 0 ? "offline" : "error";
  if (answer.ok) view.value = answer.value;
  now.value = Date.now();
}

/** Asks again two seconds after each answer; returns the way to stop. */
export function live(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isOver = false;
  const loop = async () => {
    await refresh();
    if (!isOver) timer = setTimeout(loop, document.hidden ? POLL_MS * 5 : POLL_MS);
  };
  view.value = null;
  void loop();
  return () => {
    isOver = true;
    clearTimeout(timer);
  };
}
