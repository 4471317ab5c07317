import { country } from "../country.ts";
import { homeSilent } from "../identity.ts";
import { when } from "../say.ts";
import { me } from "../session.ts";
import { useNow } from "../use-now.ts";
import { t } from "./words.ts";

const LOOK_MS = 5_000;

/** Where one is worked in by the word of a home that does not answer: until when one stays signed in. It goes by itself. */
export function HomeSilent() {
  const now = useNow(LOOK_MS);
  const silent = homeSilent.value;
  if (silent === null || silent.code !== country.value) return null;
  const until = silent.until ?? me.value?.signedInUntil ?? null;
  const isOver = until !== null && until <= now;
  return (
    <div class="notice" role="status">
      <p>{t(isOver ? "home_silent_over" : "home_silent", { time: when(until).slice(-5) })}</p>
    </div>
  );
}
