import { wordsOf } from "../../words.ts";
import type en from "./words/en.ts";

export const t = wordsOf<typeof en>("campaigns");
