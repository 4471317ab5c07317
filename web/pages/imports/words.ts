import { said as saidIn, wordsOf } from "../../words.ts";
import type en from "./words/en.ts";

export const t = wordsOf<typeof en>("imports");
export const said = (prefix: string, code: string | null) => saidIn("imports", prefix, code);
