import { wordsOf } from "../../words.ts";
import type en from "./words/en.ts";

export const ROOM = "merges";
export const t = wordsOf<typeof en>(ROOM);
