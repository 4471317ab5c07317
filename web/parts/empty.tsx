import type { ComponentChildren } from "preact";

type Props = { title: string; hint?: string; action?: ComponentChildren };

/** Nothing here, and what to do about it. */
export const Empty = ({ title, hint, action }: Props) => (
  <div class="empty">
    <p class="empty-title">{title}</p>
    {hint !== undefined && <p class="quiet">{hint}</p>}
    {action}
  </div>
);
