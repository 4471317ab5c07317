import type en from "../words/en.ts";
import { SHELL, wordsOf } from "../words.ts";

/** Words of the shell and of the shared parts. */
export const t = wordsOf<typeof en>(SHELL);
