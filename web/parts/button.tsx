import type { ComponentChildren } from "preact";

type Props = {
  kind?: "plain" | "primary" | "danger" | "quiet";
  type?: "button" | "submit";
  /** Under way: it cannot be pressed twice. */
  busy?: boolean;
  disabled?: boolean;
  title?: string;
  onClick?: (event: MouseEvent) => void;
  children: ComponentChildren;
};

export const Button = ({
  kind = "plain",
  type = "button",
  busy = false,
  disabled = false,
  title,
  onClick,
  children,
}: Props) => (
  <button
    type={type}
    class={`button ${kind}`}
    disabled={disabled || busy}
    aria-busy={busy}
    title={title}
    onClick={onClick}
  >
    {children}
  </button>
);
