import { apiUrl } from "../api.ts";
import { t } from "../shell/words.ts";

export type FileFormat = "csv" | "xlsx" | "json" | "parquet";
const FORMATS: readonly FileFormat[] = ["csv", "xlsx"];
/** Of profiles, which whatever plans grids reads too. */
export const PROFILE_FORMATS: readonly FileFormat[] = [...FORMATS, "json", "parquet"];
type Props = {
  path: string;
  query: Record<string, string | undefined>;
  /** Whose files they are, where several stand beside each other. */
  of?: string;
  formats?: readonly FileFormat[];
  /** In whose words the workbook is, where it has a choice. */
  language?: string;
};

/** The files of a figure: whole units for programs, a workbook for people. */
export const Files = ({ path, query, of, formats = FORMATS, language }: Props) => {
  const said = Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined);
  const searchOf = (format: FileFormat) =>
    new URLSearchParams(language === undefined || format !== "xlsx" ? said : [...said, ["language", language]]);
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
