import type { LiveState } from "../live.ts";
import { t } from "../shell/words.ts";
import { AsOf } from "./as-of.tsx";

/** Whether what one sees comes by itself; when not, since when. */
export const LiveMark = ({ state, asOf }: { state: LiveState; asOf: number | null }) => (
  <span class={`fresh ${state === "live" ? "good" : state === "lost" ? "bad" : ""}`} role="status">
    {t(state === "live" ? "live" : state === "lost" ? "not_live" : "connecting")}{" "}
    {state === "lost" && <AsOf at={asOf} />}
  </span>
);
