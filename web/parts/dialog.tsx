import { signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { t } from "../shell/words.ts";
import { Button } from "./button.tsx";

type Asked = {
  title: string;
  body?: ComponentChildren;
  yes: string;
  tone: "primary" | "danger";
  /** Asks why; the answer is no without it. */
  needsReason: boolean;
  settle(reason: string | null): void;
};
const asked = signal<Asked | null>(null);

type Question = { title: string; body?: ComponentChildren; yes?: string; tone?: "primary" | "danger" };

const put = (question: Question, needsReason: boolean): Promise<string | null> =>
  new Promise((settle) => {
    asked.value?.settle(null);
    asked.value = { yes: t("yes"), tone: "primary", ...question, needsReason, settle };
  });

/** Asks before something that cannot be undone. */
export const confirm = async (question: Question): Promise<boolean> => (await put(question, false)) !== null;
/** Asks, and why: the reason goes into the record of changes. Null: not done. */
export const confirmWithReason = (question: Question): Promise<string | null> => put(question, true);

/** Where the questions appear. Once, in the shell. */
export function Dialogs() {
  const question = asked.value;
  if (question === null) return null;
  const answer = (reason: string | null) => {
    asked.value = null;
    question.settle(reason);
  };
  return (
    <Dialog title={question.title} onClose={() => answer(null)}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          answer(String(new FormData(event.currentTarget).get("reason") ?? "").trim());
        }}
      >
        {question.body}
        {question.needsReason && (
          <label class="field">
            <span>{t("reason")}</span>
            <textarea name="reason" rows={2} maxLength={500} required />
            <small class="quiet">{t("reason_hint")}</small>
          </label>
        )}
        <div class="row end">
          <Button onClick={() => answer(null)}>{t("cancel")}</Button>
          <Button type="submit" kind={question.tone}>
            {question.yes}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

type Props = { title: string; onClose(): void; children: ComponentChildren };

/** A window over the page: Esc closes it, and the keyboard stays inside. */
export function Dialog({ title, onClose, children }: Props) {
  const box = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    box.current?.showModal();
  }, []);
  return (
    <dialog
      ref={box}
      aria-label={title}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <div class="row">
        <h2>{title}</h2>
        <span class="gap" />
        <button type="button" class="icon" aria-label={t("close")} onClick={onClose}>
          ×
        </button>
      </div>
      {children}
    </dialog>
  );
}
