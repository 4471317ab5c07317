import { useEffect, useState } from "preact/hooks";
import { loadWords, wordsOf } from "../../words.ts";
import type en from "./words/en.ts";

const ROOM = "sign-in";
export const t = wordsOf<typeof en>(ROOM);

/** True when the words are there. */
export function useSignInWords(): boolean {
  const [isReady, set] = useState(false);
  useEffect(() => {
    void loadWords(ROOM).then(() => set(true));
  }, []);
  return isReady;
}
