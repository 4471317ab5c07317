import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";
import { parseArgs } from "node:util";

/** A system that is told what happens, on a laptop: checks each signature by itself, keeps the ids it has seen, and prints. */
const TOLERANCE_S = 300;
const { values } = parseArgs({
  options: { secret: { type: "string" }, port: { type: "string" }, status: { type: "string" } },
});
if (values.secret === undefined) throw new Error("--secret is needed: it was printed when the endpoint was added");
const key = Buffer.from(values.secret.replace(/^whsec_/, ""), "base64");
const status = Number(values.status ?? 200);
const seen = new Set<string>();

const isSigned = (headers: Record<string, unknown>, body: string) => {
  const [id, time] = [String(headers["webhook-id"]), String(headers["webhook-timestamp"])];
  const wanted = createHmac("sha256", key).update(`${id}.${time}.${body}`).digest();
  const given = String(headers["webhook-signature"])
    .split(" ")
    .map((each) => Buffer.from(each.replace(/^v1,/, ""), "base64"));
  const isFresh = Math.abs(Date.now() / 1_000 - Number(time)) < TOLERANCE_S;
  return isFresh && given.some((each) => each.length === wanted.length && timingSafeEqual(each, wanted));
};

createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks).toString("utf8");
  const id = String(request.headers["webhook-id"]);
  const how = isSigned(request.headers, body) ? (seen.has(id) ? "again" : "new") : "NOT SIGNED";
  console.log(`${how} ${id} ${body}`);
  if (how === "new" && status < 300) seen.add(id);
  response.writeHead(how === "NOT SIGNED" ? 401 : status).end();
}).listen(Number(values.port ?? 9_700), "127.0.0.1", () => console.log("listening"));
