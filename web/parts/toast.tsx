import { signal } from "@preact/signals";
import { t } from "../shell/words.ts";

type Toast = { id: number; text: string; tone: "good" | "bad"; undo?: (() => void) | undefined };
const SHOWN_MS = 8_000;
const TOASTS_MAX = 3;

const toasts = signal<Toast[]>([]);
let last = 0;
const drop = (id: number) => {
  toasts.value = toasts.value.filter((each) => each.id !== id);
};

/** Says in passing that something was done; with `undo` it can be taken back for eight seconds. */
export function toast(text: string, { tone = "good", undo }: { tone?: Toast["tone"]; undo?: () => void } = {}) {
  last += 1;
  const id = last;
  toasts.value = [...toasts.value, { id, text, tone, undo }].slice(-TOASTS_MAX);
  setTimeout(() => drop(id), SHOWN_MS);
}

export const Toasts = () => (
  <div class="toasts" role="status" aria-live="polite">
    {toasts.value.map(({ id, text, tone, undo }) => (
      <div key={id} class={`toast ${tone}`}>
        <span>{text}</span>
        {undo !== undefined && (
          <button
            type="button"
            onClick={() => {
              drop(id);
              undo();
            }}
          >
            {t("undo")}
          </button>
        )}
        <button type="button" class="icon" aria-label={t("close")} onClick={() => drop(id)}>
          ×
        </button>
      </div>
    ))}
  </div>
);
