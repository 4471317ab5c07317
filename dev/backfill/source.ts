import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import type { ReadableStream as NodeWebStream } from "node:stream/web";
import { createGunzip } from "node:zlib";
import { AwsClient } from "aws4fetch";
import { streamArray } from "stream-json/streamers/stream-array.js";

/** Until the first byte; a large object may then take as long as it takes. */
const ANSWER_MS_MAX = 30_000;
const ERROR_CHARS_MAX = 300;

export type AwsSettings = {
  AWS_ACCESS_KEY_ID?: string | undefined;
  AWS_SECRET_ACCESS_KEY?: string | undefined;
  AWS_SESSION_TOKEN?: string | undefined;
  AWS_REGION?: string | undefined;
  /** Another S3 than Amazon's: its address, with the bucket in the path. */
  S3_ENDPOINT?: string | undefined;
};
export type Source = { stream: Readable /** null: not told */; bytes: number | null };

/** Opens a file, a public https URL, or s3://bucket/key, which is signed. What ends in .gz is unpacked. */
export async function openSource(place: string, aws: AwsSettings): Promise<Source> {
  const source = await opened(place, aws);
  if (!/\.gz(\?|$)/.test(place)) return source;
  const unpacked = source.stream.pipe(createGunzip());
  source.stream.on("error", (error) => unpacked.destroy(error));
  return { stream: unpacked, bytes: null };
}

async function opened(place: string, aws: AwsSettings): Promise<Source> {
  if (/^https?:\/\//.test(place)) return fetched(new Request(place));
  if (!place.startsWith("s3://")) return { stream: createReadStream(place), bytes: null };
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION, S3_ENDPOINT } = aws;
  if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY || !AWS_REGION)
    throw new Error("an s3:// place needs AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_REGION");
  const client = new AwsClient({
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    ...(AWS_SESSION_TOKEN ? { sessionToken: AWS_SESSION_TOKEN } : {}),
    service: "s3",
    region: AWS_REGION,
  });
  return fetched(await client.sign(s3Url(place, AWS_REGION, S3_ENDPOINT)));
}

/** The HTTPS address of s3://bucket/key. */
export function s3Url(place: string, region: string, endpoint?: string): string {
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(place) ?? [];
  if (bucket === undefined || key === undefined) throw new Error(`${place}: write it as s3://bucket/key`);
  const path = key.split("/").map(encodeURIComponent).join("/");
  if (endpoint !== undefined && endpoint !== "") return `${endpoint.replace(/\/$/, "")}/${bucket}/${path}`;
  return `https://${bucket}.s3.${region}.amazonaws.com/${path}`;
}

async function fetched(request: Request): Promise<Source> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(new Error(`no answer in ${ANSWER_MS_MAX} ms`)), ANSWER_MS_MAX);
  const response = await fetch(request, { signal: abort.signal }).finally(() => clearTimeout(timer));
  if (!response.ok || response.body === null)
    throw new Error(`${request.url} answered ${response.status}: ${(await response.text()).slice(0, ERROR_CHARS_MAX)}`);
  const length = Number(response.headers.get("content-length"));
  return { stream: Readable.fromWeb(response.body as NodeWebStream), bytes: length > 0 ? length : null };
}

/** The items of a JSON array, one by one; throws where the text is no whole JSON array. `onBytes` hears how far it came. */
export async function* itemsOf(stream: Readable, onBytes: (bytes: number) => void = () => {}): AsyncGenerator<unknown> {
  const items = streamArray.withParserAsStream();
  stream.on("data", (chunk: Buffer) => onBytes(chunk.length));
  stream.on("error", (error) => items.destroy(error));
  stream.pipe(items);
  try {
    for await (const { value } of items as AsyncIterable<{ value: unknown }>) yield value;
  } finally {
    stream.destroy();
  }
}
