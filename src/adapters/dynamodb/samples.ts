import { AwsClient } from "aws4fetch";
import { type SamplePage, type Samples, SamplesUnavailable } from "../../ports/samples.ts";

const CALL_MS_MAX = 10_000;
/** A page goes to the accounts in one call. The table itself ends a page at 1 MB, too. */
export const SAMPLES_PAGE_MAX = 500;
const DEVICE_DIGITS = 12;
const ERROR_CHARS_MAX = 200;
/** Before every time that a clock can show. */
const FROM_THE_FIRST = "0";

export type DynamoSettings = {
  table: string;
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
  /** Another address than Amazon's own, only on a laptop and in tests. */
  endpoint?: string | undefined;
};

/** Samples as DynamoDB has them: key `device_id` (12 digits) and `sample_time`, values in DynamoDB's JSON. */
export function dynamoSamples(settings: DynamoSettings): Samples {
  const { table, region, accessKeyId, secretAccessKey } = settings;
  const endpoint = settings.endpoint ?? `https://dynamodb.${region}.amazonaws.com/`;
  return {
    async page(meterNumber, after) {
      const query = {
        TableName: table,
        KeyConditionExpression: "device_id = :device AND sample_time > :after",
        ExpressionAttributeValues: {
          ":device": { S: meterNumber.padStart(DEVICE_DIGITS, "0") },
          ":after": { S: after ?? FROM_THE_FIRST },
        },
        ScanIndexForward: true,
        Limit: SAMPLES_PAGE_MAX,
      };
      const client = new AwsClient({ accessKeyId, secretAccessKey, region, service: "dynamodb" });
      const request = await client.sign(endpoint, {
        method: "POST",
        headers: { "content-type": "application/x-amz-json-1.0", "x-amz-target": "DynamoDB_20120810.Query" },
        body: JSON.stringify(query),
      });
      return pageOf(await answered(request));
    },
  };
}

async function answered(request: Request): Promise<Record<string, unknown>> {
  const abort = new AbortController();
  // Cleared at the end: a timer that still runs would keep its object awake.
  const timer = setTimeout(() => abort.abort(new Error("no answer in time")), CALL_MS_MAX);
  try {
    const response = await fetch(request, { redirect: "manual", signal: abort.signal });
    const text = await response.text();
    if (!response.ok)
      throw new SamplesUnavailable(`DynamoDB answered ${response.status}: ${text.slice(0, ERROR_CHARS_MAX)}`);
    return JSON.parse(text) as Record<string, unknown>;
  } catch (thrown) {
    throw thrown instanceof SamplesUnavailable
      ? thrown
      : new SamplesUnavailable(`DynamoDB did not answer: ${String(thrown).slice(0, ERROR_CHARS_MAX)}`);
  } finally {
    clearTimeout(timer);
  }
}

function pageOf({ Items: items, LastEvaluatedKey: last }: Record<string, unknown>): SamplePage {
  if (!Array.isArray(items)) throw new SamplesUnavailable("DynamoDB answered without Items");
  if (last === undefined || last === null) return { samples: items, next: null };
  const { sample_time: time } = last as { sample_time?: { S?: unknown } };
  if (typeof time?.S !== "string") throw new SamplesUnavailable("DynamoDB answered a last key without its sample_time");
  return { samples: items, next: time.S };
}
