import { apiUrl } from "../api.ts";
import { t } from "../shell/words.ts";

export type FileFormat = "csv" | "xlsx" | "pdf" | "json" | "parquet";
const FORMATS: readonly FileFormat[] = ["csv", "xlsx"];
/** Of profiles, which whatever plans grids reads too. */
export const PROFILE_FORMATS: readonly FileFormat[] = [...FORMATS, "json", "parquet"];
/** Of those of them that are a paper, too. */
export const PAPER_FORMATS: readonly FileFormat[] = [...PROFILE_FORMATS, "pdf"];
/** Of reports that are one table. */
export const SHEET_FORMATS: readonly FileFormat[] = [...FORMATS, "pdf"];
/** For people, and so in words. */
const SPOKEN: readonly FileFormat[] = ["xlsx", "pdf"];
type Props = {
  path: string;
  query: Record<string, string | undefined>;
  /** Whose files they are, where several stand beside each other. */
  of?: string;
  formats?: readonly FileFormat[];
  /** In whose words workbook and paper are, where they have a choice. */
  language?: string;
};

/** The files of a figure: whole units for programs, a workbook for people. */
export const Files = ({ path, query, of, formats = FORMATS, language }: Props) => {
  const said = Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined);
  const searchOf = (format: FileFormat) =>
    new URLSearchParams(language === undefined || !SPOKEN.includes(format) ? said : [...said, ["language", language]]);
  return (
    <>
      {formats.map((format) => (
        <a key={format} href={apiUrl(`${path}/${format}?${searchOf(format)}`)} download>
          {of === undefined ? t(`file_${format}`) : `${t(`file_${format}`)}: ${of}`}
        </a>
      ))}
    </>
  );
};
