import { t } from "../shell/words.ts";
import { toast } from "./toast.tsx";

/** A number or name that people carry elsewhere: one press copies it. */
export const Copy = ({ text }: { text: string }) => (
  <span class="copy">
    <code>{text}</code>
    <button
      type="button"
      class="icon small"
      aria-label={`${t("copy")} ${text}`}
      title={t("copy")}
      onClick={async () => {
        await navigator.clipboard.writeText(text);
        toast(`${t("copied")}: ${text}`);
      }}
    >
      <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
        <path
          d="M5.5 5.5v-3h8v8h-3m-8-5h8v8h-8z"
          fill="none"
          stroke="currentColor"
          stroke-width="1.5"
          stroke-linejoin="round"
        />
      </svg>
    </button>
  </span>
);
