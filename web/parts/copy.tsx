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
      ⧉
    </button>
  </span>
);
