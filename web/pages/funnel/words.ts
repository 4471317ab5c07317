import { said as saidIn, wordsOf } from "../../words.ts";
import type en from "./words/en.ts";

export const t = wordsOf<typeof en>("funnel");
export const said = (prefix: string, code: string) => saidIn("funnel", prefix, code);
