/// <reference path="./untyped.d.ts" />
import { Parser } from "saxen";

export type XmlHandlers = {
  /** Names without their prefix: some programs write x:row. */
  open: (name: string, attributes: () => Record<string, string>) => void;
  close: (name: string) => void;
  text: (text: string) => void;
};

export class BadXml extends Error {
  override readonly name = "BadXml";
}

/** Reads a part from its beginning to its end. Nothing is ever fetched and no entity is defined by the file. */
export function readXml(bytes: Uint8Array | undefined, { open, close, text }: XmlHandlers): void {
  if (bytes === undefined) return;
  const parser = new Parser();
  const state: { bad: Error | null } = { bad: null };
  const bare = (name: string) => name.slice(name.indexOf(":") + 1);
  parser
    .on("openTag", (name, attributes, decode) =>
      open(bare(name), () =>
        Object.fromEntries(Object.entries(attributes()).map(([key, value]) => [key, decode(value)])),
      ),
    )
    .on("closeTag", (name) => close(bare(name)))
    .on("text", (raw, decode) => text(decode(raw)))
    .on("cdata", text)
    .on("error", (error) => {
      state.bad ??= error;
    });
  parser.parse(new TextDecoder().decode(bytes));
  if (state.bad !== null) throw new BadXml(state.bad.message);
}
