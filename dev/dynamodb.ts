/** DynamoDB's Query over one table of samples, as much of it as the sync asks. Web standards only. */
export type Sample = { device_id: string; sample_time: string } & Record<string, string>;

const ITEMS_MAX = 1_000_000;
const SIGV4 =
  /^AWS4-HMAC-SHA256 Credential=[^/\s]+\/\d{8}\/[a-z0-9-]+\/dynamodb\/aws4_request, ?SignedHeaders=[a-z0-9;-]*host[a-z0-9;-]*, ?Signature=[0-9a-f]{64}$/;

type Query = {
  TableName?: string;
  KeyConditionExpression?: string;
  ExpressionAttributeValues?: Record<string, { S?: string }>;
  Limit?: number;
  ScanIndexForward?: boolean;
};

export class DynamoTable {
  readonly #name: string;
  /** Where a page ends although more would fit its limit, as at 1 MB. */
  readonly #pageMax: number;
  readonly #items = new Map<string, Sample>();
  readonly queries: Query[] = [];
  /** Answers the next requests so, one each. */
  readonly faults: { status: number; type: string }[] = [];

  constructor(name: string, pageMax = 1_000) {
    this.#name = name;
    this.#pageMax = pageMax;
  }

  /** A device and a time have one sample: another one replaces it. */
  put(...samples: Sample[]): void {
    for (const sample of samples) this.#items.set(`${sample.device_id} ${sample.sample_time}`, sample);
    if (this.#items.size > ITEMS_MAX) throw new Error(`a simulated table holds ${ITEMS_MAX} samples at the most`);
  }

  /** What the service would answer to this request. */
  async answer(request: Request): Promise<Response> {
    const refuse = (status: number, type: string) =>
      Response.json({ __type: `com.amazonaws.dynamodb.v20120810#${type}`, message: type }, { status });
    const fault = this.faults.shift();
    if (fault !== undefined) return refuse(fault.status, fault.type);
    if (!SIGV4.test(request.headers.get("authorization") ?? "")) return refuse(400, "IncompleteSignatureException");
    if (request.headers.get("x-amz-target") !== "DynamoDB_20120810.Query")
      return refuse(400, "UnknownOperationException");
    const query = (await request.json()) as Query;
    this.queries.push(query);
    if (query.TableName !== this.#name) return refuse(400, "ResourceNotFoundException");
    const { ":device": device, ":after": after } = query.ExpressionAttributeValues ?? {};
    if (query.KeyConditionExpression !== "device_id = :device AND sample_time > :after" || !device?.S || !after?.S)
      return refuse(400, "ValidationException");
    return Response.json(this.#page(device.S, after.S, query));
  }

  #page(device: string, after: string, { Limit: limit = Infinity, ScanIndexForward: forward = true }: Query) {
    const found = [...this.#items.values()]
      .filter((item) => item.device_id === device && item.sample_time > after)
      .sort((a, b) => (a.sample_time < b.sample_time === forward ? -1 : 1));
    const page = found.slice(0, Math.min(limit, this.#pageMax));
    const last = page.at(-1);
    const items = page.map((item) =>
      Object.fromEntries(Object.entries(item).map(([name, value]) => [name, { S: value }])),
    );
    // As the service does: a page that is full names its last key, also when nothing comes after it.
    const isFull = page.length === Math.min(limit, this.#pageMax);
    const key =
      isFull && last !== undefined ? { device_id: { S: device }, sample_time: { S: last.sample_time } } : null;
    return { Items: items, Count: items.length, ScannedCount: items.length, ...(key && { LastEvaluatedKey: key }) };
  }
}
