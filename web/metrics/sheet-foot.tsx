import { AsOf } from "../parts/as-of.tsx";
import { Files, SHEET_FORMATS } from "../parts/files.tsx";
import { language } from "../words.ts";
import { Freeze, type ToFreeze } from "./freeze.tsx";

type Props = {
  at: number | null;
  source: string;
  /** Of its files. */
  path: string;
  query: Record<string, string | undefined>;
  asked: ToFreeze;
};

/** Its files, and that it can be kept as it is. */
export const SheetFiles = ({ path, query, asked }: Pick<Props, "path" | "query" | "asked">) => (
  <>
    <Files path={path} query={query} formats={SHEET_FORMATS} language={language.value} />
    <Freeze asked={asked} />
  </>
);

/** Under a report of one table: as of when and from what it is, its files, and that it can be kept as it is. */
export const SheetFoot = ({ at, source, path, query, asked }: Props) => (
  <div class="metric-foot">
    <AsOf at={at} source={source} />
    <SheetFiles {...{ path, query, asked }} />
  </div>
);
