/** What is used here of two libraries that bring no types. */

declare module "saxen" {
  export class Parser {
    on(
      name: "openTag",
      on: (name: string, attributes: () => Record<string, string>, decode: (text: string) => string) => void,
    ): this;
    on(name: "closeTag", on: (name: string) => void): this;
    on(name: "text", on: (text: string, decode: (text: string) => string) => void): this;
    on(name: "cdata", on: (text: string) => void): this;
    on(name: "error" | "warn", on: (error: Error) => void): this;
    parse(xml: string): Error | undefined;
    stop(): void;
  }
}

declare module "papaparse" {
  type Parsed = {
    data: string[][];
    errors: { type: string; code: string; message: string; row?: number }[];
    meta: { delimiter: string; truncated: boolean };
  };
  const Papa: {
    parse(
      text: string,
      options: { delimiter: string; delimitersToGuess: string[]; preview: number; skipEmptyLines: false },
    ): Parsed;
    parse(
      text: string,
      options: {
        skipEmptyLines: true;
        step: (row: { data: string[]; errors: Parsed["errors"] }, parser: { abort(): void }) => void;
      },
    ): void;
  };
  export default Papa;
}
