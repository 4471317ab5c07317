import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type Command, type Flags, need } from "./command.ts";
import { call, type Door } from "./door.ts";
import { clearLine, progressLine } from "./progress-line.ts";

/** Commands about tables as files. */
export const EXPORT_COMMANDS: Record<string, Command> = {
  export: {
    help: '--table payments [--format csv|xlsx] [--filter "paid_at>=2026-11-01T00:00:00Z"] [--q WORD] --file OUT --actor NAME   a table as a file',
    run: save,
  },
};

async function save(door: Door, flags: Flags) {
  const format = flags.format ?? "csv";
  const file = need(flags, "file");
  const order = {
    table: need(flags, "table"),
    format,
    ...(flags.filter === undefined ? {} : { filter: [flags.filter] }),
    ...(flags.q === undefined ? {} : { q: flags.q }),
  };
  const { url } = await call<{ url: string }>(door, "POST", "/exports", order, need(flags, "actor"));
  const response = await fetch(`${door.url}${url}`);
  if (!response.ok || response.body === null) throw new Error(`${door.where} answered ${response.status}`);
  const draw = progressLine();
  let bytes = 0;
  let end = Buffer.alloc(0);
  const counted = async function* (chunks: AsyncIterable<Buffer>) {
    for await (const chunk of chunks) {
      bytes += chunk.length;
      end = Buffer.concat([end, chunk]).subarray(-100);
      draw(() => `${Math.round(bytes / 1024)} KiB`);
      yield chunk;
    }
  };
  // A file that broke off ends the command with an error: it is not whole.
  await pipeline(
    Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0]),
    counted,
    createWriteStream(file),
  );
  clearLine();
  const rows = /# end of file: (\d+) rows\r\n$/.exec(end.toString("utf8"))?.[1];
  if (format === "csv" && rows === undefined) throw new Error(`${file} was cut: its last line is missing`);
  console.log(`${file}: ${rows === undefined ? "" : `${rows} rows, `}${bytes} bytes`);
}
