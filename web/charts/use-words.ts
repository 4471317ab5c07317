import { useEffect, useState } from "preact/hooks";
import { language } from "../words.ts";
import { type ChartWords, ENGLISH } from "./words.ts";

const files = import.meta.glob<{ default: ChartWords }>("./words/*.ts");

/** What charts say, in the language of now; English until the other one is there. */
export function useChartWords(): ChartWords {
  const [words, set] = useState(ENGLISH);
  const wanted = language.value;
  useEffect(() => {
    let isOver = false;
    const load = files[`./words/${wanted}.ts`];
    if (load === undefined) set(ENGLISH);
    else
      void load().then((module) => {
        if (!isOver) set(module.default);
      });
    return () => {
      isOver = true;
    };
  }, [wanted]);
  return words;
}
